#include "weir/sync/task_group.h"

#include <mutex>
#include <utility>

#include "weir/runtime/this_task.h"

namespace weir {

TaskGroup::TaskGroup(const Context& parent) : scope_(with_cancel(parent)) {}

TaskGroup::~TaskGroup() {
  // At the end of a run the frames of tasks that were left go without their groups having been
  // waited for.
  WEIR_CHECK(waited_ || running.task == nullptr,
             "a TaskGroup was destroyed while its tasks may run; co_await its wait() first");
}

TaskHandle TaskGroup::start(std::coroutine_handle<> root, std::source_location where) {
  waited_ = false;
  unfinished_.add();
  return start_on(current_scheduler("TaskGroup::go was called outside of a task"), root, where,
                  this);
}

Task<> TaskGroup::wait(Place where) {
  co_await unfinished_.wait(where);
  waited_ = true;
  scope_.cancel();
  std::exception_ptr failure;
  {
    const std::lock_guard<SpinLock> guard(lock_);
    failure = std::exchange(failure_, nullptr);
  }
  if (failure) std::rethrow_exception(failure);
}

bool TaskGroup::on_task_end(const std::exception_ptr& failure, WakeList&) noexcept {
  if (failure) {
    bool first = false;
    {
      const std::lock_guard<SpinLock> guard(lock_);
      first = !failure_;
      if (first) failure_ = failure;
    }
    if (first) scope_.cancel(Cause(Reason::failed));
  }
  unfinished_.done();  // Last: the group may be gone from here on.
  return true;
}

}  // namespace weir
