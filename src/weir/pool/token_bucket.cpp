#include "weir/pool/token_bucket.h"

#include <algorithm>
#include <utility>

#include "weir/base/check.h"

namespace weir::pool {
namespace {

constexpr std::int64_t units_max = std::int64_t{1} << 62;

// a / b, rounded up. Requires: a >= 0, b > 0.
std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return a / b + (a % b != 0 ? 1 : 0);
}

}  // namespace

TokenBucket::TokenBucket(const RateLimit& limit, TimePoint start) : limit_(limit), time_(start) {
  WEIR_CHECK(limit.tokens > 0 && limit.per > Duration::zero() && limit.burst > 0,
             "a rate limit needs tokens, a period and a burst above zero");
  full_ = level_ = units(limit.burst);
}

std::int64_t TokenBucket::units(std::int64_t count) const {
  WEIR_CHECK(count > 0, "no tokens, or fewer, were asked of a token bucket");
  WEIR_CHECK(count <= units_max / limit_.per.count(),
             "tokens times the period of the rate overflow; state the rate with a shorter period");
  return count * limit_.per.count();
}

void TokenBucket::refill(TimePoint time) {
  if (time <= time_) return;
  const std::int64_t elapsed = (time - std::exchange(time_, time)).count();
  const std::int64_t missing = full_ - level_;
  if (elapsed >= divide_up(missing, limit_.tokens)) {
    level_ = full_;
  } else {
    level_ += elapsed * limit_.tokens;
  }
}

bool TokenBucket::try_take(TimePoint time, std::int64_t count) {
  refill(time);
  const std::int64_t wanted = units(count);
  if (wanted > level_) return false;
  level_ -= wanted;
  last_ = ++made_;
  return true;
}

std::optional<Promise> TokenBucket::promise(TimePoint time, std::int64_t count, TimePoint latest) {
  refill(time);
  const std::int64_t wanted = units(count);
  WEIR_CHECK(level_ >= wanted - units_max,
             "more tokens have been promised than can be counted; bound the number of waiters");
  const std::int64_t owed = std::max<std::int64_t>(wanted - level_, 0);
  const TimePoint at = saturating_add(time_, Duration(divide_up(owed, limit_.tokens)));
  if (at > latest) return std::nullopt;
  level_ -= wanted;
  const std::uint64_t previous = std::exchange(last_, ++made_);
  return Promise{.at = at, .units = wanted, .number = made_, .previous = previous};
}

bool TokenBucket::take_back(TimePoint time, const Promise& promise) {
  if (promise.number != last_) return false;
  refill(time);
  level_ = std::min(level_ + promise.units, full_);
  last_ = promise.previous;
  return true;
}

std::int64_t TokenBucket::level(TimePoint time) {
  refill(time);
  const std::int64_t per = limit_.per.count();
  return level_ >= 0 ? level_ / per : -divide_up(-level_, per);
}

}  // namespace weir::pool
