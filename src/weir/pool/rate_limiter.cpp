#include "weir/pool/rate_limiter.h"

#include <optional>

#include "weir/runtime/this_task.h"
#include "weir/sync/select.h"

namespace weir::pool {
namespace {

using Bucket = Channel<TokenBucket>;

// A promise that is kept before the context's deadline, if there can be one.
Task<std::optional<Promise>> ask(Bucket bucket, Context context, std::int64_t count) {
  auto held = co_await bucket.receive();
  const bool ends = context.deadline() != time_never;
  const TimePoint latest = ends ? context.deadline() - Duration(1) : time_never;
  const std::optional<Promise> promise = held->promise(now(), count, latest);
  co_await bucket.send(*held);
  co_return promise;
}

Task<bool> acquire_from(Bucket bucket, Context context, std::int64_t count,
                        std::source_location where) {
  if (context.cancelled()) co_return false;
  const std::optional<Promise> promise = co_await ask(bucket, context, count);
  if (!promise) co_return false;
  auto cancelled = done(context, where);
  auto earned = until(promise->at, where);
  co_await select_first(cancelled, earned);
  if (earned) co_return true;
  auto held = co_await bucket.receive();
  held->take_back(now(), *promise);
  co_await bucket.send(*held);
  co_return false;
}

Task<bool> try_acquire_from(Bucket bucket, std::int64_t count) {
  auto held = co_await bucket.receive();
  const bool taken = held->try_take(now(), count);
  co_await bucket.send(*held);
  co_return taken;
}

}  // namespace

RateLimiter::RateLimiter(const RateLimit& limit) : bucket_(make_channel<TokenBucket>(1)) {
  (void)bucket_.try_send(TokenBucket(limit, now()));
}

Task<bool> RateLimiter::acquire(Context context, std::int64_t count, Place where) const {
  return acquire_from(bucket_, std::move(context), count, where);
}

Task<bool> RateLimiter::try_acquire(std::int64_t count) const {
  return try_acquire_from(bucket_, count);
}

}  // namespace weir::pool
