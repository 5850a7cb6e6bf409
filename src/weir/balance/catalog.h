// Policies by name: what a scenario file or a command line may write, and what it means.
//
// One explicit table, filled by whoever runs the program: no policy registers itself, so nothing
// depends on which object files were linked or in what order they started.

#pragma once

#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/balance/parameters.h"
#include "weir/balance/policy_spec.h"

namespace weir::balance {

class Catalog {
 public:
  using Factory = std::function<PolicySpec(Parameters&)>;

  struct Entry {
    std::string name;
    std::string line;  // what it does, in one line
    Factory factory;
  };

  // Every policy of the library.
  static Catalog standard();

  // Requires: the name is new.
  void add(std::string name, std::string line, Factory factory);
  // One without parameters.
  void add(std::string name, std::string line, PolicySpec policy);

  // Reads `name` or `name(key=value, …)`. The error is a sentence for the user, without a place.
  std::expected<PolicySpec, std::string> make(std::string_view text) const;

  // In the order they were added.
  std::span<const Entry> entries() const& { return entries_; }
  std::span<const Entry> entries() const&& = delete;  // they would dangle

 private:
  std::string unknown(std::string_view name) const;

  std::vector<Entry> entries_;
};

}  // namespace weir::balance
