#include "weir/runtime/task_register.h"

#include <algorithm>
#include <mutex>

namespace weir {

void TaskRegister::add(TaskRecord& task) noexcept {
  Shard& home = home_of(task);
  const std::lock_guard guard(home.lock);
  home.tasks.push_back(task);
}

void TaskRegister::remove(TaskRecord& task) noexcept {
  const std::lock_guard guard(home_of(task).lock);
  task.unlink();
}

std::vector<TaskRecord*> TaskRegister::all() {
  std::vector<TaskRecord*> tasks;
  for (Shard& shard : shards_) {
    for (TaskRecord* task = shard.tasks.front(); task != nullptr; task = shard.tasks.next(*task)) {
      tasks.push_back(task);
    }
  }
  std::ranges::sort(tasks, {}, &TaskRecord::id);
  return tasks;
}

std::exception_ptr retire_task(TaskRecord& task, std::exception_ptr failure, TaskRegister& living) {
  WakeList wakes;
  living.remove(task);
  task.end(wakes);
  if (task.hook() != nullptr && task.hook()->on_task_end(failure, wakes)) failure = nullptr;
  wakes.make_ready();
  return failure;
}

void destroy_tasks(TaskRegister& living) {
  // Frames may hold what other tasks wait in: first nobody waits any more, then the frames go.
  // Their destructors may start tasks, hence the loop.
  for (auto tasks = living.all(); !tasks.empty(); tasks = living.all()) {
    for (TaskRecord* task : tasks) {
      if (task->wait != nullptr) task->wait->abandon();
      task->wait = nullptr;
    }
    for (TaskRecord* task : tasks) {
      WakeList joiners;
      task->end(joiners);
      joiners.make_ready();  // Tasks of other schedulers: those of this one wait no more.
      living.remove(*task);
      task->release();
    }
  }
}

}  // namespace weir
