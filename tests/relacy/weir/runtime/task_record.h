// Stands in for the header of the same name: as much of a task as the code under test touches.

#pragma once

#include "weir/base/intrusive_list.h"

namespace weir {

struct TaskRecord {
  bool has_one_thread() const { return false; }  // The threads of a check are all there.

  TaskRecord* queue_next = nullptr;
};

class WakeList {
 public:
  bool empty() const { return head_ == nullptr; }
  void push(TaskRecord& task) noexcept {
    task.queue_next = head_;
    head_ = &task;
  }
  TaskRecord* pop() noexcept {
    TaskRecord* task = head_;
    if (task != nullptr) head_ = task->queue_next;
    return task;
  }

 private:
  TaskRecord* head_ = nullptr;
};

}  // namespace weir
