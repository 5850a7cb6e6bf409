// Tasks on several threads in real time: M:N with work stealing.
//
// Each processor has a ring of ready tasks, a slot for the task to run next, and its timers. A
// thread runs what its processor has; out of work, it looks into the global queue, then steals half
// of another ring, then sleeps. The next-slot makes a hand-off between two tasks as cheap as a
// call: the woken task runs when its waker parks, and no other thread is woken for it. It is for a
// task that finds no other woken one waiting in the ring. A server that ran as soon as the first of
// a hundred clients wakes it would park again for want of a second, a hundred times; behind the
// others it finds them all. Tasks that have not begun are passed, which keeps them few.
//
// Who is woken when:
//  - A push to a ring or to the global queue wakes one sleeping thread if none is searching. The
//    waker counts it as searching before it wakes, so that a burst of pushes wakes one, and each
//    searcher that finds work and was the last one wakes the next.
//  - A thread that goes to sleep announces it first and then looks at every queue once more.
//  - A push to the next-slot wakes nobody, nor does a yield, which only takes its turn. If the
//    processor then computes for long, the watcher finds the task: one sleeping thread wakes up now
//    and then while any other runs tasks, takes over what has not moved since it looked last, and
//    fires timers of processors that are busy. When all sleep, nobody watches.
//
// Turned down: one queue for all (its lock), handing threads over directly (Go's proc.go says why),
// and waking somebody at each wake-up (a futex call costs nine hand-offs).
//
// Deadlock: all threads asleep, no timer armed, no ExternalHold, no call under way, and the root
// task has not ended.

#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "weir/base/spin_lock.h"
#include "weir/runtime/crew.h"
#include "weir/runtime/global_queue.h"
#include "weir/runtime/lone_thread.h"
#include "weir/runtime/monitor.h"
#include "weir/runtime/parker.h"
#include "weir/runtime/run_options.h"
#include "weir/runtime/run_queue.h"
#include "weir/runtime/scheduler.h"
#include "weir/runtime/spare_threads.h"
#include "weir/runtime/task_register.h"
#include "weir/runtime/timer_queue.h"
#include "weir/runtime/trace.h"

namespace weir {

class ThreadScheduler final : public Scheduler, private Monitor::Subject {
 public:
  explicit ThreadScheduler(const RuntimeOptions& options);
  ~ThreadScheduler();

  // Runs until `root` has ended and all that were ready then have parked, or have had a million
  // turns more. Throws what left a task, Deadlock or Leak. The calling thread is the first of the
  // scheduler's threads. The caller keeps a reference on `root`, so that no other record gets its
  // address meanwhile.
  void run(TaskRecord& root);

  int processors() const { return static_cast<int>(processors_.size()); }

  TimePoint now() noexcept override;
  void start(TaskRecord& task) noexcept override;
  void ready(TaskRecord& task) noexcept override;
  void yield(TaskRecord& task) noexcept override;
  void add_timer(Timer& timer) noexcept override;
  bool cancel_timer(Timer& timer) noexcept override;
  bool hold_processor(Timer& end, Duration duration) noexcept override;
  bool offload(ThreadJob& job) noexcept override;
  void call_returned(TaskRecord& task) noexcept override;
  DescriptorPoller& descriptors() noexcept override;
  RegionTicket enter_region() noexcept override;
  void leave_region(const RegionTicket& ticket) noexcept override;
  RandomKey random_key() const noexcept override { return {options_.seed, 0}; }
  std::uint64_t choose(std::uint64_t bound) noexcept override;
  void add_hold() noexcept override;
  void remove_hold() noexcept override;
  void ended(TaskRecord& task, const std::exception_ptr& failure) noexcept override;
  TaskRegister& living() noexcept override { return living_; }
  RuntimeStats stats() override;
  bool reports_orphans() const noexcept override {
    return options_.on_orphan == OnOrphan::report && !ending_.load(std::memory_order_relaxed);
  }
  void dump(std::ostream& out, const DumpOptions& options) override;

  // How many stalls have been reported. Any thread.
  int stalls() const noexcept { return stalls_.load(std::memory_order_acquire); }

 private:
  struct Processor;

  void loop(Processor& self);
  void start_thread(Processor& processor);

  // See thread_trace.cpp.
  void begin_trace();
  void end_trace(const std::vector<TaskRecord*>& left) noexcept;
  void run_traced_slice(Processor& self, TaskRecord& task, int budget) noexcept;

  // Tasks that block.
  void come_back() noexcept;
  void await_processor() noexcept;
  bool retake(Processor& processor, std::uint64_t region) noexcept;
  void hurry_if_blocked() noexcept;
  DescriptorPoller* make_poller() noexcept;
  void begin_regions() noexcept;

  // For the monitor.
  void start_monitor() noexcept;
  Duration look() noexcept override;
  Duration look_at(Processor& processor, TimePoint time) noexcept;
  Duration look_at_region(Processor& processor, std::uint64_t region, TimePoint time) noexcept;
  bool has_work(const Processor& processor, TimePoint time) const noexcept;
  void report_stall(const Processor& processor, std::uint64_t slices, Duration time) noexcept;

  void await_visitors() const noexcept;
  void fail(const TaskRecord& task, const std::exception_ptr& failure) noexcept;
  void destroy_all();
  std::exception_ptr finish();

  // Finding work, in the order of preference.
  TaskRecord* find_work(Processor& self);
  TaskRecord* find_own_work(Processor& self);
  TaskRecord* take_ready(Processor& self);
  TaskRecord* take_next(Processor& self);
  TaskRecord* take_global(Processor& self);
  TaskRecord* search(Processor& self);
  bool stop_searching(Processor& self) noexcept;
  TaskRecord* steal(Processor& self);
  TaskRecord* steal_from_ring(Processor& self, Processor& victim);
  TaskRecord* steal_next(Processor& self, Processor& victim);
  void fire_timers(Processor& owner, Processor& self);

  // Giving work.
  Processor* here() const noexcept;
  Processor& own() const noexcept;
  std::uint64_t draw_id(Processor* self) noexcept;
  std::uint64_t draw_without_processor() noexcept;
  void enqueue(Processor& self, TaskRecord& task, GlobalQueue::Tasks kind) noexcept;
  void push_local(Processor& self, TaskRecord& task) noexcept;
  void push_global(TaskRecord& task) noexcept;
  void wake_if_useful() noexcept;
  void wake_one() noexcept;

  // See thread_crew.cpp.
  void begin_crew() noexcept;
  Crew::Work work_done(TimePoint time) const noexcept;
  void tick(Processor& self) noexcept;
  void look_at_crew(TimePoint time) noexcept;
  void call_crew() noexcept;
  void send_to_rest(int size) noexcept;
  bool is_to_leave() noexcept;
  void hand_over_tasks(Processor& self) noexcept;
  bool is_one_too_many() const noexcept;
  bool somebody_computes(Processor& self) noexcept;
  void be_lone(Processor& self, TimePoint time) noexcept;
  void stop_being_lone(Processor& self) noexcept;

  // Sleeping.
  void sleep(Processor& self);
  void check_process() const noexcept;
  void doze(Processor& self);
  void wake_up(Processor& self) noexcept;
  bool anything_to_do();
  void leave_idle(Processor& self) noexcept;
  void settle() noexcept;
  void cut_off() noexcept;
  void stop_all() noexcept;
  Duration sleep_limit(Processor& self);
  bool keeps_watch(Processor& self) noexcept;

  // Looking at all tasks; see thread_look.cpp.
  class Look;
  void begin_looks();
  void end_looks();
  void pause(Processor& self) noexcept;
  bool is_still(Processor& processor) noexcept;
  std::string dump_text(const DumpOptions& options);
  void note_time(TimePoint time) noexcept;

  const RuntimeOptions options_;
  unsigned process_ = 0;  // of the run, as process_number() counts
  std::vector<std::unique_ptr<Processor>> processors_;
  TaskRegister living_{*this};
  std::atomic<std::uint64_t> born_ = 0;
  TaskRecord* root_ = nullptr;
  std::unique_ptr<Trace> trace_;  // of the run; mostly null

  std::atomic<int> idle_count_ = 0;  // written under idle_lock_, read anywhere
  std::atomic<int> resting_ = 0;     // how many sleepers a push leaves alone; thread_crew.cpp
  std::atomic<int> searching_ = 0;   // threads that look for work, or are being woken to
  std::atomic<int> holds_ = 0;
  std::atomic<int> away_ = 0;      // calls of tasks that run on other threads; see come_back()
  std::atomic<int> visitors_ = 0;  // foreign threads inside a call, which the end of a run awaits
  std::atomic<bool> ending_ = false;  // the root has ended: no timer fires any more
  std::atomic<bool> watched_ = false;

  // What keeps processors from their next slice: the end of the run, or somebody's look at all
  // tasks. And the time about now, for what need not be exact: no clock is read for it, but when it
  // was read anyway, and at every 61st slice.
  static constexpr std::uint32_t halt_end = 1;
  static constexpr std::uint32_t halt_look = 2;
  static constexpr std::uint32_t halt_crew = 4;
  alignas(64) std::atomic<std::uint32_t> halt_ = 0;
  std::atomic<TimePoint> coarse_time_;
  std::atomic<TimePoint> crew_due_;

  alignas(64) GlobalQueue global_;

  SpinLock idle_lock_;
  std::vector<Processor*> idle_;  // guarded by idle_lock_
  int leaving_ = 0;               // processors that are one too many; guarded by idle_lock_
  bool deadlock_ = false;         // guarded by idle_lock_, read when all threads have ended
  std::exception_ptr failure_;    // guarded by idle_lock_, read when all threads have ended

  SpinLock crew_lock_;
  Crew crew_;  // guarded by crew_lock_

  std::mutex look_lock_;   // of who looks at all tasks
  bool may_look_ = false;  // a run is under way; guarded by look_lock_
  TimePoint began_{};      // guarded by look_lock_
  Monitor monitor_{*this};
  std::atomic<bool> monitored_ = false;     // the monitor has been started in this run
  std::atomic<bool> regions_used_ = false;  // some task has been in a BlockingRegion in this run
  std::atomic<std::uint64_t> shared_random_ = 0;
  std::atomic<int> stalls_ = 0;
  std::vector<std::source_location> stalled_;  // the monitor's: what has been reported
  Parker caller_;  // where the caller of run() waits if it has no processor at the end

  std::mutex poller_lock_;
  std::atomic<DescriptorPoller*> poller_ = nullptr;  // made under poller_lock_ at the first use

  SpareThreads threads_;  // all but the caller's; last, since they use the rest
};

}  // namespace weir
