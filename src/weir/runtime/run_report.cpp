#include "weir/runtime/run_report.h"

#include <algorithm>
#include <cstdio>

#include "weir/runtime/scheduler.h"
#include "weir/runtime/task_register.h"
#include "weir/runtime/wait_writer.h"

namespace weir {
namespace {

void append_task(std::string& text, const TaskRecord& task, WaitWriter& waits) {
  text += "  task " + std::to_string(task.id);
  const std::string name = task.scheduler().living().name_of(task);
  if (!name.empty()) text += " '" + name + '\'';
  text += ", started at " + spell_place(task.started_at());
  if (task.wait != nullptr) {
    text += ", waits in ";
    waits.append(text, *task.wait);
  } else {
    text += ", ready";
  }
  text += '\n';
}

}  // namespace

std::string describe_tasks(const std::vector<TaskRecord*>& tasks) {
  constexpr std::size_t shown_max = 100;
  std::string text;
  WaitWriter waits;
  for (std::size_t i = 0; i < std::min(tasks.size(), shown_max); ++i) {
    append_task(text, *tasks[i], waits);
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
  WaitWriter waits;
  append_task(text, task, waits);
  return text;
}

void report_orphan(const Orphan& orphan, const std::string& channel) {
  std::fprintf(
      stderr, "weir: task %llu, started at %s, waits for ever in %s at %s\n    on a channel (%s)\n",
      static_cast<unsigned long long>(orphan.task), spell_place(orphan.started_at).c_str(),
      orphan.verb, spell_place(orphan.where).c_str(), channel.c_str());
}

void report_failure(const TaskRecord& task) {
  std::fprintf(stderr, "%s: weir: an exception left the task that was started here\n",
               spell_place(task.started_at()).c_str());
}

void report_stall(const TaskName& task, std::source_location resumed_at, Duration time,
                  int processors) {
  std::string text = "task " + std::to_string(task.id) + ", started at ";
  text += spell_place(task.started_at);
  if (resumed_at.line() != 0) {
    text += ", back from its wait at ";
    text += spell_place(resumed_at);
  }
  text += ", has held its processor for ";
  text += std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  text += processors == 1 ? " ms; no other task can run meanwhile. "
                          : " ms; no other task can run there meanwhile. ";
  std::fprintf(stderr,
               "weir: %sIf it blocks, use co_await blocking(fn) or a BlockingRegion; if it "
               "computes, co_await yield() now and then\n",
               text.c_str());
}

void report_leak(OnLeak on_leak, const std::string& leaked) {
  if (leaked.empty() || on_leak == OnLeak::ignore) return;
  const std::string text = "tasks were left at the end of the run:\n" + leaked;
  if (on_leak == OnLeak::fail) throw Leak(text);
  std::fprintf(stderr, "weir: %s", text.c_str());
}

}  // namespace weir
