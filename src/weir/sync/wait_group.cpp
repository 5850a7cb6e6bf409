#include "weir/sync/wait_group.h"

#include "weir/runtime/this_task.h"

namespace weir {
namespace {

using Guard = RunLock::Guard;

constexpr std::size_t waited = 1;
constexpr std::size_t one = 2;  // of the count

}  // namespace

bool CountWait::await_suspend(std::coroutine_handle<> self) noexcept {
  belong_to(prepare_to_park(self, *this));
  if (group_.enroll(*this)) return true;
  running.task->wait = nullptr;
  return yield_if_spent(self, *this);
}

void CountWait::describe(std::vector<WaitedFor>& things) const {
  const std::size_t count = group_.word_.load(std::memory_order_relaxed) / one;
  things.push_back({.verb = verb(),
                    .where = where(),
                    .object = &group_,
                    .kind = "wait group",
                    .state = "counts " + std::to_string(count)});
}

void CountWait::abandon() noexcept {
  const Guard guard(group_.lock_);
  if (linked()) unlink();
}

void WaitGroup::add(std::size_t count) noexcept {
  lock_.add_to(word_, count * one, std::memory_order_relaxed);
}

void WaitGroup::done() noexcept {
  WakeList wakes;
  count_down(wakes);
  wakes.make_ready();  // The group may be gone from here on.
}

void WaitGroup::count_down(WakeList& wakes) noexcept {
  const std::size_t before = lock_.add_to(word_, std::size_t{0} - one, std::memory_order_acq_rel);
  WEIR_CHECK(before >= one, "a WaitGroup was counted below zero: more done() than add()");
  if (before != (one | waited)) return;
  const Guard guard(lock_);
  word_.fetch_sub(waited, std::memory_order_relaxed);
  while (WaitNode* node = waiting_.pop_front()) wakes.push(node->task());
}

// False if there is nothing to wait for.
bool WaitGroup::enroll(CountWait& wait) noexcept {
  const Guard guard(lock_);
  std::size_t word = word_.load(std::memory_order_acquire);
  while ((word & waited) == 0) {
    if (word == 0) return false;
    if (word_.compare_exchange_weak(word, word | waited, std::memory_order_acquire)) break;
  }
  waiting_.push_back(wait);
  return true;
}

TaskHandle WaitGroup::start(std::coroutine_handle<> root, std::source_location where) {
  add();
  return start_on(current_scheduler("WaitGroup::go was called outside of a task"), root, where,
                  this);
}

bool WaitGroup::on_task_end(const std::exception_ptr&, WakeList& wakes) noexcept {
  count_down(wakes);
  return false;
}

}  // namespace weir
