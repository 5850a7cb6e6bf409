// All tasks of a scheduler that have not ended: for the reports of leaks and deadlocks.
//
// In shards, each with its own lock. Tasks that are born one after the other share a shard, and the
// next ones have another: so a processor which starts tasks and one which ends older ones do not
// meet.

#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include "weir/base/intrusive_list.h"
#include "weir/runtime/counter.h"
#include "weir/runtime/run_lock.h"
#include "weir/runtime/task_record.h"

namespace weir {

// Who a task is.
struct TaskName {
  std::uint64_t id = 0;
  std::source_location started_at;
};

class TaskRegister {
 public:
  // Whose tasks they are.
  explicit TaskRegister(const Scheduler& scheduler) {
    for (Shard& shard : shards_) shard.lock.belong_to(&scheduler);
  }

  // Requires: the task has its id.
  void add(TaskRecord& task) noexcept;
  void remove(TaskRecord& task) noexcept;

  // Tasks in order of birth. Only when nothing runs.
  std::vector<TaskRecord*> all();

  // How many there are, about. Any thread.
  std::uint64_t size() const noexcept;

  // Calls look(task) for each task, in no order; no task is added or ends in its shard meanwhile.
  // Requires of `look`: it is short and allocates nothing.
  template <class Look>
  void for_each(Look look) {
    for (Shard& shard : shards_) {
      const RunLock::Guard guard(shard.lock);
      for (TaskRecord* task = shard.tasks.front(); task != nullptr; task = shard.tasks.next(*task))
        look(*task);
    }
  }

  // The name of a task for reports; empty if it has none. Any thread, while the task lives.
  void give_name(TaskRecord& task, std::string name);
  std::string name_of(const TaskRecord& task);
  std::map<const TaskRecord*, std::string> names();

  // From here on the names of the newest `kept` named tasks outlive these, until they are
  // forgotten. A task has one name, the last.
  void remember_names(std::size_t kept);
  std::map<std::uint64_t, std::string> names_by_id();
  void forget_names();

  // The name of the task whose record is at this address, if there is one. Any thread. Cost: a look
  // at every task.
  std::optional<TaskName> find(const TaskRecord* task) noexcept;

 private:
  void forget_name(TaskRecord& task) noexcept;

  static constexpr std::uint64_t shard_count = 16;
  static constexpr std::uint64_t row = 64;  // tasks of one shard before the next one's turn

  struct alignas(64) Shard {
    RunLock lock;
    List<TaskRecord> tasks;  // guarded by lock
    Counter count;           // written under lock
  };

  Shard& home_of(const TaskRecord& task) { return shards_[task.id / row % shard_count]; }

  std::array<Shard, shard_count> shards_;
  std::mutex names_lock_;
  std::map<const TaskRecord*, std::string> names_;         // guarded by names_lock_
  std::size_t remembered_max_ = 0;                         // guarded by names_lock_
  std::map<std::uint64_t, std::string> remembered_names_;  // guarded by names_lock_
};

// Ends a task that has run to its end: removes it, destroys its frame, tells whoever waits. Returns
// `failure` if nobody has taken it. The record is still there.
std::exception_ptr retire_task(TaskRecord& task, std::exception_ptr failure, TaskRegister& living);

// Takes every task out of what it waits for and destroys its frame. Only when nothing runs.
void destroy_tasks(TaskRegister& living);

}  // namespace weir
