// One logical processor of a ThreadScheduler: its ready tasks, its timers, and the thread that runs
// it.

#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "weir/runtime/counter.h"
#include "weir/runtime/lone_lock.h"
#include "weir/runtime/parker.h"
#include "weir/runtime/run_queue.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/stall_watch.h"
#include "weir/runtime/thread_scheduler.h"
#include "weir/runtime/timer_queue.h"

namespace weir {

inline constexpr Duration watch_interval_min = std::chrono::microseconds(100);
inline constexpr Duration watch_interval_max = std::chrono::milliseconds(10);
inline constexpr Duration starting_max = std::chrono::milliseconds(10);      // tasks, in one slice
inline constexpr Duration rest_interval_max = std::chrono::milliseconds(1);  // while others rest

// What a watcher has seen of another processor.
struct Sighting {
  std::uint64_t slices = 0;
  std::uint64_t ids_left = 0;  // changes when it starts tasks
  TimePoint since{};           // how long the slice has been the same
};

// When the thread of a processor may be lone (lone_thread.h): each time that others end it soon, it
// waits for twice as long before the next time.
struct LoneTerms {
  static constexpr Duration pause_min = std::chrono::microseconds(50);
  static constexpr Duration pause_max = std::chrono::milliseconds(4);

  TimePoint since{};  // it has been lone, and as far as it has noticed it is; epoch: it is not
  TimePoint from{};   // when it may be again
  Duration pause = pause_min;
};

struct alignas(64) ThreadScheduler::Processor final : ThreadJob {
  // `shared`: there are other processors, which may steal from this one.
  Processor(ThreadScheduler& its, bool is_shared)
      : ready(is_shared), shared(is_shared), scheduler(its) {}

  void run_on_thread() noexcept override { scheduler.loop(*this); }

  RunQueue ready;
  const bool shared;
  alignas(64) std::atomic<TaskRecord*> next = nullptr;  // filled by the owner, emptied by anybody
  LoneLock steal_lock;  // of whoever takes tasks from another's ring or slot
  std::atomic<bool> asleep = false;
  LoneTerms lone;
  Counter slices;      // written by the owner; tells a watcher whether it moves
  Counter operations;  // of tasks, without those that ended a slice; written by the owner
  std::atomic<TaskRecord*> current = nullptr;    // of the latest slice; written by the owner
  std::atomic<bool> paused = false;              // between two slices, for who looks at all tasks
  std::atomic<std::source_location> resumed_at;  // the wait that it came back from; by the owner
  std::atomic<std::uint64_t> region =
      0;                              // odd: the owner is in a BlockingRegion; thread_region.cpp
  std::atomic<bool> holding = false;  // the owner is in work()

  // Owned by the thread that runs the processor.
  std::uint32_t index = 0;
  std::uint32_t latest_resumed = RunQueue::no_position;  // where the ring got a task that has run
  std::uint64_t next_streak_from = 0;                    // next_hits when the streak began
  std::uint32_t end_rounds = 0;                          // since the root has ended; see cut_off()
  bool searching = false;
  bool watching = false;
  Duration watch_interval = watch_interval_min;
  std::uint64_t random = 0;
  std::uint64_t next_id = 0;  // of the tasks that are started here
  Counter ids_left;
  std::uint64_t traced_steals = 0;  // steals that the trace has been told of
  std::vector<std::uint64_t> seen;  // slices of each processor when this one looked last
  std::vector<Sighting> sightings;  // of each, by this one as a watcher that is one too many
  TimePoint looked_at{};            // when it did so last
  ThreadScheduler& scheduler;
  bool has_thread = false;  // guarded by idle_lock_ until the thread runs
  Parker parker;

  // Computes for so long; see computation.h. Owner only.
  void work(Duration duration) noexcept;

  // What it has done, for stats(); written by the owner.
  Counter next_hits;
  Counter global_takes;
  Counter steals;
  Counter parks;
  Counter wakes;
  Counter timers_fired;
  Counter asleep_ns;
  Counter work_ns, work_processor_ns, work_clock_ns;
  std::atomic<std::int64_t> asleep_since = 0;  // while asleep; 0 otherwise

  alignas(64) LoneLock timer_lock;
  TimerQueue timers;                                    // guarded by timer_lock
  std::atomic<std::int64_t> next_deadline = INT64_MAX;  // written under timer_lock, read anywhere

  // Any thread. `time`: now.
  ProcessorStats stats(TimePoint time);
  bool stands_still(Sighting& last, TimePoint time) const noexcept;

  // For how long it has slept since the runtime was made. Any thread; `time`: now.
  Duration asleep_until(TimePoint time) const noexcept {
    const std::int64_t since = asleep_since.load(std::memory_order_relaxed);
    const Duration before(static_cast<std::int64_t>(asleep_ns.value()));
    return since == 0 ? before : before + (time - TimePoint(Duration(since)));
  }

  // The monitor's.
  StallWatch stall;
  std::uint64_t seen_region = 0;
  TimePoint region_seen_at{};

  // Owner only. Returns the task that was in the slot, if any.
  TaskRecord* put_next(TaskRecord& task) noexcept {
    if (next.load(std::memory_order_relaxed) != nullptr) {
      return next.exchange(&task, std::memory_order_acq_rel);
    }
    next.store(&task, std::memory_order_release);  // the thief's exchange sees the task
    return nullptr;
  }

  // Owner only.
  TaskRecord* take_next() noexcept {
    TaskRecord* task = next.load(std::memory_order_relaxed);
    if (task == nullptr) return nullptr;
    if (shared) {
      if (!steal_lock.try_section()) return next.exchange(nullptr, std::memory_order_acq_rel);
      task = next.load(std::memory_order_relaxed);
      next.store(nullptr, std::memory_order_relaxed);
      LoneThread::end_section();
      return task;
    }
    next.store(nullptr, std::memory_order_relaxed);
    return task;
  }

  // Owner only.
  TaskRecord* take_from_ring() noexcept {
    if (!shared || !steal_lock.try_section()) return ready.pop();
    TaskRecord* task = ready.pop(true);
    LoneThread::end_section();
    return task;
  }

  void begin_slice(TaskRecord& task, TimePoint about_now) noexcept {
    current.store(&task, std::memory_order_relaxed);
    resumed_at.store(task.wait != nullptr ? task.wait->where() : std::source_location(),
                     std::memory_order_relaxed);
    task.slice_began = about_now;
    slices.add();
  }

  // Time asleep counts from here; of a processor that has no thread yet, too.
  void begin_sleep(TimePoint time) noexcept {
    if (asleep_since.load(std::memory_order_relaxed) != 0) return;
    asleep_since.store(time.time_since_epoch().count(), std::memory_order_relaxed);
  }
  void end_sleep(TimePoint time) noexcept {
    const std::int64_t since = asleep_since.exchange(0, std::memory_order_relaxed);
    if (since == 0) return;
    asleep_ns.add(static_cast<std::uint64_t>(time.time_since_epoch().count() - since));
  }

  void note_deadline() noexcept {
    next_deadline.store(timers.next_deadline().time_since_epoch().count(),
                        std::memory_order_release);
  }

  static constexpr std::uint64_t random_step = 0x9E3779B97F4A7C15u;

  std::uint64_t draw() { return mix(random += random_step); }

  static std::uint64_t mix(std::uint64_t bits) {  // SplitMix64
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
  }
};

}  // namespace weir
