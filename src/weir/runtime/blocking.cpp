#include "weir/runtime/blocking.h"

#include "weir/runtime/this_task.h"

namespace weir {

bool BlockingCall::await_suspend(std::coroutine_handle<> self) noexcept {
  Scheduler& scheduler = current_scheduler("blocking() was awaited outside of a task");
  task_ = running.task;
  task_->resume_point = self;
  task_->wait = this;
  if (scheduler.offload(*this)) return true;  // From here on the frame may run elsewhere.
  task_->wait = nullptr;
  perform();
  if (running.budget-- > 0) return false;
  scheduler.yield(*task_);
  return true;
}

}  // namespace weir
