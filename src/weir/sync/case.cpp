#include "weir/sync/case.h"

#include "weir/runtime/this_task.h"

namespace weir {

TimerCase after(Duration delay, std::source_location where) {
  return TimerCase(delay, where);
}

TimerCase until(TimePoint at, std::source_location where) {
  return TimerCase(at, where);
}

void TimerCase::reset() noexcept {
  if (!relative_) return;
  set_deadline(delay_ == Duration::max() ? time_never : saturating_add(now(), delay_));
}

bool TimerCase::poll() noexcept {
  // A positive delay cannot have passed: the clock was read when the select began.
  return relative_ ? delay_ <= Duration::zero() : DeadlineCase::poll();
}

bool DeadlineCase::poll() noexcept {
  return deadline() != time_never && deadline() <= now();
}

Case::Enrolled DeadlineCase::enroll(WakeList&) noexcept {
  if (deadline() != time_never) running.scheduler->add_timer(*this);
  return Enrolled::waiting;
}

void DeadlineCase::withdraw() noexcept {
  if (deadline() != time_never) node_.task().scheduler().cancel_timer(*this);
}

void DeadlineCase::expire(WakeList& wakes) noexcept {
  if (claim(node_, nullptr) == Claim::won) commit(node_, nullptr, 0, wakes);
}

JoinCase joined(TaskHandle task, std::source_location where) {
  WEIR_CHECK(task.record() != nullptr, "joined() of a TaskHandle that holds no task");
  return JoinCase(std::move(task), where);
}

Case::Enrolled JoinCase::enroll(WakeList&) noexcept {
  if (task_.record()->add_join(*this)) return Enrolled::waiting;
  if (claim_alone(node_.select())) commit_alone(node_.select(), node_.index());
  return Enrolled::decided;
}

void JoinCase::withdraw() noexcept {
  task_.record()->remove_join(*this);
}

void JoinCase::on_end(WakeList& wakes) noexcept {
  if (claim(node_, nullptr) == Claim::won) commit(node_, nullptr, 0, wakes);
}

}  // namespace weir
