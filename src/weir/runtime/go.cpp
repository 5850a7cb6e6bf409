#include "weir/runtime/go.h"

namespace weir {

WaitedFor describe_join(const TaskRecord& task, std::source_location where) {
  return {.verb = "join",
          .where = where,
          .object = &task,
          .kind = "task",
          .number = task.id,
          .state = "started at " + spell_place(task.started_at())};
}

void JoinAwaiter::describe(std::vector<WaitedFor>& things) const {
  things.push_back(describe_join(*target_, where()));
}

bool JoinAwaiter::await_suspend(std::coroutine_handle<> self) noexcept {
  task_ = &prepare_to_park(self, *this);
  if (target_->add_join(*this)) return true;  // From here on the frame may run elsewhere.
  running.task->wait = nullptr;
  return yield_if_spent(self, *this);
}

JoinAwaiter TaskHandle::join(std::source_location where) const {
  WEIR_CHECK(record_ != nullptr, "join() of a TaskHandle that holds no task");
  return JoinAwaiter(record_, where);
}

TaskHandle start_on(Scheduler& scheduler, std::coroutine_handle<> root, std::source_location where,
                    EndHook* hook) {
  auto* record = new TaskRecord(scheduler, root, where, hook);
  TaskHandle handle(record);  // Before the start: the task may end at once.
  scheduler.start(*record);
  return handle;
}

TaskHandle StartsHere::start(std::coroutine_handle<> root, std::source_location where) {
  return start_on(current_scheduler("go() was called outside of a task; use Runtime::go"), root,
                  where);
}

}  // namespace weir
