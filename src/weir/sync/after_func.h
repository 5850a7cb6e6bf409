// after_func: starts a task when a context is cancelled, or when a time has passed.
//
//   auto cleanup = after_func(context, remove_files, folder);
//   auto alarm = after_func(5s, report_slowness);
//
// Until then there is no task, only a child of the context. The call is pending as long as the
// object that comes back lives: it is stopped when that goes, as with std::stop_callback, so that
// nothing starts behind the back of the scope that asked for it. (Go's AfterFunc goes on without
// its owner; there the collector sees to the rest.)

#pragma once

#include <source_location>
#include <utility>

#include "weir/runtime/go.h"
#include "weir/runtime/task.h"
#include "weir/sync/context.h"

namespace weir {

// A task that is still to be started, and the right to stop it. Belongs to one task at a time.
class [[nodiscard]] PendingCall {
 public:
  PendingCall() = default;
  PendingCall(const Context& context, Task<> task, std::source_location where);
  PendingCall(PendingCall&&) noexcept = default;
  PendingCall& operator=(PendingCall&& other) noexcept;
  ~PendingCall() { stop(); }

  // True if the task will not start, because of this call; false if it has started or was stopped
  // before. Does not wait for a task that has started.
  bool stop() noexcept;

 private:
  Context node_;
};

// Starts the task, in the run of the caller, when `context` is cancelled: at once if it is. A
// callable and its argument move into the task, as with go(); for several, a Task that is made of
// them. Requires: called in a task; the context is not cancelled after the end of the run while the
// call is pending.
inline PendingCall after_func(const Context& context, Task<> task,
                              std::source_location where = std::source_location::current()) {
  return PendingCall(context, std::move(task), where);
}
template <class F>
  requires MakesTask<F>
PendingCall after_func(const Context& context, F callable,
                       std::source_location where = std::source_location::current()) {
  return PendingCall(context, call_task(std::move(callable)), where);
}
template <class F, class A>
  requires MakesTask<F, A>
PendingCall after_func(const Context& context, F callable, A a,
                       std::source_location where = std::source_location::current()) {
  return PendingCall(context, call_task(std::move(callable), std::move(a)), where);
}

// The same when `delay` has passed: Go's time.AfterFunc.
inline PendingCall after_func(Duration delay, Task<> task,
                              std::source_location where = std::source_location::current()) {
  return PendingCall(with_timeout(Context(), delay).context, std::move(task), where);
}
template <class F>
  requires MakesTask<F>
PendingCall after_func(Duration delay, F callable,
                       std::source_location where = std::source_location::current()) {
  return after_func(delay, call_task(std::move(callable)), where);
}
template <class F, class A>
  requires MakesTask<F, A>
PendingCall after_func(Duration delay, F callable, A a,
                       std::source_location where = std::source_location::current()) {
  return after_func(delay, call_task(std::move(callable), std::move(a)), where);
}

}  // namespace weir
