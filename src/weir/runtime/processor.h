// One logical processor of a ThreadScheduler: its ready tasks, its timers, and the thread that runs
// it.

#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "weir/base/spin_lock.h"
#include "weir/runtime/parker.h"
#include "weir/runtime/run_queue.h"
#include "weir/runtime/thread_scheduler.h"
#include "weir/runtime/timer_queue.h"

namespace weir {

inline constexpr Duration watch_interval_min = std::chrono::microseconds(100);
inline constexpr Duration watch_interval_max = std::chrono::milliseconds(10);

struct alignas(64) ThreadScheduler::Processor {
  RunQueue ready;
  alignas(64) std::atomic<TaskRecord*> next = nullptr;
  std::atomic<bool> asleep = false;
  std::atomic<std::uint32_t> slices = 0;  // written by the owner; tells a watcher whether it moves

  // Owned by the thread that runs the processor.
  std::uint32_t index = 0;
  int next_streak = 0;
  bool searching = false;
  bool watching = false;
  Duration watch_interval = watch_interval_min;
  std::uint64_t random = 0;
  std::vector<std::uint32_t> seen;  // slices of each processor when this one looked last
  std::thread thread;
  bool has_thread = false;  // guarded by idle_lock_ until the thread runs
  Parker parker;

  alignas(64) SpinLock timer_lock;
  TimerQueue timers;                                    // guarded by timer_lock
  std::atomic<std::int64_t> next_deadline = INT64_MAX;  // written under timer_lock, read anywhere

  void note_deadline() {
    next_deadline.store(timers.next_deadline().time_since_epoch().count(),
                        std::memory_order_seq_cst);
  }

  std::uint64_t draw() {  // SplitMix64
    std::uint64_t bits = (random += 0x9E3779B97F4A7C15u);
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
  }
};

}  // namespace weir
