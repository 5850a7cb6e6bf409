// How the ThreadScheduler keeps to its crew; see crew.h.
//
// resting_ is how many sleepers pushes leave alone, always fewer than there are processors: so when
// all sleep, any push wakes one, and while one is awake, it finds what is pushed, since it looks at
// each queue once more after it has announced its sleep. Who is one too many hands over its tasks
// between two slices and sleeps although there is work.
//
// A sleeper that wakes by itself and is one too many only looks whether a processor computes for
// long with tasks waiting; if so everybody is called.

#include <algorithm>
#include <array>
#include <mutex>
#include <span>
#include <utility>

#include "weir/runtime/clock.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {

void ThreadScheduler::begin_crew() noexcept {
  const TimePoint time = now();
  const std::lock_guard guard(crew_lock_);
  crew_.begin(time, progress());
  const bool fixed = processors() == 1 || options_.spread == Spread::always;
  crew_due_.store(fixed ? time_never : crew_.due(), std::memory_order_relaxed);
}

// In units: slices, operations that did not end one, started tasks.
std::uint64_t ThreadScheduler::progress() const noexcept {
  std::uint64_t units = born_.load(std::memory_order_relaxed);
  for (const auto& processor : processors_) {
    units += processor->slices.value() + processor->operations.value();
    units -= processor->ids_left.value();
  }
  return units;
}

// Now and then on every processor that is awake.
void ThreadScheduler::tick(Processor& self) noexcept {
  const TimePoint time = now();
  note_time(time);
  if (time >= crew_due_.load(std::memory_order_relaxed)) look_at_crew(time);
  if (!LoneThread::here()) be_lone(self, time);
}

void ThreadScheduler::look_at_crew(TimePoint time) noexcept {
  if (!crew_lock_.try_lock()) return;
  const int before = crew_.size();
  const int size = crew_.look(time, progress());
  crew_due_.store(crew_.due(), std::memory_order_relaxed);
  resting_.store(processors() - size, std::memory_order_seq_cst);
  crew_lock_.unlock();
  send_to_rest(size);
  if (size > before) wake_if_useful();
}

// Everybody is needed: a processor is about to be busy for long.
void ThreadScheduler::call_crew() noexcept {
  if (resting_.load(std::memory_order_relaxed) == 0) return;
  {
    const std::lock_guard guard(crew_lock_);
    crew_.call_all(now(), progress());
    crew_due_.store(crew_.due(), std::memory_order_relaxed);
    resting_.store(0, std::memory_order_seq_cst);
  }
  wake_if_useful();
}

// Asks processors to leave off until `size` are awake, or to stay if they were asked before.
void ThreadScheduler::send_to_rest(int size) noexcept {
  const std::lock_guard guard(idle_lock_);
  leaving_ = std::max(0, processors() - idle_count_.load(std::memory_order_relaxed) - size);
  if (leaving_ > 0) {
    halt_.fetch_or(halt_crew, std::memory_order_relaxed);
  } else if ((halt_.load(std::memory_order_relaxed) & halt_crew) != 0) {
    halt_.fetch_and(~halt_crew, std::memory_order_relaxed);
  }
}

// Between two slices. True if the processor has to leave off.
bool ThreadScheduler::is_to_leave() noexcept {
  const std::lock_guard guard(idle_lock_);
  const bool leaves = leaving_ > 0;
  if (leaves) --leaving_;
  if (leaving_ == 0) halt_.fetch_and(~halt_crew, std::memory_order_relaxed);
  return leaves;
}

void ThreadScheduler::hand_over_tasks(Processor& self) noexcept {
  std::array<TaskRecord*, GlobalQueue::batch_capacity> tasks;
  for (;;) {
    std::size_t count = 0;
    while (count < tasks.size()) {
      TaskRecord* task = self.take_next();
      if (task == nullptr) task = self.take_from_ring();
      if (task == nullptr) break;
      tasks[count++] = task;
    }
    if (count == 0) return;
    global_.push(std::span(tasks).first(count), GlobalQueue::Tasks::resumed);
  }
}

// The caller counts as awake.
bool ThreadScheduler::is_one_too_many() const noexcept {
  return idle_count_.load(std::memory_order_relaxed) < resting_.load(std::memory_order_relaxed);
}

// True if a processor has not moved since `self` looked last although tasks wait.
bool ThreadScheduler::somebody_computes(Processor& self) noexcept {
  bool stands = false;
  bool waits = global_.size() > 0;
  for (const auto& processor : processors_) {
    if (processor.get() == &self || processor->asleep.load(std::memory_order_relaxed)) continue;
    const std::uint64_t slices = processor->slices.value();
    if (std::exchange(self.seen[processor->index], slices) == slices) stands = true;
    if (processor->ready.size() > 0 || processor->next.load(std::memory_order_relaxed) != nullptr)
      waits = true;
  }
  return stands && waits;
}

// Takes no locks from here on if all others sleep; see lone_thread.h.
void ThreadScheduler::be_lone(Processor& self, TimePoint time) noexcept {
  LoneTerms& lone = self.lone;
  if (lone.since != TimePoint{}) {
    const Duration lasted = time - std::exchange(lone.since, TimePoint{});
    lone.pause = lasted > 8 * lone.pause ? std::max(lone.pause / 2, LoneTerms::pause_min)
                                         : std::min(2 * lone.pause, LoneTerms::pause_max);
    lone.from = time + lone.pause;
  }
  if (time < lone.from) return;
  if (idle_count_.load(std::memory_order_relaxed) + 1 < processors()) return;
  LoneThread::enter();
  if (LoneThread::here()) lone.since = time;
}

void ThreadScheduler::stop_being_lone(Processor& self) noexcept {
  if (!LoneThread::here()) return;
  self.lone.since = TimePoint{};
  LoneThread::leave();
}

}  // namespace weir
