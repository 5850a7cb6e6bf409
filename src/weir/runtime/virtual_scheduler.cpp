#include "weir/runtime/virtual_scheduler.h"

#include <string>
#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/run_report.h"

namespace weir {

VirtualScheduler::VirtualScheduler(const VirtualOptions& options)
    : Scheduler(true),
      options_(options),
      processors_free_(options.processors),
      choices_({options.seed, options.replication}, "select"),
      order_({options.seed, options.replication}, "schedule") {
  WEIR_CHECK(options.processors >= 1, "a virtual run needs at least one processor");
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
  if (options_.order == Order::arrival) return ready_.pop();
  if (ready_bag_.empty()) return nullptr;
  std::swap(ready_bag_[order_.below(ready_bag_.size())], ready_bag_.back());
  TaskRecord* task = ready_bag_.back();
  ready_bag_.pop_back();
  return task;
}

void VirtualScheduler::step(TaskRecord& task) {
  step_hash_ = (step_hash_ ^ task.id) * 1099511628211u;
  if (++steps_at_this_time_ > options_.steps_without_time_max) {
    throw Livelock(describe_livelock(task));
  }
  run_slice(task, draw_budget());
}

void VirtualScheduler::advance_time() {
  const TimePoint next = timers_.next_deadline();
  if (next > now_) {
    now_ = next;
    steps_at_this_time_ = 0;
    step_hash_ =
        (step_hash_ ^ static_cast<std::uint64_t>(now_.time_since_epoch().count())) * 1099511628211u;
  }
  while (timers_.next_deadline() <= now_ && !timers_.empty()) {
    Timer& timer = timers_.pop();
    if (timer.holds_processor) {
      ++processors_free_;
      timer.expire(held_);
      continue;
    }
    WakeList wakes;
    timer.expire(wakes);
    wakes.make_ready();
  }
}

void VirtualScheduler::start(TaskRecord& task) noexcept {
  task.id = ++born_;
  living_.add(task, 0);
  ready(task);
}

void VirtualScheduler::ready(TaskRecord& task) noexcept {
  WEIR_CHECK(running.scheduler == this,
             "a task in virtual time was woken from outside of its run, which cannot be replayed");
  if (options_.order == Order::arrival) {
    ready_.push(task);
  } else {
    ready_bag_.push_back(&task);
  }
}

void VirtualScheduler::yield(TaskRecord& task) noexcept {
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

bool VirtualScheduler::hold_processor(Timer& end) noexcept {
  --processors_free_;
  end.holds_processor = true;
  timers_.add(end);
  return true;
}

std::uint64_t VirtualScheduler::choose(std::uint64_t bound) noexcept {
  return choices_.below(bound);
}

int VirtualScheduler::draw_budget() noexcept {
  constexpr int arrival_budget = 128;
  constexpr std::uint64_t drawn_budget_max = 4;
  if (options_.order == Order::arrival) return arrival_budget;
  return static_cast<int>(order_.below(drawn_budget_max + 1));
}

void VirtualScheduler::ended(TaskRecord& task, const std::exception_ptr& failure) noexcept {
  if (&task == root_) root_ended_ = true;
  const std::exception_ptr left = retire_task(task, failure, living_);
  if (left && !failure_) {
    failure_ = left;
    if (&task != root_) report_failure(task);
    stop_scope();
  }
  task.release();
}

}  // namespace weir
