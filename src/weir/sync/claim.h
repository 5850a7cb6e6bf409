// Who decides a parked operation: the claim.
//
// A parked operation has one entry (WaitNode) in each container that could end it: a channel, a
// context, a semaphore, a timer. A plain operation has one entry, and whoever holds the container's
// lock and takes the entry out has decided it. A select has several, and one word (SelectState)
// that is claimed once.
//
// Rules, each of them load-bearing (checked on the model of tests/model):
//  1. Lock order: the container's lock, then the words of at most two selects, lower address
//     first. The word is a leaf: nothing else is locked under it.
//  2. The partner's entry is unlinked and the value moved before its word says "picked". The store
//     that says so is the last touch of the partner's memory.
//  3. "parked" is set and tested under the same word as "picked". If the picker finds "parked" set,
//     it makes the task ready; else the owner finds "picked" when it comes to park and goes on.
//     Exactly one of the two happens.
//  4. Timers and contexts claim while they hold their lock, since the owner takes that same lock to
//     withdraw: so entries may live in the owner's frame without being counted.
//  5. Claimed tasks are collected, and made ready when no lock is held.
//
// Source of the protocol: the two-party claim of Google's fibers (abseil/gloop, thread/select),
// made stackless. Turned down: Go's locking of all channels at once, which collapses when many
// selects share one channel (golang/go#20351).

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "weir/base/intrusive_list.h"
#include "weir/runtime/task_record.h"

namespace weir {

class SelectState {
 public:
  // Makes the state ready for the next select of `task`. Requires: no container knows it.
  void reset(TaskRecord& task) noexcept {
    task_ = &task;
    picked_ = none;
    word_.store(open, std::memory_order_relaxed);
  }

  static constexpr int none = -1;

  // The index that was picked. Requires: park() was false, or the task has been made ready.
  int picked() const noexcept { return picked_; }

  TaskRecord& task() const noexcept { return *task_; }

  // The owner's last step before it returns to the scheduler. False if a case has been picked
  // already.
  bool park() noexcept;

  // True if no case has been picked; then the word is locked until pick() or unlock().
  bool try_lock_open() noexcept;
  void unlock() noexcept { word_.store(locked_from_, std::memory_order_release); }

  // Decides the select, unlocks the word and, if the owner has parked, adds it to `wakes`.
  void pick(int index, WakeList& wakes) noexcept;

 private:
  enum : std::uint32_t { open = 0, locked = 1, picked_bit = 2, parked_bit = 4 };

  std::uint32_t lock() noexcept;

  std::atomic<std::uint32_t> word_ = open;
  std::uint32_t locked_from_ = open;  // guarded by the word
  int picked_ = none;                 // guarded by the word
  TaskRecord* task_ = nullptr;        // constant while a select is under way
};

// One entry of one parked operation in one container. Guarded by the container's lock while linked.
// Every parked task pays for each byte: the task of a select is named by its state, and what is
// derived from an entry or stands behind it may use its last bytes.
struct WaitNode : ListNode {
  static constexpr std::size_t index_max = UINT16_MAX - 1;

  // The entry is all that the task waits for.
  void belong_to(TaskRecord& task) noexcept {
    owner_.task = &task;
    index_ = alone;
  }

  // It is the case `index` of a select. Requires: index <= index_max.
  void belong_to(SelectState& select, std::size_t index) noexcept {
    owner_.select = &select;
    index_ = static_cast<std::uint16_t>(index);
  }

  // Null if the entry is all that its task waits for.
  SelectState* select() const noexcept { return index_ == alone ? nullptr : owner_.select; }
  int index() const noexcept { return index_; }
  TaskRecord& task() const noexcept {
    return index_ == alone ? *owner_.task : owner_.select->task();
  }

  void* slot = nullptr;  // the value's place; of a sender: from where, of a receiver: to where

 private:
  static constexpr std::uint16_t alone = UINT16_MAX;

  union {
    TaskRecord* task = nullptr;
    SelectState* select;
  } owner_;
  std::uint16_t index_ = alone;

 public:
  bool fulfilled = false;  // set at the claim, unless the container ended the wait otherwise
};

static_assert(sizeof(void*) != 8 || sizeof(WaitNode) <= sizeof(ListNode) + 24);

enum class Claim { won, partner_lost, self_lost };

// The cases in which a select takes part.
Claim claim_word(SelectState* partner, SelectState* self) noexcept;
void commit_word(SelectState& self, int index) noexcept;

// Claims `partner`, and `self` with it if that is not null. Requires: the container's lock. After
// `won` both words are locked, and commit() has to follow; otherwise none is.
inline Claim claim(WaitNode& partner, SelectState* self) noexcept {
  SelectState* const select = partner.select();
  if (select == nullptr && self == nullptr) return Claim::won;
  return claim_word(select, self);
}

// The same for an operation that needs no partner. Always true for a null `self`.
inline bool claim_alone(SelectState* self) noexcept {
  return self == nullptr || self->try_lock_open();
}
inline void commit_alone(SelectState* self, int index) noexcept {
  if (self != nullptr) commit_word(*self, index);
}

// Decides what claim() has won: `partner` has been unlinked and served, case `index` of `self`
// fires.
inline void commit(WaitNode& partner, SelectState* self, int index, WakeList& wakes) noexcept {
  commit_alone(self, index);
  if (SelectState* const select = partner.select()) {
    select->pick(partner.index(), wakes);
  } else {
    wakes.push(partner.task());
  }
}

}  // namespace weir
