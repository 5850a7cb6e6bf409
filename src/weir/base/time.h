// Time as weir counts it: whole nanoseconds since the start of a clock that the scheduler owns.
//
// Integers, so that a run in virtual time is the same on every machine; 64 bits reach 292 years.
// Nothing here reads a clock: a TimePoint comes from a Scheduler and from nowhere else.

#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

using Duration = std::chrono::nanoseconds;

// The clock to which every TimePoint belongs. It has no now(): only a scheduler can tell the time.
struct SchedulerClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = Duration;
  using time_point = std::chrono::time_point<SchedulerClock>;
};

using TimePoint = SchedulerClock::time_point;

inline constexpr TimePoint time_never = TimePoint::max();

// `at + delay`, which stays at time_never instead of passing it.
constexpr TimePoint saturating_add(TimePoint at, Duration delay) {
  if (delay > Duration::zero() && at > time_never - delay) return time_never;
  return at + delay;
}

constexpr double to_seconds(Duration duration) {
  return static_cast<double>(duration.count()) * 1e-9;
}

// The nearest representable duration; beyond the range of 292 years it is Duration::max().
constexpr Duration from_seconds(double seconds) {
  constexpr double limit = 9.2e9;
  if (!(seconds < limit)) return Duration::max();
  if (seconds < 0) return -from_seconds(-seconds);
  return Duration{static_cast<std::int64_t>(seconds * 1e9 + 0.5)};
}

inline namespace literals {
using namespace std::chrono_literals;
}

}  // namespace weir
