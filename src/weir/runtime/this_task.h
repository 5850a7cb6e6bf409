// What a running task asks of its scheduler: the time, a pause, another's turn, the processor.
//
// Every function here is for tasks: called outside of one it is a bug and stops the program.

#pragma once

#include <coroutine>
#include <source_location>

#include "weir/base/time.h"
#include "weir/runtime/scheduler.h"

namespace weir {

// The scheduler of the running task; `what` names the caller in the message if there is none.
Scheduler& current_scheduler(const char* what);

// The time of the running task's scheduler. Cost: some 30 ns in real time, 2 ns in virtual time.
TimePoint now();

// The stream of the running task's run for one purpose and entity: the same numbers in every run
// with the same seed, whatever else is drawn.
Random random_stream(Purpose purpose, std::uint64_t entity = 0);

class SleepAwaiter final : public Wait, public Timer {
 public:
  SleepAwaiter(TimePoint until, std::source_location where) : Wait(where), Timer(until) {}

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) noexcept;
  void await_resume() const noexcept {}

  void expire(WakeList& wakes) noexcept override { wakes.push(*task_); }
  void abandon() noexcept override;
  const char* verb() const noexcept override { return "sleep"; }

 private:
  TaskRecord* task_ = nullptr;
};

// Parks for `duration`; not at all, but behind the ready tasks, if it is zero or negative.
SleepAwaiter sleep(Duration duration, std::source_location where = std::source_location::current());
SleepAwaiter sleep_until(TimePoint until,
                         std::source_location where = std::source_location::current());

class YieldAwaiter {
 public:
  YieldAwaiter() = default;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) const noexcept;
  void await_resume() const noexcept {}
};

// Lets every task run that is ready now.
inline YieldAwaiter yield() {
  return YieldAwaiter();
}

class WorkAwaiter final : public Wait, public Timer {
 public:
  WorkAwaiter(Duration duration, std::source_location where) : Wait(where), duration_(duration) {}

  bool await_ready() const noexcept { return duration_ <= Duration::zero(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept;
  void await_resume() const noexcept {}

  void expire(WakeList& wakes) noexcept override { wakes.push(*task_); }
  void abandon() noexcept override;
  const char* verb() const noexcept override { return "work"; }

 private:
  Duration duration_;
  TaskRecord* task_ = nullptr;
};

// Holds the processor for `duration`, while no other task runs on it: in virtual time by keeping
// one of the logical processors busy; in real time by a computation that takes `duration` of
// processor time, and longer by the clock if the thread has to share its core (computation.h). The
// first call in real time measures the machine, for some milliseconds.
WorkAwaiter work(Duration duration, std::source_location where = std::source_location::current());

}  // namespace weir
