#include "weir/runtime/virtual_scheduler.h"

#include <string>
#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/run_report.h"

namespace weir {
namespace {

std::unique_ptr<Chooser> make_drawn(const VirtualOptions& options) {
  if (options.order == Order::arrival || options.chooser != nullptr) return nullptr;
  return std::make_unique<DrawnChooser>(RandomKey{options.seed, options.replication});
}

}  // namespace

VirtualScheduler::VirtualScheduler(const VirtualOptions& options)
    : Scheduler(true),
      options_(options),
      processors_free_(options.processors),
      choices_({options.seed, options.replication}, "select"),
      drawn_(make_drawn(options)),
      chooser_(options.chooser != nullptr ? options.chooser : drawn_.get()),
      splits_ties_(chooser_ != nullptr && chooser_->splits_ties()) {
  WEIR_CHECK(options.processors >= 1, "a virtual run needs at least one processor");
  trace_ = make_trace(std::string(options.trace_file), static_cast<std::size_t>(options.processors),
                      options.trace_slices_max, TimePoint());
  if (trace_ != nullptr) living_.remember_names(options.trace_slices_max);
}

VirtualScheduler::~VirtualScheduler() {
  destroy_all();
}

void VirtualScheduler::destroy_all() {
  destroy_tasks(living_);
  timers_.drop_all();
  end_scope();
}

void VirtualScheduler::run(TaskRecord& root) {
  const Running outer = std::exchange(running, Running{.scheduler = this});
  root_ = &root;
  start(root);
  try {
    run_until_done();
  } catch (...) {
    if (!failure_) failure_ = std::current_exception();
  }
  auto left = living_.all();
  if (chooser_ != nullptr) chooser_->leaves(left);
  if (trace_ != nullptr) trace_->write(left, living_);
  const std::string leaked = left.empty() || failure_ ? std::string() : describe_tasks(left);
  destroy_all();
  running = outer;
  if (failure_) std::rethrow_exception(failure_);
  report_leak(options_.on_leak, leaked);
}

void VirtualScheduler::run_until_done() {
  for (;;) {
    while (TaskRecord* task = take_ready()) step(*task);
    if (root_ended_ || failure_) return;
    if (timers_.next_deadline() == time_never) throw Deadlock(describe_deadlock(living_.all()));
    advance_time();
  }
}

TaskRecord* VirtualScheduler::take_ready() {
  if (processors_free_ == 0) return nullptr;
  if (TaskRecord* task = held_.pop()) return task;
  return chooser_ == nullptr ? ready_.pop() : take_chosen();
}

TaskRecord* VirtualScheduler::take_chosen() {
  while (splits_ties_ && timer_is_due() && fire_chosen(!ready_bag_.empty())) {
    if (TaskRecord* task = held_.pop()) return task;
  }
  return ready_bag_.empty() ? nullptr : &chooser_->take(ready_bag_);
}

void VirtualScheduler::step(TaskRecord& task) {
  steps_taken_.add(task.id);
  if (++steps_at_this_time_ > options_.steps_without_time_max) {
    throw Livelock(describe_livelock(task));
  }
  task.slice_began = now_;
  if (trace_ != nullptr) [[unlikely]] {
    step_traced(task);
  } else {
    run_chosen(task);
  }
  if (running.in_region) check_no_region();
}

// A slice takes no time but for work() at its end, which keeps its processor.
void VirtualScheduler::step_traced(TaskRecord& task) {
  const std::size_t lane = trace_->free_lane(now_);
  trace_->begin(lane, task, {.time = now_, .number = steps_before_ + steps_at_this_time_});
  held_until_ = now_;
  run_chosen(task);
  trace_->end(lane, held_until_);
}

void VirtualScheduler::run_chosen(TaskRecord& task) {
  constexpr int arrival_budget = 128;
  if (chooser_ == nullptr) {
    run_slice(task, arrival_budget);
  } else {
    chooser_->runs(task);
    run_slice(task, chooser_->budget());
    chooser_->returns();
  }
}

void VirtualScheduler::advance_time() {
  const TimePoint next = timers_.next_deadline();
  if (next > now_) {
    now_ = next;
    steps_before_ += std::exchange(steps_at_this_time_, 0);
    steps_taken_.add(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
    if (chooser_ != nullptr) chooser_->time_moves(now_);
  }
  if (splits_ties_) {
    fire_chosen(false);
  } else {
    while (timer_is_due()) fire(timers_.pop());
  }
}

void VirtualScheduler::fire(Timer& timer) {
  if (timer.holds_processor) {
    ++processors_free_;
    timer.expire(held_);
    return;
  }
  WakeList wakes;
  timer.expire(wakes);
  wakes.make_ready();
}

// Fires one of the timers of the earliest deadline; false if the chooser would rather wait.
bool VirtualScheduler::fire_chosen(bool may_wait) {
  constexpr std::size_t due_max = 8;  // Enough to choose among; each choice takes all of them out.
  const TimePoint deadline = timers_.next_deadline();
  std::vector<Timer*> due;
  while (due.size() < due_max && timers_.next_deadline() == deadline && !timers_.empty()) {
    due.push_back(&timers_.pop());
  }
  const std::size_t chosen = chooser_->choose_timer(due.size(), may_wait);
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (i != chosen) timers_.add(*due[i]);  // It may be cancelled by the one that fires.
  }
  if (chosen == due.size()) return false;
  fire(*due[chosen]);
  return true;
}

void VirtualScheduler::start(TaskRecord& task) noexcept {
  task.id = ++born_;
  living_.add(task);
  if (chooser_ != nullptr) chooser_->starts(task);
  ready(task);
}

void VirtualScheduler::ready(TaskRecord& task) noexcept {
  WEIR_CHECK(running.scheduler == this,
             "a task in virtual time was woken from outside of its run, which cannot be replayed");
  if (chooser_ == nullptr) {
    ready_.push(task);
  } else {
    ready_bag_.push_back(&task);
  }
}

void VirtualScheduler::yield(TaskRecord& task) noexcept {
  const Wait* operation = std::exchange(running.gives_way_after, nullptr);
  if (chooser_ != nullptr) chooser_->gives_way(task, operation);
  ready(task);
}

void VirtualScheduler::add_timer(Timer& timer) noexcept {
  timers_.add(timer);
}

bool VirtualScheduler::cancel_timer(Timer& timer) noexcept {
  if (!timers_.remove(timer)) return false;
  if (timer.holds_processor) ++processors_free_;
  return true;
}

bool VirtualScheduler::hold_processor(Timer& end, Duration) noexcept {
  --processors_free_;
  end.holds_processor = true;
  held_until_ = end.deadline();
  timers_.add(end);
  return true;
}

DescriptorPoller& VirtualScheduler::descriptors() noexcept {
  check_failed(
      "no descriptor is waited for in virtual time",
      "readable() and writable() wait for the world outside, whose time is real: use run()");
}

std::uint64_t VirtualScheduler::choose(std::uint64_t bound) noexcept {
  return chooser_ == nullptr ? choices_.below(bound) : chooser_->choose(bound);
}

void VirtualScheduler::ended(TaskRecord& task, const std::exception_ptr& failure) noexcept {
  if (&task == root_) root_ended_ = true;
  if (chooser_ != nullptr) chooser_->ends(task);
  const std::exception_ptr left = retire_task(task, failure, living_);
  if (left && !failure_) {
    failure_ = left;
    if (&task != root_) report_failure(task);
    stop_scope();
  }
  task.release();
}

}  // namespace weir
