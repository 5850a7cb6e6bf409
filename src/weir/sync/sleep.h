// sleep(context, duration), sleep_until(context, time): pauses that a context can end.

#pragma once

#include <source_location>

#include "weir/sync/until_cancelled.h"

namespace weir {

using ContextSleep = UntilCancelled<TimerCase>;

// Parks for `duration` or until `context` is cancelled; true if the time has passed.
inline ContextSleep sleep(const Context& context, Duration duration,
                          std::source_location where = std::source_location::current()) {
  return ContextSleep(context, where, duration);
}
inline ContextSleep sleep_until(const Context& context, TimePoint until,
                                std::source_location where = std::source_location::current()) {
  return ContextSleep(context, where, until);
}

}  // namespace weir
