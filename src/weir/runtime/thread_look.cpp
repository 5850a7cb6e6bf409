// How a ThreadScheduler is looked at while it runs: its figures, and what each task is doing.
//
// For figures nothing stops: they are counters with one writer each. To look at all tasks, the
// processors pause between two slices. Then no task is between two queues, and the operation that a
// parked task waits in stands still, since only a slice of that task can end it. The request is a
// bit of halt_, which every processor reads before a slice anyway; the processor answers with
// `paused`. One that sleeps counts as paused: on waking it reads halt_ after it has taken `asleep`
// back, and who looks reads `asleep` after it has set the bit, so one of the two sees the other.
//
// Turned down: reading records while tasks run, with a sequence lock each (two more stores for each
// park, and what a task waits on may be gone by the time it is followed).

#include <algorithm>
#include <ostream>

#include "weir/runtime/clock.h"
#include "weir/runtime/list_tasks.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/task_dump.h"
#include "weir/runtime/task_snapshot.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {

// The right to look at all tasks; while it lives, processors pause.
class ThreadScheduler::Look {
 public:
  // Waits for the processors, for `patience` at most. The calling task's own goes on.
  Look(ThreadScheduler& scheduler, Duration patience);
  ~Look();
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  bool may_look() const { return scheduler_.may_look_; }
  bool all_still() const { return all_still_; }

  // The tasks in queues, and those of processors that do not pause.
  std::unordered_set<const TaskRecord*> ready() const;
  std::unordered_set<const TaskRecord*> running() const;

 private:
  void lock();
  bool await_still(Duration patience);

  ThreadScheduler& scheduler_;
  Processor* const self_;
  bool all_still_ = false;
};

ThreadScheduler::Look::Look(ThreadScheduler& scheduler, Duration patience)
    : scheduler_(scheduler), self_(scheduler.here()) {
  lock();
  if (!may_look()) return;
  scheduler_.halt_.fetch_or(halt_look, std::memory_order_seq_cst);
  all_still_ = await_still(patience);
}

ThreadScheduler::Look::~Look() {
  if (may_look()) {
    scheduler_.halt_.fetch_and(~halt_look, std::memory_order_release);
    scheduler_.halt_.notify_all();
  }
  scheduler_.look_lock_.unlock();
}

// Another one that looks need not wait for a task that waits here for its turn.
void ThreadScheduler::Look::lock() {
  if (self_ != nullptr) self_->paused.store(true, std::memory_order_seq_cst);
  scheduler_.look_lock_.lock();
  if (self_ != nullptr) self_->paused.store(false, std::memory_order_relaxed);
}

bool ThreadScheduler::Look::await_still(Duration patience) {
  const TimePoint end = saturating_add(steady_now(), patience);
  for (auto& processor : scheduler_.processors_) {
    if (processor.get() == self_) continue;
    for (unsigned round = 0; !scheduler_.is_still(*processor); ++round) {
      if (steady_now() > end) return false;
      spin_backoff(round);
    }
  }
  return true;
}

std::unordered_set<const TaskRecord*> ThreadScheduler::Look::ready() const {
  std::unordered_set<const TaskRecord*> ready;
  for (auto& processor : scheduler_.processors_) {
    processor->ready.for_each([&](const TaskRecord& task) { ready.insert(&task); });
    const TaskRecord* next = processor->next.load(std::memory_order_acquire);
    if (next != nullptr) ready.insert(next);
  }
  const auto global = list_tasks(scheduler_.global_, [](TaskRecord& task) { return &task; });
  ready.insert(global.begin(), global.end());
  return ready;
}

std::unordered_set<const TaskRecord*> ThreadScheduler::Look::running() const {
  std::unordered_set<const TaskRecord*> running;
  for (auto& processor : scheduler_.processors_) {
    if (processor.get() != self_ && scheduler_.is_still(*processor)) continue;
    running.insert(processor->current.load(std::memory_order_relaxed));
  }
  return running;
}

bool ThreadScheduler::is_still(Processor& processor) noexcept {
  if (processor.paused.load(std::memory_order_seq_cst)) return true;
  if (processor.asleep.load(std::memory_order_seq_cst)) return true;
  const std::lock_guard guard(idle_lock_);
  return !processor.has_thread;
}

void ThreadScheduler::pause(Processor& self) noexcept {
  self.paused.store(true, std::memory_order_seq_cst);
  for (std::uint32_t halt = halt_.load(std::memory_order_acquire); (halt & halt_look) != 0;
       halt = halt_.load(std::memory_order_acquire)) {
    halt_.wait(halt, std::memory_order_acquire);
  }
  self.paused.store(false, std::memory_order_relaxed);
}

void ThreadScheduler::begin_looks() {
  const std::lock_guard guard(look_lock_);
  may_look_ = true;
  began_ = now();
  coarse_time_.store(began_, std::memory_order_relaxed);
}

void ThreadScheduler::end_looks() {
  const std::lock_guard guard(look_lock_);
  may_look_ = false;
}

// Often called, so that the time moves; seldom written, so that readers keep their copy of it.
void ThreadScheduler::note_time(TimePoint time) noexcept {
  constexpr Duration step = std::chrono::milliseconds(1);
  if (time - coarse_time_.load(std::memory_order_relaxed) < step) return;
  coarse_time_.store(time, std::memory_order_relaxed);
}

void ThreadScheduler::dump(std::ostream& out, const DumpOptions& options) {
  out << dump_text(options);  // With everything running again: `out` may be slow.
}

std::string ThreadScheduler::dump_text(const DumpOptions& options) {
  const Look look(*this, options.patience);
  if (!look.may_look()) return "no run is under way\n";
  const TaskSnapshot snapshot(living_, look.ready(), look.running());
  std::string text = snapshot.text(now(), options, look.all_still());
  if (!look.all_still()) {
    text += "  A task computes on, so nothing is said of what the others wait on.\n";
  }
  return text;
}

RuntimeStats ThreadScheduler::stats() {
  const TimePoint time = now();
  RuntimeStats stats;
  {
    const std::lock_guard guard(look_lock_);
    stats.elapsed = may_look_ ? time - began_ : Duration{};
  }
  stats.tasks_alive = living_.size();
  stats.tasks_started = born_.load(std::memory_order_relaxed);
  stats.tasks_ready = global_.size();
  stats.crew = processors() - resting_.load(std::memory_order_relaxed);
  stats.threads = threads_.threads() + 1;
  for (auto& processor : processors_) {
    ProcessorStats figures = processor->stats(time);
    figures.idle = is_still(*processor);
    stats.tasks_ready += figures.ready;
    stats.tasks_started -= processor->ids_left.value();
    if (!figures.idle) ++stats.tasks_running;
    stats.processors.push_back(figures);
  }
  stats.tasks_ready = std::min(stats.tasks_ready, stats.tasks_alive);
  stats.tasks_running = std::min(stats.tasks_running, stats.tasks_alive - stats.tasks_ready);
  stats.tasks_parked = stats.tasks_alive - stats.tasks_ready - stats.tasks_running;
  return stats;
}

ProcessorStats ThreadScheduler::Processor::stats(TimePoint time) {
  const auto read = [](const Counter& counter) {
    return Duration(static_cast<std::int64_t>(counter.value()));
  };
  ProcessorStats figures{.slices = slices.value(),
                         .next_hits = next_hits.value(),
                         .global_takes = global_takes.value(),
                         .steals = steals.value(),
                         .parks = parks.value(),
                         .wakes = wakes.value(),
                         .timers_fired = timers_fired.value(),
                         .ready = ready.size(),
                         .asleep = asleep_until(time),
                         .work = {.asked = read(work_ns),
                                  .processor_time = read(work_processor_ns),
                                  .clock_time = read(work_clock_ns)}};
  if (next.load(std::memory_order_relaxed) != nullptr) ++figures.ready;
  {
    const LoneLock::Guard guard(timer_lock);
    figures.timers_armed = timers.size();
  }
  return figures;
}

}  // namespace weir
