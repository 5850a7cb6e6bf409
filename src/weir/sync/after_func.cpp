#include "weir/sync/after_func.h"

#include <atomic>

#include "weir/runtime/this_task.h"
#include "weir/sync/context_core.h"

namespace weir {
namespace {

// The node of the tree that starts a task when it is cancelled.
class CallCore final : public ContextCore {
 public:
  // Counts one reference for the caller.
  static CallCore* make(ContextCore* parent, Task<>&& task, std::source_location where) {
    Scheduler& scheduler = current_scheduler("after_func was called outside of a task");
    auto* core = new CallCore(parent, scheduler, std::move(task), where);
    core->attach();
    return core;
  }

  bool stop() noexcept {
    if (taken_.exchange(true, std::memory_order_acq_rel)) return false;
    [[maybe_unused]] const Task<> dropped = std::move(task_);
    return true;
  }

 private:
  CallCore(ContextCore* parent, Scheduler& scheduler, Task<>&& task, std::source_location where)
      : ContextCore(parent), scheduler_(scheduler), where_(where), task_(std::move(task)) {}

  void on_cancelled() noexcept override {
    if (taken_.exchange(true, std::memory_order_acq_rel)) return;
    start_on(scheduler_, task_.release(), where_);
  }

  Scheduler& scheduler_;
  const std::source_location where_;
  std::atomic<bool> taken_ = false;  // whoever sets it has the task
  Task<> task_;
};

}  // namespace

PendingCall::PendingCall(const Context& context, Task<> task, std::source_location where)
    : node_(CallCore::make(context.core(), std::move(task), where)) {}

PendingCall& PendingCall::operator=(PendingCall&& other) noexcept {
  stop();
  node_ = std::move(other.node_);
  return *this;
}

bool PendingCall::stop() noexcept {
  if (node_.core() == nullptr) return false;
  const Context node = std::move(node_);
  return static_cast<CallCore*>(node.core())->stop();
}

}  // namespace weir
