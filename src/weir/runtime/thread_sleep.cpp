// How a thread of the ThreadScheduler goes to sleep and is woken; the rules stand in
// thread_scheduler.h.
//
// The list of idle processors is the truth: who takes a processor from it (under its lock) wakes
// it. A sleeper that wakes by itself takes itself from the list; if it is not there any more,
// somebody is about to unpark it, and that token makes some later park return early, which is
// harmless.

#include <algorithm>
#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/clock.h"
#include "weir/runtime/process_number.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {

void ThreadScheduler::sleep(Processor& self) {
  check_process();
  // Before it counts as idle: pushes would wake it again and again for want of a watcher.
  self.watching = !watched_.exchange(true, std::memory_order_seq_cst);
  self.asleep.store(true, std::memory_order_seq_cst);
  idle_lock_.lock();
  idle_.push_back(&self);
  idle_count_.fetch_add(1, std::memory_order_seq_cst);
  idle_lock_.unlock();

  const bool may_rest =
      idle_count_.load(std::memory_order_seq_cst) <= resting_.load(std::memory_order_seq_cst);
  if (may_rest || !anything_to_do()) {
    settle();
    if ((halt_.load(std::memory_order_acquire) & halt_end) == 0) doze(self);
  }
  leave_idle(self);
  wake_up(self);
}

// The processor runs again: the monitor has to know.
void ThreadScheduler::wake_up(Processor& self) noexcept {
  self.asleep.store(false, std::memory_order_seq_cst);
  monitor_.wake();
}

// The other threads of a run are not there in the child of a fork: it would wait for them for ever.
void ThreadScheduler::check_process() const noexcept {
  WEIR_CHECK(
      process_ == process_number(),
      "the child of a fork went on in its parent's run; it may only run tasks of its own, or "
      "call exec or _exit");
}

void ThreadScheduler::doze(Processor& self) {
  self.begin_sleep(now());
  self.parker.park(sleep_limit(self));
  const TimePoint after = now();
  self.end_sleep(after);
  self.parks.add();
  note_time(after);
}

// True if any queue or due timer would give the caller work.
bool ThreadScheduler::anything_to_do() {
  if (!global_.empty()) return true;
  const bool timers_fire = !ending_.load(std::memory_order_seq_cst);
  std::int64_t next = INT64_MAX;
  for (auto& processor : processors_) {
    if (!processor->ready.empty()) return true;
    next = std::min(next, processor->next_deadline.load(std::memory_order_seq_cst));
  }
  return timers_fire && next != INT64_MAX && next <= now().time_since_epoch().count();
}

// Takes the caller from the list of sleepers; it may search, whether it was woken or woke by
// itself.
void ThreadScheduler::leave_idle(Processor& self) noexcept {
  if (std::exchange(self.watching, false)) watched_.store(false, std::memory_order_release);
  idle_lock_.lock();
  const auto place = std::ranges::find(idle_, &self);
  if (place != idle_.end()) {
    idle_.erase(place);
    idle_count_.fetch_sub(1, std::memory_order_seq_cst);
    if (!self.searching) {
      self.searching = true;
      searching_.fetch_add(1, std::memory_order_seq_cst);
    }
  }
  idle_lock_.unlock();
}

// How long the caller may sleep: to its own next deadline, and as the watcher to that of any
// processor that is busy and to its next look at them.
Duration ThreadScheduler::sleep_limit(Processor& self) {
  if (ending_.load(std::memory_order_seq_cst)) return Duration::max();
  std::int64_t next = self.next_deadline.load(std::memory_order_seq_cst);
  const int idle = idle_count_.load(std::memory_order_seq_cst);
  const bool is_spare = idle <= resting_.load(std::memory_order_seq_cst);  // and fires no timers
  bool others_run = idle < processors();
  if (self.watching && !others_run) others_run = keeps_watch(self);
  if (self.watching && !is_spare) {
    for (auto& processor : processors_) {
      if (processor->asleep.load(std::memory_order_seq_cst)) continue;  // It minds its own timers.
      next = std::min(next, processor->next_deadline.load(std::memory_order_seq_cst));
    }
  }
  Duration limit = Duration::max();
  if (next != INT64_MAX) limit = TimePoint(Duration(next)) - now();
  if (self.watching && others_run) {
    limit = std::min(limit, self.watch_interval);
    const bool rests = resting_.load(std::memory_order_relaxed) > 0;
    self.watch_interval =
        std::min(2 * self.watch_interval, rests ? rest_interval_max : watch_interval_max);
  } else {
    self.watch_interval = watch_interval_min;
  }
  return limit;
}

// All sleep, so nobody need watch. Who wakes at this moment and pushes may have seen a watcher: one
// of the two sees the other. True if the caller watches on.
bool ThreadScheduler::keeps_watch(Processor& self) noexcept {
  self.watching = false;
  watched_.store(false, std::memory_order_seq_cst);
  if (idle_count_.load(std::memory_order_seq_cst) == processors()) return false;
  self.watching = !watched_.exchange(true, std::memory_order_seq_cst);
  return self.watching;
}

// Ends the run if all processors sleep and nothing can wake them: it is over, or it is a deadlock.
void ThreadScheduler::settle() noexcept {
  idle_lock_.lock();
  // First the holds, then the queues: who drops a hold has pushed before what it had to push.
  const bool held = holds_.load(std::memory_order_seq_cst) > 0;
  const bool away = away_.load(std::memory_order_seq_cst) > 0;
  bool over =
      !away && idle_count_.load(std::memory_order_seq_cst) == processors() && !anything_to_do();
  if (over && !ending_.load(std::memory_order_seq_cst)) {
    for (auto& processor : processors_) {
      if (processor->next_deadline.load(std::memory_order_seq_cst) != INT64_MAX) over = false;
    }
    if (held) over = false;
    if (over) deadlock_ = true;
  }
  if (over) stop_all();
  idle_lock_.unlock();
}

// With idle_lock_ held.
void ThreadScheduler::stop_all() noexcept {
  halt_.fetch_or(halt_end, std::memory_order_release);
  for (Processor* sleeper : idle_) {
    if (sleeper->has_thread) sleeper->parker.unpark();
  }
  caller_.unpark();
}

// Tasks that yield for ever, or wake each other, may not keep a run from ending whose root has:
// what goes on after a million turns is a leak. Not while a task is away: its thread may wait for a
// processor. Who wants to take a processor away asks under the same lock; see retake().
void ThreadScheduler::cut_off() noexcept {
  idle_lock_.lock();
  if (away_.load(std::memory_order_seq_cst) == 0) stop_all();
  idle_lock_.unlock();
}

// Some may rest only while one of them watches: at the start of a run, with the crew of the last
// one, nobody does.
void ThreadScheduler::wake_if_useful() noexcept {
  const int idle = idle_count_.load(std::memory_order_seq_cst);
  if (idle == 0 || searching_.load(std::memory_order_seq_cst) != 0) return;
  if (idle > resting_.load(std::memory_order_seq_cst) ||
      !watched_.load(std::memory_order_seq_cst)) {
    wake_one();
  }
}

void ThreadScheduler::wake_one() noexcept {
  idle_lock_.lock();
  Processor* sleeper = nullptr;
  bool fresh = false;
  if (!idle_.empty() && searching_.load(std::memory_order_seq_cst) == 0 &&
      (halt_.load(std::memory_order_relaxed) & halt_end) == 0) {
    sleeper = idle_.back();
    idle_.pop_back();
    idle_count_.fetch_sub(1, std::memory_order_seq_cst);
    sleeper->searching = true;
    searching_.fetch_add(1, std::memory_order_seq_cst);
    fresh = !std::exchange(sleeper->has_thread, true);
  }
  idle_lock_.unlock();
  if (sleeper != nullptr) {
    if (Processor* self = here()) self->wakes.add();
  }
  if (fresh) {
    start_thread(*sleeper);
  } else if (sleeper != nullptr) {
    sleeper->parker.unpark();
  }
}

void ThreadScheduler::start_thread(Processor& processor) {
  WEIR_CHECK(threads_.start(processor), "the system gives no thread for a processor");
}

}  // namespace weir
