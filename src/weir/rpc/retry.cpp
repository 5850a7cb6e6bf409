#include "weir/rpc/retry.h"

#include <algorithm>

namespace weir::rpc {

Duration Backoff::pause(std::uint32_t retry, Random& random) const {
  double pause = to_seconds(base);
  for (std::uint32_t i = 1; i < retry && pause < to_seconds(cap); ++i) pause *= factor;
  pause = std::min(pause, to_seconds(cap));
  return from_seconds(full_jitter ? pause * random.uniform() : pause);
}

bool RetryOptions::covers(const Failure& failure) const {
  switch (failure.kind) {
    case Failure::Kind::failed:
      return on_failure;
    case Failure::Kind::timed_out:
      return on_timeout;
    case Failure::Kind::cancelled:
      return false;
    case Failure::Kind::rejected:
      return on_rejected && failure.reason != Failure::Reason::retry_budget &&
             failure.reason != Failure::Reason::shutting_down;
  }
  return false;
}

// The counts of the current second; those that have left the window are forgotten.
RetryBudget::Second& RetryBudget::advance(TimePoint now) {
  const std::int64_t second =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  for (std::int64_t passed = 0; second_ < second && passed < window_seconds; ++passed) {
    Second& oldest = seconds_[static_cast<std::size_t>(++second_ % window_seconds)];
    sum_.first_attempts -= oldest.first_attempts;
    sum_.retries -= oldest.retries;
    oldest = {};
  }
  second_ = std::max(second_, second);
  return seconds_[static_cast<std::size_t>(second_ % window_seconds)];
}

void RetryBudget::deposit(TimePoint now) {
  ++advance(now).first_attempts;
  ++sum_.first_attempts;
}

bool RetryBudget::withdraw(TimePoint now) {
  Second& current = advance(now);
  const double allowed = options_.ratio * static_cast<double>(sum_.first_attempts) +
                         options_.reserve_per_second * static_cast<double>(window_seconds);
  if (static_cast<double>(sum_.retries) + 1 > allowed) return false;
  ++current.retries;
  ++sum_.retries;
  return true;
}

}  // namespace weir::rpc
