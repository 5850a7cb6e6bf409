// How the ThreadScheduler keeps to its crew; see crew.h.
//
// resting_ is how many sleepers pushes leave alone while one of them watches, always fewer than
// there are processors: so when all sleep, any push wakes one, and while one is awake, it finds
// what is pushed, since it looks at each queue once more after it has announced its sleep. Who is
// one too many hands over its tasks between two slices and sleeps although there is work.
//
// A watcher that is one too many only looks, each millisecond at most, whether a processor computes
// for long with tasks or due timers waiting; if so everybody is called. It takes two looks to tell,
// so what waits behind a task that computes waits for two milliseconds or so, and for ten behind
// one that starts others all the time; ten more, if the watcher fell asleep before anybody rested.

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
  crew_.begin(time, work_done(time));
  const bool fixed = processors() == 1 || options_.spread == Spread::always;
  crew_due_.store(fixed ? time_never : crew_.due(), std::memory_order_relaxed);
}

// Units are slices, operations that did not end one, and started tasks.
Crew::Work ThreadScheduler::work_done(TimePoint time) const noexcept {
  Crew::Work done;
  done.units = born_.load(std::memory_order_relaxed);
  done.busy = processors() * time.time_since_epoch();
  for (const auto& processor : processors_) {
    done.units += processor->slices.value() + processor->operations.value();
    done.units -= processor->ids_left.value();
    done.busy -= processor->asleep_until(time);
  }
  return done;
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
  const int size = crew_.look(time, work_done(time));
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
    const TimePoint time = now();
    crew_.call_all(time, work_done(time));
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

// It may have been woken to search: then others may be woken again.
void ThreadScheduler::hand_over_tasks(Processor& self) noexcept {
  stop_searching(self);
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

// True if a processor has not moved since `self` looked last although tasks wait, or due timers.
bool ThreadScheduler::somebody_computes(Processor& self) noexcept {
  const TimePoint time = now();
  if (time < self.looked_at + watch_interval_min) return false;  // It woke up early.
  self.looked_at = time;
  bool stands = false;
  bool waits = global_.size() > 0;
  const bool timers_fire = !ending_.load(std::memory_order_relaxed);
  for (const auto& processor : processors_) {
    if (processor.get() == &self || processor->asleep.load(std::memory_order_relaxed)) continue;
    if (processor->stands_still(self.sightings[processor->index], time)) stands = true;
    if (processor->ready.size() > 0 || processor->next.load(std::memory_order_relaxed) != nullptr)
      waits = true;
    if (timers_fire &&
        processor->next_deadline.load(std::memory_order_relaxed) <= time.time_since_epoch().count())
      waits = true;
  }
  return stands && waits;
}

// True if it is in the same slice as before, unless that has been starting tasks, and not for long.
bool ThreadScheduler::Processor::stands_still(Sighting& last, TimePoint time) const noexcept {
  const Sighting now = {slices.value(), ids_left.value(), time};
  if (now.slices != last.slices) {
    last = now;
    return false;
  }
  const bool starts_tasks = std::exchange(last.ids_left, now.ids_left) != now.ids_left;
  return !starts_tasks || time - last.since >= starting_max;
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
