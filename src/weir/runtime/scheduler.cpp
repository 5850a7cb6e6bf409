#include "weir/runtime/scheduler.h"

#include <utility>

#include "weir/runtime/task.h"

namespace weir {

constinit thread_local Running running;

RunScope* Scheduler::offer_scope(std::unique_ptr<RunScope> scope) noexcept {
  RunScope* present = nullptr;
  if (!scope_.compare_exchange_strong(present, scope.get(), std::memory_order_seq_cst)) {
    return present;
  }
  // One of the two sees the other: this load after the exchange, or that of stop_scope().
  if (scope_stopped_.load(std::memory_order_seq_cst)) scope->stop();
  return scope.release();
}

void Scheduler::stop_scope() noexcept {
  scope_stopped_.store(true, std::memory_order_seq_cst);
  if (RunScope* present = scope_.load(std::memory_order_seq_cst)) present->stop();
}

void run_slice(TaskRecord& task, int budget) noexcept {
  running.task = &task;
  running.budget = budget;
  task.wait = nullptr;
  std::coroutine_handle<> coroutine = task.resume_point;
  do {
    running.next = nullptr;
    coroutine.resume();
    coroutine = running.next;
  } while (coroutine);
  // The destructors of its arguments, which run as the frame goes, are still part of the task.
  if (const TaskPromiseBase* root = std::exchange(running.ended, nullptr)) {
    running.scheduler->ended(task, root->failure());
  }
  running.task = nullptr;
}

}  // namespace weir
