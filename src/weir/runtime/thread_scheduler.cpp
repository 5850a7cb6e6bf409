#include "weir/runtime/thread_scheduler.h"

#include <array>
#include <mutex>
#include <span>
#include <utility>

#include "weir/base/check.h"
#include "weir/base/spin_lock.h"
#include "weir/runtime/clock.h"
#include "weir/runtime/descriptor_poller.h"
#include "weir/runtime/process_number.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/processor_count.h"
#include "weir/runtime/run_report.h"

namespace weir {
namespace {

constexpr int slice_budget = 128;
constexpr std::uint64_t id_block = 64;  // numbers that a processor draws at once

// A foreign thread's stay in a call: what the call makes ready may end the run, and with it the
// scheduler, before the call has returned.
class Visit {
 public:
  explicit Visit(std::atomic<int>& visitors) : visitors_(visitors) {
    visitors_.fetch_add(1, std::memory_order_relaxed);  // the push or the hold publishes it
  }
  ~Visit() { visitors_.fetch_sub(1, std::memory_order_release); }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  std::atomic<int>& visitors_;
};

}  // namespace

ThreadScheduler::ThreadScheduler(const RuntimeOptions& options)
    : Scheduler(false),
      options_(options),
      crew_(options.processors > 0 ? options.processors : default_processors()),
      shared_random_(static_cast<std::uint64_t>(steady_now().time_since_epoch().count())),
      threads_(options.blocking_threads_max, options.blocking_idle) {
  const int count = crew_.size();
  for (int i = 0; i < count; ++i) {
    auto processor = std::make_unique<Processor>(*this, count > 1);
    processor->index = static_cast<std::uint32_t>(i);
    processor->random = static_cast<std::uint64_t>(steady_now().time_since_epoch().count()) +
                        static_cast<std::uint64_t>(i) * 0x632BE59BD9B4E019u;
    processor->seen.resize(static_cast<std::size_t>(count));
    processor->sightings.resize(static_cast<std::size_t>(count));
    processors_.push_back(std::move(processor));
  }
}

ThreadScheduler::~ThreadScheduler() {
  destroy_all();
}

void ThreadScheduler::destroy_all() {
  global_.clear();                       // From foreign threads that came too late.
  for (auto& processor : processors_) {  // From a run that was cut off.
    processor->next = nullptr;
    while (processor->ready.pop() != nullptr) {
    }
  }
  destroy_tasks(living_);
  for (auto& processor : processors_) {
    processor->timers.drop_all();
    processor->note_deadline();
  }
  end_scope();
}

void ThreadScheduler::run(TaskRecord& root) {
  const Running outer = std::exchange(running, Running{});
  WEIR_CHECK(root_ == nullptr, "a Runtime was asked to run while it runs");
  root_ = &root;
  process_ = process_number();
  ending_ = deadlock_ = monitored_ = regions_used_ = false;
  halt_ = 0;
  LoneThread::begin_run();
  {
    const std::lock_guard guard(idle_lock_);  // stats() may be asked for at any time.
    for (std::size_t i = processors_.size(); i-- > 1;) idle_.push_back(processors_[i].get());
    idle_count_ = static_cast<int>(idle_.size());
    processors_[0]->has_thread = true;
  }

  threads_.open();
  for (auto& processor : processors_) {
    processor->begin_sleep(now());
    processor->asleep = true;
    processor->end_rounds = 0;
  }
  Processor& first = *processors_[0];
  root.id = ++born_;
  living_.add(root);
  first.ready.push(root);
  begin_looks();
  begin_crew();
  begin_trace();
  if (options_.stall_report_after > Duration::zero()) start_monitor();
  loop(first);
  while ((halt_.load(std::memory_order_acquire) & halt_end) == 0) caller_.park(Duration::max());
  monitor_.end();
  if (DescriptorPoller* poller = poller_.load(std::memory_order_acquire)) poller->end();
  await_visitors();
  threads_.join_all();
  end_looks();
  LoneThread::end_run();
  {
    const std::lock_guard guard(idle_lock_);
    for (auto& processor : processors_) processor->has_thread = false;
  }
  running = Running{.scheduler = this};
  const std::exception_ptr failure = finish();
  running = outer;
  if (failure) std::rethrow_exception(failure);
}

// What is left to say and to destroy when all threads have ended.
std::exception_ptr ThreadScheduler::finish() {
  std::exception_ptr failure = std::exchange(failure_, nullptr);
  const auto left = living_.all();
  end_trace(left);
  try {
    if (deadlock_) throw Deadlock(describe_deadlock(left));
    if (!failure && !left.empty()) report_leak(options_.on_leak, describe_tasks(left));
  } catch (...) {
    failure = std::current_exception();
  }
  destroy_all();
  delete poller_.exchange(nullptr, std::memory_order_acq_rel);
  root_ = nullptr;
  idle_.clear();
  idle_count_ = 0;
  return failure;
}

// Runs a processor until the run is over or the processor has gone to another thread. After a task
// the thread may have another one than before; see thread_region.cpp.
void ThreadScheduler::loop(Processor& first) {
  running = Running{.scheduler = this, .processor = &first};
  Processor* self = &first;
  first.end_sleep(now());
  first.paused.store(false, std::memory_order_relaxed);
  wake_up(first);
  if (trace_ != nullptr) trace_->end(first.index, now());  // What another thread has left open.
  be_lone(first, now());
  for (;;) {
    if (const std::uint32_t halt = halt_.load(std::memory_order_seq_cst); halt != 0) [[unlikely]] {
      if ((halt & halt_end) != 0) break;
      stop_being_lone(*self);
      if ((halt & halt_look) != 0) {
        pause(*self);
      } else if (is_to_leave()) {
        hand_over_tasks(*self);
        sleep(*self);
      }
      be_lone(*self, now());
    } else if (TaskRecord* task = find_work(*self)) {
      self->begin_slice(*task, coarse_time_.load(std::memory_order_relaxed));
      if (trace_ != nullptr) [[unlikely]] {
        run_traced_slice(*self, *task, slice_budget);
      } else {
        run_slice(*task, slice_budget);
      }
      self = static_cast<Processor*>(running.processor);
      if (self == nullptr) break;
      self->operations.add(static_cast<std::uint64_t>(slice_budget - running.budget));
    } else {
      stop_being_lone(*self);
      sleep(*self);
      be_lone(*self, now());
    }
  }
  LoneThread::leave();
  check_no_region();
  if (self != nullptr) {
    stop_searching(*self);
    self->paused.store(true, std::memory_order_seq_cst);  // Nobody who looks need wait for it.
  }
  running = Running{};
}

// The run is over; foreign threads may still be on their way out of a call.
void ThreadScheduler::await_visitors() const noexcept {
  unsigned round = 0;
  while (visitors_.load(std::memory_order_acquire) != 0) spin_backoff(round++);
}

void ThreadScheduler::ended(TaskRecord& task, const std::exception_ptr& failure) noexcept {
  if (&task == root_) ending_.store(true, std::memory_order_seq_cst);
  if (const std::exception_ptr left = retire_task(task, failure, living_)) fail(task, left);
  task.release();
}

// The first failure of a run is the one that it throws.
void ThreadScheduler::fail(const TaskRecord& task, const std::exception_ptr& failure) noexcept {
  idle_lock_.lock();
  const bool first = !failure_;
  if (first) failure_ = failure;
  idle_lock_.unlock();
  if (!first) return;
  if (&task != root_) report_failure(task);
  ending_.store(true, std::memory_order_seq_cst);
  stop_scope();
}

void ThreadScheduler::add_hold() noexcept {
  holds_.fetch_add(1, std::memory_order_seq_cst);
}

void ThreadScheduler::remove_hold() noexcept {
  const Visit visit(visitors_);
  if (holds_.fetch_sub(1, std::memory_order_seq_cst) == 1) settle();
}

TimePoint ThreadScheduler::now() noexcept {
  return steady_now();
}

// The processor that the calling thread runs, null on a foreign thread.
ThreadScheduler::Processor* ThreadScheduler::here() const noexcept {
  return running.scheduler == this ? static_cast<Processor*>(running.processor) : nullptr;
}

ThreadScheduler::Processor& ThreadScheduler::own() const noexcept {
  Processor* self = here();
  WEIR_CHECK(self != nullptr,
             "a task did what takes a processor (a timer, yield, work) inside a BlockingRegion, or "
             "another thread did it: end the region first");
  return *self;
}

std::uint64_t ThreadScheduler::draw_id(Processor* self) noexcept {
  if (self == nullptr) return born_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (self->ids_left.value() == 0) {
    self->next_id = born_.fetch_add(id_block, std::memory_order_relaxed) + 1;
    self->ids_left.add(id_block);
  }
  self->ids_left.subtract();
  return self->next_id++;
}

// In a BlockingRegion.
std::uint64_t ThreadScheduler::draw_without_processor() noexcept {
  return Processor::mix(
      shared_random_.fetch_add(Processor::random_step, std::memory_order_relaxed));
}

void ThreadScheduler::start(TaskRecord& task) noexcept {
  Processor* self = here();
  task.id = draw_id(self);
  if (self != nullptr) {
    living_.add(task);
    enqueue(*self, task, GlobalQueue::Tasks::made);
    wake_if_useful();
  } else {
    const Visit visit(visitors_);
    living_.add(task);
    push_global(task);
  }
}

void ThreadScheduler::ready(TaskRecord& task) noexcept {
  Processor* self = here();
  if (self == nullptr) {
    const Visit visit(visitors_);
    push_global(task);
  } else if (self->ready.holds(self->latest_resumed)) {
    push_local(*self, task);
  } else if (TaskRecord* displaced = self->put_next(task)) {
    push_local(*self, *displaced);
  }
}

// Wakes nobody for `task`: this processor takes another task in its place. While tasks wait in the
// global queue it goes behind them: a ring full of tasks that yield would never let one in.
void ThreadScheduler::yield(TaskRecord& task) noexcept {
  Processor& self = own();
  if (global_.empty()) {
    enqueue(self, task, GlobalQueue::Tasks::resumed);
  } else {
    global_.push(std::array{&task}, GlobalQueue::Tasks::resumed);
  }
  if (self.next.load(std::memory_order_relaxed) != nullptr) wake_if_useful();
}

void ThreadScheduler::push_local(Processor& self, TaskRecord& task) noexcept {
  enqueue(self, task, GlobalQueue::Tasks::resumed);
  wake_if_useful();
}

// What overflows is the older half of the ring. It counts as what `task` is, as most of it will be.
void ThreadScheduler::enqueue(Processor& self, TaskRecord& task, GlobalQueue::Tasks kind) noexcept {
  if (kind == GlobalQueue::Tasks::resumed) self.latest_resumed = self.ready.next_position();
  while (!self.ready.push(task, LoneThread::here())) {
    std::array<TaskRecord*, RunQueue::capacity / 2> half;
    const std::size_t count = self.ready.take_half(half);
    if (count > 0) global_.push(std::span(half).first(count), kind);
    tick(self);  // A task that starts thousands has no other slice.
  }
}

void ThreadScheduler::push_global(TaskRecord& task) noexcept {
  global_.push(std::array{&task}, GlobalQueue::Tasks::resumed);
  wake_if_useful();
  if (regions_used_.load(std::memory_order_relaxed)) hurry_if_blocked();
}

void ThreadScheduler::add_timer(Timer& timer) noexcept {
  Processor& self = own();
  timer.home = self.index;
  const LoneLock::Guard guard(self.timer_lock);
  self.timers.add(timer);
  self.note_deadline();
}

bool ThreadScheduler::cancel_timer(Timer& timer) noexcept {
  Processor& home = *processors_[timer.home];
  const LoneLock::Guard guard(home.timer_lock);
  const bool removed = home.timers.remove(timer);
  home.note_deadline();
  return removed;
}

std::uint64_t ThreadScheduler::choose(std::uint64_t bound) noexcept {
  __extension__ using Wide = unsigned __int128;
  Processor* self = here();
  const std::uint64_t bits = self != nullptr ? self->draw() : draw_without_processor();
  return static_cast<std::uint64_t>((Wide{bits} * bound) >> 64);
}

}  // namespace weir
