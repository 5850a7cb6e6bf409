// TaskGroup: owns tasks, waits for all of them, and keeps the first failure.
//
//   TaskGroup group(context);
//   group.go(fetch, group.context(), url);
//   co_await group.wait();                 throws what left the first task that failed
//
// The first exception that leaves a task of the group cancels the group's context, so that the
// siblings stop early; wait() throws it when all have ended. A group has to be waited for before it
// is destroyed.

#pragma once

#include <exception>
#include <source_location>

#include "weir/base/spin_lock.h"
#include "weir/runtime/task.h"
#include "weir/sync/context.h"
#include "weir/sync/wait_group.h"

namespace weir {

class TaskGroup final : public StartsTasks<TaskGroup>, private EndHook {
 public:
  // The group's context is a child of `parent`.
  explicit TaskGroup(const Context& parent = background());
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Cancelled at the first failure, and when wait() has returned.
  const Context& context() const { return scope_.context; }

  // Tells the tasks of the group to stop.
  void cancel() const { scope_.cancel(); }

  // Parks until every task of the group has ended, then throws the first failure if there was one.
  Task<> wait(Place where = Place::current());

  TaskHandle start(std::coroutine_handle<> root, std::source_location where);

 private:
  bool on_task_end(const std::exception_ptr& failure, WakeList& wakes) noexcept override;
  const void* awaited_as() const noexcept override { return &unfinished_; }

  CancelScope scope_;
  WaitGroup unfinished_;
  bool waited_ = true;  // only the owner's task touches it

  SpinLock lock_;
  std::exception_ptr failure_;  // guarded by lock_
};

}  // namespace weir
