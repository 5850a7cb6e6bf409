// What a runtime is doing, in numbers: tasks by state, and what each processor has done.
//
// Counts are kept by the processors, each its own, without locked instructions, and are read while
// everything goes on: figures of one reading may be some operations apart.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/base/time.h"

namespace weir {

// What work() took that lasts long enough for looking at the clocks not to matter: 100 us or more.
struct WorkStats {
  Duration asked{};  // by the calls
  Duration
      processor_time{};   // what they took of processors; asked, but for the calibration's error
  Duration clock_time{};  // and by the clock; more where threads outnumber free cores

  WorkStats& operator+=(const WorkStats& other) noexcept;
};

// Of one processor; counts since the runtime was made.
struct ProcessorStats {
  std::uint64_t slices = 0;        // how often a task was resumed
  std::uint64_t next_hits = 0;     // of these, hand-offs by the next-slot
  std::uint64_t global_takes = 0;  // batches from the global queue
  std::uint64_t steals = 0;        // batches from other processors
  std::uint64_t parks = 0;         // how often the thread went to sleep for want of work
  std::uint64_t wakes = 0;         // how often it woke another one
  std::uint64_t timers_fired = 0;
  std::uint64_t timers_armed = 0;  // now
  std::uint64_t ready = 0;         // tasks in its ring and next-slot now
  Duration asleep{};               // time without work
  WorkStats work{};                // in real time
  bool idle = false;               // now
};

struct RuntimeStats {
  Duration elapsed{};  // since the run began, on the scheduler's clock
  std::uint64_t tasks_started = 0;
  std::uint64_t tasks_alive = 0;
  std::uint64_t tasks_ready = 0;    // not running, but could
  std::uint64_t tasks_running = 0;  // at most one a processor
  std::uint64_t tasks_parked = 0;   // waiting for something
  int crew = 1;                     // processors that work while tasks are ready; see Spread
  int threads = 0;                  // of the operating system, the caller of run() among them
  std::vector<ProcessorStats> processors{};  // in virtual time one, whatever the number is
};

// Some lines for people: the tasks, then each processor.
std::string to_text(const RuntimeStats& stats);

// Of the running task's scheduler; see also Runtime::stats(). Cost: some locks, a microsecond.
RuntimeStats runtime_stats();

}  // namespace weir
