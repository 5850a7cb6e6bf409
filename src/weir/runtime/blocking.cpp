#include "weir/runtime/blocking.h"

#include "weir/runtime/this_task.h"

namespace weir {

bool BlockingCall::await_suspend(std::coroutine_handle<> self) noexcept {
  Scheduler& scheduler = current_scheduler("blocking() was awaited outside of a task");
  task_ = &prepare_to_park(self, *this);
  if (scheduler.offload(*this)) return true;  // From here on the frame may run elsewhere.
  task_->wait = nullptr;
  perform();
  return yield_if_spent(self, *this);
}

void BlockingCall::run_on_thread() noexcept {
  TaskRecord& task = *task_;
  perform();
  task.scheduler().call_returned(task);  // From here on the frame may be gone.
}

}  // namespace weir
