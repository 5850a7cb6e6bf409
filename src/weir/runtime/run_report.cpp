#include "weir/runtime/run_report.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

namespace weir {
namespace {

// Gives objects numbers in order of appearance, each kind its own.
class Numbers {
 public:
  std::uint64_t of(const WaitedFor& thing) {
    if (thing.number != 0) return thing.number;
    const auto [place, is_new] = numbers_.try_emplace(thing.object, 0);
    if (is_new) place->second = ++last_[thing.kind];
    return place->second;
  }

 private:
  std::map<const void*, std::uint64_t> numbers_;
  std::map<std::string, std::uint64_t> last_;
};

// "channel 3 (made at …, capacity 4)"; empty if there is nothing to name.
std::string name_of(const WaitedFor& thing, Numbers& numbers) {
  if (*thing.kind == '\0') return thing.state;
  std::string text = std::string(thing.kind) + ' ' + std::to_string(numbers.of(thing));
  if (!thing.state.empty()) text += " (" + thing.state + ')';
  return text;
}

void append_wait(std::string& text, const Wait& wait, Numbers& numbers) {
  text += std::string(", waits in ") + wait.verb() + " at " + spell_place(wait.where());
  std::vector<WaitedFor> things;
  wait.describe(things);
  const bool is_select = things.size() != 1 || things[0].verb != std::string_view(wait.verb());
  for (const WaitedFor& thing : things) {
    const std::string name = name_of(thing, numbers);
    if (!is_select && name.empty()) continue;
    text += "\n    ";
    if (is_select) text += std::string(thing.verb) + " at " + spell_place(thing.where);
    if (!name.empty()) text += (is_select ? ", on " : "on ") + name;
  }
}

void append_task(std::string& text, const TaskRecord& task, Numbers& numbers) {
  text += "  task " + std::to_string(task.id) + ", started at " + spell_place(task.started_at());
  if (task.wait != nullptr) {
    append_wait(text, *task.wait, numbers);
  } else {
    text += ", ready";
  }
  text += '\n';
}

}  // namespace

std::string spell_place(std::source_location place) {
  return place.file_name() + (':' + std::to_string(place.line()));
}

std::string describe_tasks(const std::vector<TaskRecord*>& tasks) {
  constexpr std::size_t shown_max = 100;
  std::string text;
  Numbers numbers;
  for (std::size_t i = 0; i < std::min(tasks.size(), shown_max); ++i) {
    append_task(text, *tasks[i], numbers);
  }
  if (tasks.size() > shown_max) {
    text += "  and " + std::to_string(tasks.size() - shown_max) + " more\n";
  }
  return text;
}

std::string describe_deadlock(const std::vector<TaskRecord*>& tasks) {
  const std::string who =
      tasks.size() == 1 ? "the only task is" : "all " + std::to_string(tasks.size()) + " tasks are";
  return "deadlock: " + who + " asleep and nothing can wake one\n" + describe_tasks(tasks);
}

std::string describe_livelock(const TaskRecord& task) {
  std::string text = "tasks run on and on while virtual time stands still; the last one was\n";
  Numbers numbers;
  append_task(text, task, numbers);
  return text;
}

void report_failure(const TaskRecord& task) {
  std::fprintf(stderr, "%s: weir: an exception left the task that was started here\n",
               spell_place(task.started_at()).c_str());
}

void report_leak(OnLeak on_leak, const std::string& leaked) {
  if (leaked.empty() || on_leak == OnLeak::ignore) return;
  const std::string text = "tasks were left at the end of the run:\n" + leaked;
  if (on_leak == OnLeak::fail) throw Leak(text);
  std::fprintf(stderr, "weir: %s", text.c_str());
}

}  // namespace weir
