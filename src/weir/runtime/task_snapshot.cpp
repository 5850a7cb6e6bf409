#include "weir/runtime/task_snapshot.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "weir/runtime/duration_text.h"
#include "weir/runtime/list_tasks.h"
#include "weir/runtime/wait_writer.h"

namespace weir {
namespace {

using State = TaskView::State;

std::string count_of(std::uint64_t count, const char* what) {
  return std::to_string(count) + ' ' + what;
}

// "for 2 s", "for 2 s to 3 min".
std::string spell_range(Duration least, Duration most) {
  const std::string from = spell_duration(least);
  const std::string to = spell_duration(most);
  return " for " + (from == to ? from : from + " to " + to);
}

}  // namespace

TaskSnapshot::TaskSnapshot(TaskRegister& living, const std::unordered_set<const TaskRecord*>& ready,
                           const std::unordered_set<const TaskRecord*>& on_processors)
    : names_(living.names()) {
  tasks_ = list_tasks(living, [&](const TaskRecord& task) {
    TaskView view{.id = task.id, .record = &task, .started_at = task.started_at()};
    if (on_processors.contains(&task)) {
      view.state = State::runs;
    } else if (!ready.contains(&task)) {
      view.wait = task.wait;
      view.since = task.slice_began;
      view.state = task.wait == nullptr ? State::runs : State::parked;
    }
    return view;
  });
  std::ranges::sort(tasks_, {}, &TaskView::id);
}

std::string TaskSnapshot::text(TimePoint now, const DumpOptions& options, bool objects) const {
  std::string text = header();
  WaitWriter waits(objects);
  for (const Group& group : groups(options.all)) append(text, group, now, waits);
  return text;
}

std::string TaskSnapshot::header() const {
  const auto in = [this](State state) {
    return static_cast<std::uint64_t>(std::ranges::count(tasks_, state, &TaskView::state));
  };
  return count_of(tasks_.size(), tasks_.size() == 1 ? "task: " : "tasks: ") +
         count_of(in(State::runs), "running, ") + count_of(in(State::ready), "ready, ") +
         count_of(in(State::parked), "parked\n");
}

// The largest first, and among equals the oldest task's.
std::vector<TaskSnapshot::Group> TaskSnapshot::groups(bool all) const {
  using Key = std::tuple<std::string_view, std::uint32_t, State, std::string_view, std::string_view,
                         std::uint32_t, std::string>;
  std::map<Key, std::size_t> known;
  std::vector<Group> groups;
  for (const TaskView& task : tasks_) {
    const auto wait = task.wait == nullptr ? std::source_location() : task.wait->where();
    Key key(task.started_at.file_name(), task.started_at.line(), task.state,
            task.wait == nullptr ? "" : task.wait->verb(), wait.file_name(), wait.line(),
            name_of(task));
    const auto [place, is_new] = known.try_emplace(std::move(key), groups.size());
    if (is_new || all) {
      groups.push_back({&task});
    } else {
      groups[place->second].push_back(&task);
    }
  }
  const auto larger = [](const Group& one, const Group& other) {
    if (one.size() != other.size()) return one.size() > other.size();
    return one.front()->id < other.front()->id;
  };
  if (!all) std::ranges::sort(groups, larger);
  return groups;
}

std::string TaskSnapshot::name_of(const TaskView& task) const {
  const auto found = names_.find(task.record);
  return found == names_.end() ? std::string() : " '" + found->second + '\'';
}

std::string TaskSnapshot::title(const Group& group) const {
  const TaskView& first = *group.front();
  std::string text;
  if (group.size() == 1) {
    text = "task " + std::to_string(first.id) + name_of(first);
  } else {
    constexpr std::size_t shown_max = 3;
    text = count_of(group.size(), "tasks") + name_of(first) + " (";
    for (std::size_t i = 0; i < std::min(group.size(), shown_max); ++i) {
      text += (i > 0 ? ", " : "") + std::to_string(group[i]->id);
    }
    text += group.size() > shown_max ? ", …)" : ")";
  }
  return text + ", started at " + spell_place(first.started_at);
}

void TaskSnapshot::append(std::string& text, const Group& group, TimePoint now,
                          WaitWriter& waits) const {
  const TaskView& first = *group.front();
  text += "  " + title(group);
  if (first.state == State::runs) text += ", running";
  if (first.state == State::ready) text += ", ready";
  if (first.state == State::parked) {
    const auto [oldest, youngest] = std::ranges::minmax(group, {}, &TaskView::since);
    std::string more = spell_range(now - youngest->since, now - oldest->since);
    if (const std::size_t objects = distinct_objects(group); objects > 1) {
      more += ", on " + count_of(objects, "different ones; the first");
    }
    text += group.size() == 1 ? ", waits in " : ", wait in ";
    waits.append(text, *first.wait, more);
  }
  text += '\n';
}

// How many different things the tasks of a group wait on, as far as they are known to differ.
std::size_t TaskSnapshot::distinct_objects(const Group& group) {
  std::unordered_set<const void*> objects;
  for (const TaskView* task : group) objects.insert(task->wait->object());
  return objects.size();
}

}  // namespace weir
