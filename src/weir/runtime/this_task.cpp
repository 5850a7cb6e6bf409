#include "weir/runtime/this_task.h"

#include "weir/base/check.h"

namespace weir {

Scheduler& current_scheduler(const char* what) {
  WEIR_CHECK(running.task != nullptr, what);
  return *running.scheduler;
}

TimePoint now() {
  return current_scheduler("now() was called outside of a task; only a scheduler tells the time")
      .now();
}

Random random_stream(Purpose purpose, std::uint64_t entity) {
  Scheduler& scheduler = current_scheduler("random_stream() was called outside of a task");
  return Random(scheduler.random_key(), purpose, entity);
}

SleepAwaiter sleep(Duration duration, std::source_location where) {
  Scheduler& scheduler = current_scheduler("sleep() was called outside of a task");
  return SleepAwaiter(saturating_add(scheduler.now(), duration), where);
}

SleepAwaiter sleep_until(TimePoint until, std::source_location where) {
  return SleepAwaiter(until, where);
}

void SleepAwaiter::await_suspend(std::coroutine_handle<> self) noexcept {
  task_ = &prepare_to_park(self, *this);
  running.scheduler->add_timer(*this);  // Last: the frame may run on another thread from here on.
}

void SleepAwaiter::abandon() noexcept {
  task_->scheduler().cancel_timer(*this);
}

void YieldAwaiter::await_suspend(std::coroutine_handle<> self) const noexcept {
  running.task->resume_point = self;
  running.scheduler->yield(*running.task);
}

WorkAwaiter work(Duration duration, std::source_location where) {
  current_scheduler("work() was called outside of a task");
  return WorkAwaiter(duration, where);
}

bool WorkAwaiter::await_suspend(std::coroutine_handle<> self) noexcept {
  task_ = &prepare_to_park(self, *this);
  set_deadline(saturating_add(running.scheduler->now(), duration_));
  if (running.scheduler->hold_processor(*this, duration_)) return true;
  running.task->wait = nullptr;
  return false;
}

void WorkAwaiter::abandon() noexcept {
  task_->scheduler().cancel_timer(*this);
}

}  // namespace weir
