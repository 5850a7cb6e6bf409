// RateLimiter: one token bucket for several tasks.
//
//   RateLimiter limiter({.tokens = 100, .burst = 10});           100 a second, 10 at once
//   const bool granted = co_await limiter.acquire(context);      false: cancelled
//
// The bucket lies in a channel with room for one value: whoever has received it owns it, changes
// it, and sends it back. So there is no shared state, and first come is first served. Turned down:
// a task that owns the bucket and answers requests. It would cost two switches and a reply channel
// for each token, and it would have to be stopped. The wait itself is a timer of the waiting task:
// a promise of the bucket never changes, so nobody has to be told anything later.
//
// RateLimiter is a counted handle; copies share the bucket. Exact in virtual time. Cost: two
// channel operations.

#pragma once

#include <cstdint>
#include <source_location>

#include "weir/pool/token_bucket.h"
#include "weir/runtime/task.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"

namespace weir::pool {

class RateLimiter {
 public:
  using Place = std::source_location;

  // The bucket is full. Requires: called in a task.
  explicit RateLimiter(const RateLimit& limit);

  // Parks until `count` tokens, which may be more than the burst, have been earned after all that
  // others asked for before: true. False if `context` is cancelled first, or at once if its
  // deadline comes no later than the tokens; then the promise is given back, exactly if nobody
  // waits behind it (TokenBucket::take_back).
  Task<bool> acquire(Context context, std::int64_t count = 1, Place where = Place::current()) const;

  // True if the tokens are there now and have been taken. Never waits for tokens; it may park only
  // while another task has the bucket in its hands.
  Task<bool> try_acquire(std::int64_t count = 1) const;

 private:
  Channel<TokenBucket> bucket_;
};

}  // namespace weir::pool
