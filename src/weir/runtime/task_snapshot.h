// What was seen of all tasks in one look, and its text; see task_dump.h.

#pragma once

#include <cstdint>
#include <map>
#include <source_location>
#include <string>
#include <unordered_set>
#include <vector>

#include "weir/base/time.h"
#include "weir/runtime/task_dump.h"
#include "weir/runtime/task_register.h"

namespace weir {

struct TaskView {
  enum class State { runs, ready, parked };

  std::uint64_t id = 0;
  const TaskRecord* record = nullptr;  // not to be followed, but for a parked task
  std::source_location started_at{};
  State state = State::ready;
  const Wait* wait = nullptr;  // of a parked task
  TimePoint since{};           // when it began to wait
};

class WaitWriter;

class TaskSnapshot {
 public:
  // `ready` are the tasks in queues, `on_processors` those whose slice has not ended. Nobody else
  // may run a task until the text has been made.
  TaskSnapshot(TaskRegister& living, const std::unordered_set<const TaskRecord*>& ready,
               const std::unordered_set<const TaskRecord*>& on_processors);

  // `now`: on the scheduler's clock. `objects`: whether to say what is waited on.
  std::string text(TimePoint now, const DumpOptions& options, bool objects) const;

 private:
  using Group = std::vector<const TaskView*>;

  std::string header() const;
  std::vector<Group> groups(bool all) const;
  std::string name_of(const TaskView& task) const;
  std::string title(const Group& group) const;
  void append(std::string& text, const Group& group, TimePoint now, WaitWriter& waits) const;
  static std::size_t distinct_objects(const Group& group);

  const std::map<const TaskRecord*, std::string> names_;
  std::vector<TaskView> tasks_;  // in order of birth
};

}  // namespace weir
