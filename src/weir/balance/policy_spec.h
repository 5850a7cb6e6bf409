// A policy by value: the name of an algorithm with its parameters, out of which each balancer makes
// its own Policy, since a policy has state and is never shared.

#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "weir/balance/policy.h"

namespace weir::balance {

class PolicySpec {
 public:
  using Make = std::function<std::unique_ptr<Policy>()>;

  // `text` is what a scenario would write, such as "p2c(d=3)".
  PolicySpec(std::string text, Make make) : text_(std::move(text)), make_(std::move(make)) {}

  std::unique_ptr<Policy> make() const { return make_(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  Make make_;
};

// A user's own policy, made anew for each balancer from copies of `arguments`.
template <std::derived_from<Policy> P, class... Arguments>
PolicySpec custom(std::string text, Arguments... arguments) {
  return {std::move(text), [=] { return std::make_unique<P>(arguments...); }};
}

}  // namespace weir::balance
