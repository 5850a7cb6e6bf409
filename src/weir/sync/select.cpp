#include "weir/sync/select.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace weir {
namespace {

// Fisher and Yates, with the digits of `choice` in base size, size - 1, … 2. Requires: choice <
// size!, size <= 12.
constexpr void permute(std::span<std::uint32_t> order, std::uint32_t choice) {
  for (auto left = static_cast<std::uint32_t>(order.size()); left > 1; --left) {
    std::swap(order[order.size() - left], order[order.size() - left + choice % left]);
    choice /= left;
  }
}

// The same for up to four places, which nearly all selects have, without the divisions that would
// be half the cost of one that need not park. Two bits a place.
constexpr std::size_t small = 4;

template <std::uint32_t size, std::uint32_t permutations>
constexpr auto permutation_table() {
  std::array<std::uint8_t, permutations> table{};
  for (std::uint32_t choice = 0; choice < permutations; ++choice) {
    std::array<std::uint32_t, size> order{};
    for (std::uint32_t i = 0; i < size; ++i) order[i] = i;
    permute(order, choice);
    for (std::uint32_t i = 0; i < size; ++i) {
      table[choice] = static_cast<std::uint8_t>(table[choice] | order[i] << 2 * i);
    }
  }
  return table;
}

constexpr auto of_two = permutation_table<2, 2>();
constexpr auto of_three = permutation_table<3, 6>();
constexpr auto of_four = permutation_table<4, 24>();

constexpr std::array<std::span<const std::uint8_t>, small + 1> tables = {
    {{}, {}, of_two, of_three, of_four}};

// The places from 0 to size - 1 in a random order, the first in the lowest bits. Requires: size is
// 2 to 4.
unsigned draw_small(std::size_t size, Scheduler& scheduler) {
  const std::span<const std::uint8_t> table = tables[size];
  return table[scheduler.choose(table.size())];
}

void shuffle_small(std::span<std::uint32_t> order, Scheduler& scheduler) {
  unsigned places = draw_small(order.size(), scheduler);
  std::array<std::uint32_t, small> before;
  std::ranges::copy(order, before.begin());
  for (std::uint32_t& each : order) {
    each = before[places % small];
    places /= small;
  }
}

// Puts the places in a random order: one draw for up to twelve of them.
void shuffle(std::span<std::uint32_t> order, Scheduler& scheduler) {
  constexpr std::size_t one_draw = 12;  // 12! fits into 32 bits
  if (order.size() < 2) return;
  if (order.size() <= small) return shuffle_small(order, scheduler);
  for (; order.size() > one_draw; order = order.subspan(1)) {
    std::swap(order[0], order[scheduler.choose(order.size())]);
  }
  std::uint64_t permutations = 1;
  for (std::size_t i = 2; i <= order.size(); ++i) permutations *= i;
  permute(order, static_cast<std::uint32_t>(scheduler.choose(permutations)));
}

}  // namespace

// Forgets the last select and returns the cases that take part, in the order in which to try them.
std::span<std::uint32_t> SelectOperation::prepare() noexcept {
  const std::span<Case* const> cases = cases_;
  picked_ = SelectState::none;
  std::uint32_t enabled = 0;
  for (std::uint32_t i = 0; i < cases.size(); ++i) {
    Case& each = *cases[i];
    each.chosen_ = false;
    each.reset();
    if (each.enabled_) order_[enabled++] = i;
  }
  enabled_ = enabled;
  const std::span<std::uint32_t> order = order_.first(enabled);
  if (in_order_ || running.task == nullptr) return order;
  if (enabled == cases.size() && enabled >= 2 && enabled <= small) return prepare_small();
  shuffle(order, *running.scheduler);
  return order;
}

// The same for a few cases that all take part.
std::span<std::uint32_t> SelectOperation::prepare_small() noexcept {
  unsigned places = draw_small(cases_.size(), *running.scheduler);
  for (std::uint32_t& each : order_) {
    each = places % small;
    places /= small;
  }
  return order_;
}

// With `looks_first`, cases are passed over without taking their locks if nothing is to be seen
// there: for who enrols if nothing is found, which finds what was missed. To others a lock says
// more: of two threads that both send something and then look for what the other has sent, one
// finds it.
int SelectOperation::poll(bool looks_first) noexcept {
  for (std::uint32_t index : prepare()) {
    if (looks_first && !cases_[index]->seems_ready()) continue;
    if (!cases_[index]->poll()) continue;
    cases_[index]->chosen_ = true;
    picked_ = static_cast<int>(index);
    return picked_;
  }
  return SelectState::none;
}

bool SelectOperation::await_ready() noexcept {
  return poll(true) != SelectState::none && spend_turn();
}

bool SelectOperation::await_suspend(std::coroutine_handle<> self) noexcept {
  if (picked_ != SelectState::none) return give_way(self, *this);
  TaskRecord& task = prepare_to_park(self, *this);
  state_.reset(task);
  WakeList wakes;
  bool open = true;
  for (std::uint32_t index : order_.first(enabled_)) {
    Case& each = *cases_[index];
    each.node_.belong_to(state_, index);
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

const char* SelectOperation::verb() const noexcept {
  return cases_.size() == 1 ? cases_.front()->verb() : "select";
}

const void* SelectOperation::object() const noexcept {
  return cases_.size() == 1 ? cases_.front()->object() : nullptr;
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
