#include "weir/runtime/clock.h"

#include <chrono>

#include "weir/base/spin_lock.h"

namespace weir {

TimePoint steady_now() noexcept {
  return TimePoint(
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

void spin_for(Duration duration) noexcept {
  const TimePoint end = saturating_add(steady_now(), duration);
  while (steady_now() < end) spin_pause();
}

}  // namespace weir
