#include "weir/sync/select.h"

#include <utility>

#include "weir/runtime/this_task.h"

namespace weir {
namespace {

// Puts the places in a random order: one draw for up to twelve of them.
void shuffle(std::span<std::uint32_t> order, Scheduler& scheduler) {
  constexpr std::uint64_t factorial_max = 12;
  std::uint64_t digits = 0;
  std::uint64_t range = 1;
  for (std::size_t left = order.size(); left > 1; --left) {
    if (range < left) {  // Out of digits: draw as many as fit, in base left, left - 1, …
      range = 1;
      for (std::uint64_t i = 0; i < factorial_max && i + 1 < left; ++i) range *= left - i;
      digits = scheduler.choose(range);
    }
    const std::size_t place = order.size() - left;
    std::swap(order[place], order[place + static_cast<std::size_t>(digits % left)]);
    digits /= left;
    range /= left;
  }
}

}  // namespace

// Forgets the last select and returns the cases that take part, in the order in which to try them.
std::span<std::uint32_t> SelectOperation::prepare() noexcept {
  picked_ = SelectState::none;
  enabled_ = 0;
  for (std::uint32_t i = 0; i < cases_.size(); ++i) {
    cases_[i]->chosen_ = false;
    cases_[i]->reset();
    if (cases_[i]->enabled_) order_[enabled_++] = i;
  }
  const std::span<std::uint32_t> order = order_.first(enabled_);
  if (!in_order_ && running.task != nullptr) shuffle(order, *running.scheduler);
  return order;
}

int SelectOperation::poll() noexcept {
  for (std::uint32_t index : prepare()) {
    if (!cases_[index]->poll()) continue;
    cases_[index]->chosen_ = true;
    picked_ = static_cast<int>(index);
    return picked_;
  }
  return SelectState::none;
}

bool SelectOperation::await_ready() noexcept {
  if (poll() == SelectState::none) return false;
  return running.budget-- > 0;
}

bool SelectOperation::await_suspend(std::coroutine_handle<> self) noexcept {
  TaskRecord& task = *running.task;
  task.resume_point = self;
  if (picked_ != SelectState::none) {  // Done, but others have waited long enough.
    running.gives_way_after = this;
    running.scheduler->yield(task);
    return true;
  }
  state_.reset(task);
  task.wait = this;
  WakeList wakes;
  bool open = true;
  for (std::uint32_t index : order_.first(enabled_)) {
    Case& each = *cases_[index];
    each.node_.task = &task;
    each.node_.select = &state_;
    each.node_.index = static_cast<int>(index);
    each.node_.fulfilled = false;
    ++enrolled_;
    open = each.enroll(wakes) == Case::Enrolled::waiting;
    if (!open) break;
  }
  wakes.make_ready();
  if (state_.park()) return true;  // From here on the frame may run on another thread.
  task.wait = nullptr;
  return false;
}

int SelectOperation::await_resume() noexcept {
  if (picked_ == SelectState::none) finish();
  return picked_;
}

void SelectOperation::finish() noexcept {
  picked_ = state_.picked();
  withdraw_all();
  Case& chosen = *cases_[static_cast<std::size_t>(picked_)];
  chosen.chosen_ = true;
  chosen.complete();
}

void SelectOperation::withdraw_all() noexcept {
  for (std::uint32_t i = 0; i < enrolled_; ++i) {
    if (static_cast<int>(order_[i]) != picked_) cases_[order_[i]]->withdraw();
  }
  enrolled_ = 0;
}

void SelectOperation::list_objects(std::vector<const void*>& objects) const {
  for (const Case* each : cases_) {
    if (each->object() != nullptr) objects.push_back(each->object());
  }
}

void SelectOperation::abandon() noexcept {
  if (state_.picked() == SelectState::none) return withdraw_all();
  finish();  // Decided, but its task has not had its turn: the case has to know of its value.
}

void SelectOperation::describe(std::vector<WaitedFor>& things) const {
  for (const Case* each : cases_) {
    if (each->enabled()) things.push_back(each->describe());
  }
}

}  // namespace weir
