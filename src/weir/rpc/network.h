// What lies between callers and the balancer: asked for the delays and losses of each attempt.
//
// For simulations, and for fault injection in programs that run for real. What is lost is noticed
// by nobody: the caller waits until its context ends, so a call through a network that loses needs
// a deadline. A worker may have served a request whose reply is lost. That a caller has left is
// known at once, as if the deadline had travelled with the request.

#pragma once

#include <cstdint>

#include "weir/balance/policy.h"
#include "weir/base/time.h"

namespace weir::rpc {

// One attempt's way and that of its reply, which a refusal takes, too.
struct Trip {
  Duration there{};
  Duration back{};
  bool request_lost = false;
  bool reply_lost = false;
};

class Network {
 public:
  virtual ~Network() = default;

  // Called by the caller's task, so by several at once where there are several threads.
  virtual Trip trip(const balance::Request& attempt, std::uint32_t account) const = 0;
};

}  // namespace weir::rpc
