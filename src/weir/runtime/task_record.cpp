#include "weir/runtime/task_record.h"

#include <utility>

#include "weir/runtime/scheduler.h"
#include "weir/runtime/waited_for.h"

namespace weir {

void Wait::describe(std::vector<WaitedFor>& things) const {
  things.push_back({.verb = verb(), .where = where(), .object = object()});
}

void WakeList::flush() noexcept {
  while (TaskRecord* task = pop()) task->scheduler().ready(*task);
}

bool TaskRecord::has_one_thread() const noexcept {
  return scheduler_->has_one_thread();
}

bool TaskRecord::add_join(JoinNode& node) {
  const LoneLock::Guard guard(lock_);
  if (ended()) return false;
  JoinNode* first = first_join_ == nullptr ? &node : first_join_;
  node.next_ = first;
  node.previous_ = first == &node ? &node : first->previous_;
  node.previous_->next_ = &node;
  first->previous_ = &node;
  first_join_ = first;
  return true;
}

void TaskRecord::unlink_join(JoinNode& node) noexcept {
  if (first_join_ == &node) first_join_ = node.next_ == &node ? nullptr : node.next_;
  node.previous_->next_ = node.next_;
  node.next_->previous_ = node.previous_;
  node.next_ = node.previous_ = nullptr;
}

void TaskRecord::remove_join(JoinNode& node) {
  const LoneLock::Guard guard(lock_);
  if (node.next_ != nullptr) unlink_join(node);
}

void TaskRecord::end(WakeList& wakes) noexcept {
  for (ChildAwait* await = innermost_; await != nullptr;) {
    ChildAwait* outer = await->outer;
    std::exchange(*await->frame, nullptr).destroy();
    await = outer;
  }
  root_.destroy();
  root_ = nullptr;
  if (references_.load(std::memory_order_acquire) == 1) {  // Nobody can join, now or later.
    ended_.store(true, std::memory_order_relaxed);
    return;
  }
  const LoneLock::Guard guard(lock_);
  ended_.store(true, std::memory_order_release);
  while (JoinNode* node = first_join_) {
    unlink_join(*node);
    node->on_end(wakes);
  }
}

}  // namespace weir
