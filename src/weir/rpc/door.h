// What stands before a balancer and lets attempts in: connection slots, and a rate.
//
// An attempt holds a slot from when it reaches the balancer until it is answered or given up; one
// that finds none is rejected at once (Failure::Reason::no_slot). The rate is a token bucket, full
// at first; an attempt without a token is rejected (rate_limited), or waits for its token, if that
// comes before its deadline. Slots first: who waits for a token is connected.
//
// The slots are a semaphore and the bucket lies in a channel; nobody owns the door but its
// balancer.

#pragma once

#include <cstdint>
#include <optional>

#include "weir/pool/rate_limiter.h"
#include "weir/rpc/failure.h"
#include "weir/rpc/waiting_line.h"
#include "weir/runtime/task.h"
#include "weir/sync/context.h"
#include "weir/sync/semaphore.h"

namespace weir::rpc {

struct DoorOptions {
  std::uint32_t slots = no_limit;                      // attempts inside at a time, at least 1
  std::optional<pool::RateLimit> rate = std::nullopt;  // empty: any
  bool waits = false;                                  // for a token, instead of rejecting

  bool is_open() const { return slots == no_limit && !rate; }
};

class Door {
 public:
  // Requires: called in a task.
  explicit Door(const DoorOptions& options);

  // Lets an attempt in, which then has to leave(); or says why not.
  Task<std::optional<Failure>> enter(Context context);
  void leave() { slots_.release(); }

  std::int64_t free_slots() const { return slots_.available(); }

 private:
  Semaphore slots_;
  std::optional<pool::RateLimiter> rate_;
  const bool waits_;
};

}  // namespace weir::rpc
