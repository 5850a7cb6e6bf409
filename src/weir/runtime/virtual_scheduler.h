// Tasks on one thread in virtual time: seeded, replayable, hours in seconds.
//
// Time stands still while any free processor can run a ready task, and otherwise jumps to the next
// deadline. A task costs no time, except that work(d) keeps one of the P logical processors busy
// for d; with all of them busy, ready tasks wait. What is equal in time runs in order of arrival,
// or, for tests, as a Chooser decides. Every free choice comes from it or from streams named by
// purpose, so a run is a function of seed, chooser and program.
//
// Quiescent means: no ready task that a free processor could run, and no timer. If the root task
// has not ended by then, no task ever will: that is a deadlock, and it is reported with every
// task's wait.
//
// Starts no thread and names no call of the operating system. Not synchronised: foreign threads
// have no business here.

#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "weir/base/random.h"
#include "weir/base/sequence_hash.h"
#include "weir/runtime/chooser.h"
#include "weir/runtime/run_options.h"
#include "weir/runtime/scheduler.h"
#include "weir/runtime/task_register.h"
#include "weir/runtime/timer_queue.h"
#include "weir/runtime/trace.h"

namespace weir {

class VirtualScheduler final : public Scheduler {
 public:
  explicit VirtualScheduler(const VirtualOptions& options);
  ~VirtualScheduler();

  // Runs until the task `root` has ended and all that were ready then have parked. Throws what left
  // a task, Deadlock, or Livelock. May be called from a task of another scheduler, whose thread it
  // keeps.
  void run(TaskRecord& root);

  // Equal for two runs if and, but for chance, only if they took the same steps at the same times.
  std::uint64_t step_hash() const { return steps_taken_.value(); }

  TimePoint now() noexcept override { return now_; }
  void start(TaskRecord& task) noexcept override;
  void ready(TaskRecord& task) noexcept override;
  void yield(TaskRecord& task) noexcept override;
  void add_timer(Timer& timer) noexcept override;
  bool cancel_timer(Timer& timer) noexcept override;
  bool hold_processor(Timer& end, Duration duration) noexcept override;
  [[noreturn]] DescriptorPoller& descriptors() noexcept override;
  RandomKey random_key() const noexcept override { return {options_.seed, options_.replication}; }
  std::uint64_t choose(std::uint64_t bound) noexcept override;
  void add_hold() noexcept override {}  // Nothing outside may wake a task in virtual time.
  void remove_hold() noexcept override {}
  void ended(TaskRecord& task, const std::exception_ptr& failure) noexcept override;
  TaskRegister& living() noexcept override { return living_; }
  RuntimeStats stats() override;
  bool reports_orphans() const noexcept override {
    return options_.on_orphan == OnOrphan::report && !root_ended_ && !failure_;
  }
  void dump(std::ostream& out, const DumpOptions& options) override;

 private:
  void run_until_done();
  void destroy_all();
  TaskRecord* take_ready();
  TaskRecord* take_chosen();
  void step(TaskRecord& task);
  void step_traced(TaskRecord& task);
  void run_chosen(TaskRecord& task);
  void advance_time();
  void fire(Timer& timer);
  bool timer_is_due() const { return !timers_.empty() && timers_.next_deadline() <= now_; }
  bool fire_chosen(bool may_wait);

  VirtualOptions options_;
  TimePoint now_{};
  SequenceHash steps_taken_;  // and the times they were taken at
  std::uint64_t steps_at_this_time_ = 0;
  std::uint64_t steps_before_ = 0;  // at earlier times
  std::uint64_t born_ = 0;
  int processors_free_;
  bool root_ended_ = false;
  std::exception_ptr failure_;
  TaskRecord* root_ = nullptr;
  std::unique_ptr<Trace> trace_;  // mostly null
  TimePoint held_until_{};        // by the work() that was begun last

  WakeList held_;                       // back from work(): they never gave their processor up
  WakeList ready_;                      // in order of arrival
  std::vector<TaskRecord*> ready_bag_;  // instead of ready_ when there is a chooser
  TimerQueue timers_;
  TaskRegister living_{*this};
  Random choices_;  // of selects, without a chooser
  std::unique_ptr<Chooser> drawn_;
  Chooser* const chooser_;  // null: order of arrival
  const bool splits_ties_;
};

}  // namespace weir
