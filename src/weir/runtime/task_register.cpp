#include "weir/runtime/task_register.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "weir/runtime/list_tasks.h"

namespace weir {

void TaskRegister::add(TaskRecord& task) noexcept {
  Shard& home = home_of(task);
  const RunLock::Guard guard(home.lock);
  home.tasks.push_back(task);
  home.count.add();
}

void TaskRegister::remove(TaskRecord& task) noexcept {
  if (task.named_) [[unlikely]]
    forget_name(task);
  Shard& home = home_of(task);
  const RunLock::Guard guard(home.lock);
  task.unlink();
  home.count.subtract();
}

std::uint64_t TaskRegister::size() const noexcept {
  std::uint64_t size = 0;
  for (const Shard& shard : shards_) size += shard.count.value();
  return size;
}

void TaskRegister::give_name(TaskRecord& task, std::string name) {
  const std::lock_guard guard(names_lock_);
  if (remembered_max_ > 0) {
    remembered_names_[task.id] = name;
    if (remembered_names_.size() > remembered_max_) {
      remembered_names_.erase(remembered_names_.begin());
    }
  }
  names_[&task] = std::move(name);
  task.named_ = true;
}

std::string TaskRegister::name_of(const TaskRecord& task) {
  const std::lock_guard guard(names_lock_);
  const auto found = names_.find(&task);
  return found == names_.end() ? std::string() : found->second;
}

std::map<const TaskRecord*, std::string> TaskRegister::names() {
  const std::lock_guard guard(names_lock_);
  return names_;
}

void TaskRegister::remember_names(std::size_t kept) {
  const std::lock_guard guard(names_lock_);
  remembered_max_ = kept;
}

std::map<std::uint64_t, std::string> TaskRegister::names_by_id() {
  const std::lock_guard guard(names_lock_);
  return remembered_names_;
}

void TaskRegister::forget_names() {
  const std::lock_guard guard(names_lock_);
  remembered_max_ = 0;
  remembered_names_.clear();
}

void TaskRegister::forget_name(TaskRecord& task) noexcept {
  const std::lock_guard guard(names_lock_);
  names_.erase(&task);
}

std::vector<TaskRecord*> TaskRegister::all() {
  auto tasks = list_tasks(*this, [](TaskRecord& task) { return &task; });
  std::ranges::sort(tasks, {}, &TaskRecord::id);
  return tasks;
}

std::optional<TaskName> TaskRegister::find(const TaskRecord* wanted) noexcept {
  std::optional<TaskName> found;
  for_each([&](const TaskRecord& task) {
    if (&task == wanted) found = TaskName{task.id, task.started_at()};
  });
  return found;
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
