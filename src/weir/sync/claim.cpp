#include "weir/sync/claim.h"

#include <functional>

#include "weir/base/spin_lock.h"

namespace weir {

// In virtual time no step of the word need exclude anybody. On the lone thread (lone_thread.h) it
// must: another thread that took the lock of another container of the select before may still be at
// work on it.
std::uint32_t SelectState::lock() noexcept {
  std::uint32_t word = word_.load(std::memory_order_relaxed);
  if (task_->has_one_thread()) return word;
  for (unsigned round = 0;; ++round) {
    if ((word & locked) != 0) {
      spin_backoff(round);
      word = word_.load(std::memory_order_relaxed);
    } else if (word_.compare_exchange_weak(word, word | locked, std::memory_order_acquire,
                                           std::memory_order_relaxed)) {
      return word;
    }
  }
}

bool SelectState::park() noexcept {
  const std::uint32_t word = lock();
  const bool undecided = (word & picked_bit) == 0;
  word_.store(undecided ? word | parked_bit : word, std::memory_order_release);
  return undecided;
}

bool SelectState::try_lock_open() noexcept {
  const std::uint32_t word = lock();
  if ((word & picked_bit) != 0) {
    word_.store(word, std::memory_order_release);
    return false;
  }
  locked_from_ = word;
  return true;
}

void SelectState::pick(int index, WakeList& wakes) noexcept {
  picked_ = index;
  TaskRecord* owner = (locked_from_ & parked_bit) != 0 ? task_ : nullptr;
  word_.store(locked_from_ | picked_bit, std::memory_order_release);
  if (owner != nullptr) wakes.push(*owner);
}

Claim claim_word(SelectState* partner, SelectState* self) noexcept {
  if (partner == nullptr) return claim_alone(self) ? Claim::won : Claim::self_lost;
  if (self == nullptr) return partner->try_lock_open() ? Claim::won : Claim::partner_lost;
  const bool self_first = std::less<>()(self, partner);
  SelectState* first = self_first ? self : partner;
  SelectState* second = self_first ? partner : self;
  const bool first_open = first->try_lock_open();
  if (first_open && second->try_lock_open()) return Claim::won;
  if (first_open) first->unlock();
  const bool self_is_lost = first_open != self_first;
  return self_is_lost ? Claim::self_lost : Claim::partner_lost;
}

void commit_word(SelectState& self, int index) noexcept {
  WakeList nobody;  // The owner is the caller: it runs.
  self.pick(index, nobody);
}

}  // namespace weir
