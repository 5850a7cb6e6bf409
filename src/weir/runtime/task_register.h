// All tasks of a scheduler that have not ended: for the reports of leaks and deadlocks.
//
// In shards, each with its own lock, so that processors which start and end tasks do not meet. A
// task stays on the shard where it was born.

#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <optional>
#include <source_location>
#include <vector>

#include "weir/base/intrusive_list.h"
#include "weir/base/spin_lock.h"
#include "weir/runtime/task_record.h"

namespace weir {

// Who a task is.
struct TaskName {
  std::uint64_t id = 0;
  std::source_location started_at;
};

class TaskRegister {
 public:
  void add(TaskRecord& task, std::uint32_t shard) noexcept;
  void remove(TaskRecord& task) noexcept;

  // Tasks in order of birth. Only when nothing runs.
  std::vector<TaskRecord*> all();

  // The name of the task whose record is at this address, if there is one. Any thread. Cost: a look
  // at every task.
  std::optional<TaskName> find(const TaskRecord* task) noexcept;

 private:
  static constexpr std::uint32_t shard_count = 16;

  struct alignas(64) Shard {
    SpinLock lock;
    List<TaskRecord> tasks;  // guarded by lock
  };

  std::array<Shard, shard_count> shards_;
};

// Ends a task that has run to its end: removes it, destroys its frame, tells whoever waits. Returns
// `failure` if nobody has taken it. The record is still there.
std::exception_ptr retire_task(TaskRecord& task, std::exception_ptr failure, TaskRegister& living);

// Takes every task out of what it waits for and destroys its frame. Only when nothing runs.
void destroy_tasks(TaskRegister& living);

}  // namespace weir
