// What a run says when it ends badly: one text for both schedulers.

#pragma once

#include <cstdint>
#include <source_location>
#include <string>
#include <vector>

#include "weir/runtime/run_options.h"
#include "weir/runtime/task_record.h"
#include "weir/runtime/task_register.h"
#include "weir/runtime/waited_for.h"

namespace weir {

// Each of the first hundred tasks: number, where it was started, what it waits for, where and on
// what. Only when nothing runs.
std::string describe_tasks(const std::vector<TaskRecord*>& tasks);

std::string describe_deadlock(const std::vector<TaskRecord*>& tasks);
std::string describe_livelock(const TaskRecord& task);

// An operation that nobody can ever complete.
struct Orphan {
  std::uint64_t task = 0;
  std::source_location started_at{};
  const char* verb = "";
  std::source_location where{};
};

// Says so on standard error; `channel` is its state in words.
void report_orphan(const Orphan& orphan, const std::string& channel);

// Says on standard error where the task was started that an exception left.
void report_failure(const TaskRecord& task);

// Says on standard error that the task has held its processor for `time`, and what to do about it.
// `resumed_at`: the last wait that it came back from; line 0 if unknown.
void report_stall(const TaskName& task, std::source_location resumed_at, Duration time,
                  int processors);

// `leaked` describes the tasks that were left; nothing happens if it is empty.
void report_leak(OnLeak on_leak, const std::string& leaked);

}  // namespace weir
