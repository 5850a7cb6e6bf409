#include "weir/runtime/task_record.h"

#include <utility>

#include "weir/runtime/frame_pool.h"
#include "weir/runtime/scheduler.h"

namespace weir {

void WakeList::push(TaskRecord& task) noexcept {
  task.queue_next = nullptr;
  (tail_ == nullptr ? head_ : tail_->queue_next) = &task;
  tail_ = &task;
}

TaskRecord* WakeList::pop() noexcept {
  TaskRecord* task = head_;
  if (task == nullptr) return nullptr;
  head_ = task->queue_next;
  if (head_ == nullptr) tail_ = nullptr;
  task->queue_next = nullptr;
  return task;
}

void WakeList::flush() noexcept {
  while (TaskRecord* task = pop()) task->scheduler().ready(*task);
}

TaskRecord::TaskRecord(Scheduler& scheduler, std::coroutine_handle<> root,
                       std::source_location started_at, EndHook* hook)
    : resume_point(root),
      scheduler_(&scheduler),
      root_(root),
      started_at_(started_at),
      hook_(hook) {}

void* TaskRecord::operator new(std::size_t bytes) {
  return allocate_frame(bytes);
}

void TaskRecord::operator delete(void* record, std::size_t bytes) noexcept {
  free_frame(record, bytes);
}

void TaskRecord::release() noexcept {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

bool TaskRecord::add_join(JoinNode& node) {
  lock_.lock();
  const bool waiting = !ended();
  if (waiting) joins_.push_back(node);
  lock_.unlock();
  return waiting;
}

void TaskRecord::remove_join(JoinNode& node) {
  lock_.lock();
  if (node.linked()) node.unlink();
  lock_.unlock();
}

void TaskRecord::end(WakeList& wakes) noexcept {
  for (ChildAwait* await = innermost_; await != nullptr;) {
    ChildAwait* outer = await->outer;
    std::exchange(*await->frame, nullptr).destroy();
    await = outer;
  }
  root_.destroy();
  root_ = nullptr;
  lock_.lock();
  ended_.store(true, std::memory_order_release);
  while (JoinNode* node = joins_.pop_front()) node->on_end(wakes);
  lock_.unlock();
}

}  // namespace weir
