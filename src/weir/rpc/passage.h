// One attempt's way to the balancer and its answer's way back, where there is more on it than a
// channel: a network, a door, a payload.
//
// Belongs to the caller's task. An attempt that ends anywhere on the way gives its slot back with
// its passage.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "weir/balance/policy.h"
#include "weir/rpc/call.h"
#include "weir/rpc/network.h"
#include "weir/sync/context.h"

namespace weir::rpc {

class BalancerCore;

class Passage {
 public:
  // Requires: `core` and what the options point to outlive the passage.
  Passage(BalancerCore& core, Context context, const balance::Request& attempt,
          const CallOptions& options);
  ~Passage() { leave(); }
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;

  // Parks until the attempt has come to the balancer with all its payload, or says why it has not.
  // Call once.
  Task<std::optional<Failure>> there();

  // Gives the slot back and parks until the answer has come to the caller; a failure if the context
  // ended first.
  Task<std::optional<Failure>> back();

 private:
  static Task<std::optional<Failure>> go_there(Passage& self);
  static Task<std::optional<Failure>> go_back(Passage& self);
  void leave();

  BalancerCore& core_;
  const Context context_;
  const balance::Request attempt_;
  Payload* const payload_;
  Trip trip_;
  bool is_inside_ = false;
};

}  // namespace weir::rpc
