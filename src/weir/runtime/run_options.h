// How a program is run, and what its runtime throws when it cannot go on.

#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "weir/base/time.h"

namespace weir {

class Chooser;

// What happens with tasks that are left when a run ends.
enum class OnLeak {
  report,  // one line for each on standard error
  ignore,
  fail,  // run() throws Leak
};

// What happens when a task waits on a channel for what nobody can do any more: the last handle that
// could send to it, or receive from it, is gone. The task waits on either way, as in Go.
enum class OnOrphan {
  report,  // a line on standard error, once for a channel, while the root task runs
  ignore,
};

// How many processors work while tasks are ready.
enum class Spread {
  measured,  // those that get the most done, found out by trying; see crew.h
  always,    // all: a task never waits while a processor sleeps
};

struct RuntimeOptions {
  // Processors, each with a thread. 0: WEIR_PROCS if set, else what affinity and the cgroup's quota
  // allow.
  int processors = 0;
  Spread spread = Spread::measured;
  OnLeak on_leak = OnLeak::report;
  OnOrphan on_orphan = OnOrphan::report;

  // SIGQUIT (Ctrl-\) shows every task on standard error, and the program goes on; see
  // quit_signal.h. A handler of the program's own is left alone.
  bool dump_on_sigquit = true;

  std::uint64_t seed = 0;  // of the named random streams; the order of tasks is nobody's to choose

  // How many threads there may be beyond those of the processors, for blocking() and for
  // BlockingRegion, and for how long one idles before it ends.
  int blocking_threads_max = 64;
  Duration blocking_idle = std::chrono::seconds(10);

  // A task that holds its processor for so long without work() or BlockingRegion is reported on
  // standard error, once for each place where such tasks are started. 0: never.
  Duration stall_report_after = std::chrono::seconds(1);

  // What runs where and when, written at the end of each run in the format of Chrome's tracing; see
  // "Traces" in docs/scheduler.md. Empty: the file that WEIR_TRACE names, if any. The newest
  // trace_slices_max slices of each processor are kept, in some 100 bytes each. The characters of
  // the name are the caller's and outlive the runtime.
  std::string_view trace_file{};
  std::size_t trace_slices_max = 1 << 17;
};

// The order of ready tasks in virtual time.
enum class Order {
  arrival,  // first come, first served: for simulations
  drawn,    // from the seed, and tasks are interrupted at drawn operations: for tests
};

struct VirtualOptions {
  std::uint64_t seed = 0;
  std::uint32_t replication = 0;
  int processors = 1;  // logical: how many tasks can hold one with work() at the same time
  Order order = Order::arrival;
  OnLeak on_leak = OnLeak::report;
  OnOrphan on_orphan = OnOrphan::report;
  std::uint64_t steps_without_time_max = 10'000'000;
  Chooser* chooser = nullptr;     // makes the free choices in place of `order`; outlives the run
  std::string_view trace_file{};  // as above, on the clock of the run; empty: none
  std::size_t trace_slices_max = 1 << 17;
};

// All tasks are asleep and nothing is left that could wake one. what() names every task.
class Deadlock : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Tasks run on and on while virtual time stands still, and what() names one of them; or a run of
// explore() takes more steps than it may.
class Livelock : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Tasks were left at the end of a run with OnLeak::fail. what() names them.
class Leak : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace weir
