// TokenBucket: how much may pass, as exact integer arithmetic on a time that the caller brings.
//
// The bucket is full at first and gains tokens at a constant rate until it is full again. Tokens
// can be promised before they are there: the level goes below zero, and each promise says when it
// has been earned. With b = burst and r = rate, at most floor(b + r t) tokens pass in any time t,
// and the k-th token of a greedy caller passes exactly at (k - b) / r, rounded up to a nanosecond.
//
// The level is counted in units of 1 / per, so a nanosecond earns `tokens` units and nothing is
// ever rounded: no drift. This is the generic cell rate algorithm (ATM Forum, 1996), which keeps
// the time at which the level will be zero, turned round so that odd rates divide without a rest.
//
// A plain value of one owner: no clock, no task. RateLimiter shares one among tasks.

#pragma once

#include <cstdint>
#include <optional>

#include "weir/base/time.h"

namespace weir::pool {

// `tokens` every `per`, and at most `burst` at once. Requires: all above zero; `tokens` and
// `burst` times `per` in nanoseconds below 2^62 (four thousand million a second).
struct RateLimit {
  std::int64_t tokens = 1;
  Duration per = std::chrono::seconds(1);
  std::int64_t burst = 1;

  bool operator==(const RateLimit&) const = default;
};

// Tokens that were promised, and when they are there.
struct Promise {
  TimePoint at;
  std::int64_t units = 0;
  std::uint64_t number = 0;    // of this promise
  std::uint64_t previous = 0;  // of the one that was last before it
};

class TokenBucket {
 public:
  // Full at `start`.
  TokenBucket(const RateLimit& limit, TimePoint start);

  // Takes `count` tokens if they are there. Times that go back count as the latest one seen.
  // Requires: count > 0.
  [[nodiscard]] bool try_take(TimePoint time, std::int64_t count = 1);

  // Takes `count` tokens, which may be more than the burst, as soon as all that was promised
  // before has been earned. Nothing if that would be later than `latest`: no promise is made.
  std::optional<Promise> promise(TimePoint time, std::int64_t count, TimePoint latest = time_never);

  // Gives back what nobody waits behind: if `promise` was the last, the bucket is as if it had
  // never been made, and true comes back. Otherwise those behind keep their times, which were
  // promised, and the tokens are lost, since they could not pass now without breaking the limit.
  bool take_back(TimePoint time, const Promise& promise);

  // Whole tokens that are there; below zero what is owed.
  std::int64_t level(TimePoint time);

 private:
  void refill(TimePoint time);
  std::int64_t units(std::int64_t count) const;

  RateLimit limit_;
  std::int64_t full_;   // units of a full bucket
  std::int64_t level_;  // units at time_
  TimePoint time_;
  std::uint64_t made_ = 0;  // promises and takings so far
  std::uint64_t last_ = 0;  // the last of them that was not given back
};

}  // namespace weir::pool
