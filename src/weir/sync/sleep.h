// sleep(context, duration), sleep_until(context, time): pauses that a context can end.

#pragma once

#include <coroutine>
#include <source_location>

#include "weir/sync/context.h"
#include "weir/sync/select.h"

namespace weir {

class ContextSleep {
 public:
  ContextSleep(const Context& context, Duration duration, std::source_location where)
      : cancelled_(context, where), time_(duration, where), select_({&cancelled_, &time_}, true) {}
  ContextSleep(const Context& context, TimePoint until, std::source_location where)
      : cancelled_(context, where), time_(until, where), select_({&cancelled_, &time_}, true) {}

  bool await_ready() noexcept { return select_.await_ready(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept { return select_.await_suspend(self); }
  bool await_resume() noexcept { return select_.await_resume() == 1; }

 private:
  DoneCase cancelled_;
  TimerCase time_;
  StaticSelect<2> select_;
};

// Parks for `duration` or until `context` is cancelled; true if the time has passed.
inline ContextSleep sleep(const Context& context, Duration duration,
                          std::source_location where = std::source_location::current()) {
  return ContextSleep(context, duration, where);
}
inline ContextSleep sleep_until(const Context& context, TimePoint until,
                                std::source_location where = std::source_location::current()) {
  return ContextSleep(context, until, where);
}

}  // namespace weir
