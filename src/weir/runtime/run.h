// run(), run_virtual() and Runtime: from main into the world of tasks and back.

#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <source_location>
#include <utility>

#include "weir/runtime/go.h"
#include "weir/runtime/run_options.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/task.h"
#include "weir/runtime/task_dump.h"

namespace weir {

// Carries the result of a root task out of its run.
template <class T>
Task<> keep_result(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await task);
}

// Tasks on the threads of this machine, in real time. Threads live from a call of run to its end.
class Runtime : public StartsTasks<Runtime> {
 public:
  explicit Runtime(RuntimeOptions options = {});
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Runs `root` and gives its result. When it has ended, tasks that are ready run on until they
  // park, and calls of blocking() until they return. Those that are left, and those that go on and
  // on for a million turns, are reported as leaks and destroyed. Throws what left any task (the
  // root context is cancelled first), Deadlock, or Leak. The calling thread is one of those that
  // run tasks.
  template <class T>
  T run(Task<T> root, std::source_location where = std::source_location::current()) {
    if constexpr (std::is_void_v<T>) {
      run_root(root.release(), where);
    } else {
      std::optional<T> result;
      run_root(keep_result(std::move(root), result).release(), where);
      return std::move(*result);
    }
  }

  int processors() const;

  // go(…) may be called by any thread while a run is under way.
  TaskHandle start(std::coroutine_handle<> root, std::source_location where);

  // What it does, in numbers, and what every task is doing; see runtime_stats.h and task_dump.h.
  // Any thread, whether a run is under way or not.
  RuntimeStats stats() const;
  void dump_tasks(std::ostream& out, const DumpOptions& options = {});

 private:
  void run_root(std::coroutine_handle<> root, std::source_location where);

  struct Machine;
  std::unique_ptr<Machine> machine_;
};

template <class T>
T run(Task<T> root, RuntimeOptions options = {},
      std::source_location where = std::source_location::current()) {
  return Runtime(options).run(std::move(root), where);
}

void run_virtual_root(std::coroutine_handle<> root, const VirtualOptions& options,
                      std::source_location where, std::uint64_t* step_hash);

// Runs `root` in virtual time, on this thread alone; see VirtualScheduler. May be called from a
// task of a real runtime, whose thread it keeps meanwhile. If `step_hash` is given, it receives a
// number that is equal for runs that took the same steps.
template <class T>
T run_virtual(Task<T> root, const VirtualOptions& options = {}, std::uint64_t* step_hash = nullptr,
              std::source_location where = std::source_location::current()) {
  if constexpr (std::is_void_v<T>) {
    run_virtual_root(root.release(), options, where, step_hash);
  } else {
    std::optional<T> result;
    run_virtual_root(keep_result(std::move(root), result).release(), options, where, step_hash);
    return std::move(*result);
  }
}

}  // namespace weir
