// How a thread of the ThreadScheduler finds the task to run next.
//
// In this order: now and then what has waited longest in the global queue; the next-slot; the ring;
// timers that are due; the global queue; the rings, next-slots and timers of other processors.

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "weir/runtime/processor.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {
namespace {

constexpr std::uint64_t global_check_interval = 61;  // slices; a prime, so that it meets no period
constexpr std::uint64_t next_streak_max = 3;         // hand-offs in a row while others wait
constexpr std::uint32_t end_rounds_max = 16'384;     // of global_check_interval slices: a million

// Tasks of a crowd have left the cache by the time of their turn: fetches them side by side instead
// of one after the other. Requires: nobody else can run them.
void prefetch(std::span<TaskRecord* const> tasks) noexcept {
  for (const TaskRecord* task : tasks) {
    __builtin_prefetch(task);
    __builtin_prefetch(reinterpret_cast<const char*>(task) + 64);
  }
  for (const TaskRecord* task : tasks) {
    const auto* frame = static_cast<const char*>(task->resume_point.address());
    __builtin_prefetch(frame);
    __builtin_prefetch(frame + 64);
  }
}

}  // namespace

TaskRecord* ThreadScheduler::find_work(Processor& self) {
  TaskRecord* task = find_own_work(self);
  if (task == nullptr) task = search(self);
  if (stop_searching(self) && task != nullptr) wake_if_useful();
  return task;
}

// True if the processor was the last one that searched.
bool ThreadScheduler::stop_searching(Processor& self) noexcept {
  return std::exchange(self.searching, false) &&
         searching_.fetch_sub(1, std::memory_order_seq_cst) == 1;
}

TaskRecord* ThreadScheduler::find_own_work(Processor& self) {
  const std::uint64_t slice = self.slices.value();
  if (slice % global_check_interval == global_check_interval - 1) {
    tick(self);
    if (ending_.load(std::memory_order_relaxed) && ++self.end_rounds > end_rounds_max) {
      cut_off();
    }
    fire_timers(self, self);
    if (!global_.empty()) {
      if (TaskRecord* task = global_.take_oldest()) return task;
    }
  }
  if (TaskRecord* task = take_ready(self)) return task;
  fire_timers(self, self);
  if (TaskRecord* task = take_ready(self)) return task;
  return take_global(self);
}

TaskRecord* ThreadScheduler::take_ready(Processor& self) {
  if (TaskRecord* task = take_next(self)) return task;
  return self.take_from_ring();
}

// The task of the next-slot, unless tasks in the ring have been passed over too often for it.
TaskRecord* ThreadScheduler::take_next(Processor& self) {
  if (self.next.load(std::memory_order_relaxed) == nullptr) {
    self.next_streak_from = self.next_hits.value();
    return nullptr;
  }
  TaskRecord* task = self.take_next();
  if (task == nullptr) return nullptr;
  const std::uint64_t streak = self.next_hits.value() - self.next_streak_from;
  if (streak < next_streak_max || self.ready.empty()) {
    self.next_hits.add();
    return task;
  }
  self.next_streak_from = self.next_hits.value();
  push_local(self, *task);
  return nullptr;
}

// One task to run, and this processor's share of the others into its ring.
TaskRecord* ThreadScheduler::take_global(Processor& self) {
  if (global_.empty() || is_one_too_many()) return nullptr;
  std::array<TaskRecord*, GlobalQueue::batch_capacity> taken;
  const std::size_t room = std::min(taken.size(), self.ready.room() + 1);
  const std::size_t count = global_.take(std::span(taken).first(room), processors_.size());
  if (count == 0) return nullptr;
  self.global_takes.add();
  const std::span<TaskRecord* const> tasks = std::span(taken).first(count);
  prefetch(tasks);
  if (count > 1) {
    self.ready.push_all(tasks.subspan(1));
    wake_if_useful();
  }
  return tasks.front();
}

// Looks for work elsewhere; at most half of the processors do so at the same time.
TaskRecord* ThreadScheduler::search(Processor& self) {
  if (is_one_too_many()) {
    if (!somebody_computes(self)) return nullptr;
    call_crew();
  }
  if (!self.searching) {
    if (2 * searching_.load(std::memory_order_relaxed) >= processors() || processors() == 1) {
      return nullptr;
    }
    self.searching = true;
    searching_.fetch_add(1, std::memory_order_seq_cst);
  }
  return steal(self);
}

TaskRecord* ThreadScheduler::steal(Processor& self) {
  constexpr int rounds = 4;
  const auto count = static_cast<std::uint32_t>(processors_.size());
  for (int round = 0; round < rounds; ++round) {
    const auto start_at = static_cast<std::uint32_t>(self.draw() % count);
    for (std::uint32_t i = 0; i < count; ++i) {
      Processor& victim = *processors_[(start_at + i) % count];
      if (&victim == &self) continue;
      if (TaskRecord* task = steal_from_ring(self, victim)) return task;
      if (round + 1 < rounds) continue;
      if (TaskRecord* task = steal_next(self, victim)) return task;
      fire_timers(victim, self);
      if (TaskRecord* task = take_ready(self)) return task;
    }
    if (TaskRecord* task = take_global(self)) return task;
    spin_pause();
  }
  return nullptr;
}

TaskRecord* ThreadScheduler::steal_from_ring(Processor& self, Processor& victim) {
  if (victim.ready.size() == 0) return nullptr;
  const LoneLock::Guard guard(victim.steal_lock);
  TaskRecord* task = victim.ready.steal_into(self.ready);
  if (task != nullptr) self.steals.add();
  return task;
}

// Takes the task of another's next-slot if that processor has not moved since this one looked last:
// it computes, or its thread has lost the core. A hand-off that is under way is left alone.
TaskRecord* ThreadScheduler::steal_next(Processor& self, Processor& victim) {
  const std::uint64_t slices = victim.slices.value();
  if (std::exchange(self.seen[victim.index], slices) != slices) return nullptr;
  if (victim.next.load(std::memory_order_relaxed) == nullptr) return nullptr;
  const LoneLock::Guard guard(victim.steal_lock);
  TaskRecord* task = victim.next.exchange(nullptr, std::memory_order_acq_rel);
  if (task != nullptr) self.steals.add();
  return task;
}

// Fires what is due at `owner` and puts the tasks it wakes into the ring of `self`.
void ThreadScheduler::fire_timers(Processor& owner, Processor& self) {
  const std::int64_t next = owner.next_deadline.load(std::memory_order_relaxed);
  if (next == INT64_MAX || ending_.load(std::memory_order_relaxed)) return;
  const TimePoint time = now();
  if (next > time.time_since_epoch().count()) return;
  WakeList wakes;
  Timer* unlocked = nullptr;
  Timer** unlocked_end = &unlocked;
  {
    const LoneLock::Guard guard(owner.timer_lock);
    while (!owner.timers.empty() && owner.timers.next_deadline() <= time) {
      Timer& timer = owner.timers.pop();
      self.timers_fired.add();
      if (timer.expires_unlocked) {
        *unlocked_end = &timer;
        unlocked_end = &timer.due_next;
      } else {
        timer.expire(wakes);
      }
    }
    *unlocked_end = nullptr;
    owner.note_deadline();
  }
  while (unlocked != nullptr) std::exchange(unlocked, unlocked->due_next)->expire(wakes);
  while (TaskRecord* task = wakes.pop()) {
    if (&task->scheduler() == this) {
      push_local(self, *task);
    } else {
      task->scheduler().ready(*task);
    }
  }
}

}  // namespace weir
