// Ready tasks of one processor: a ring of 256 that its owner fills and empties and thieves halve.
//
// First in, first out. The owner alone moves the tail; owner and thieves move the head by compare
// and swap, so a task is taken once. An owner that is alone for a while (lone_thread.h keeps
// thieves out), and a ring that has no thieves, the only one of its runtime, do without locked
// instructions. A full ring turns a push away; the scheduler then moves half of the ring to the
// global queue. Fairness matters more here than the locality that a stack (Chase-Lev) buys.
//
// A push and empty() are sequentially consistent: a thread that goes to sleep says so and then
// looks at each ring, a thread that pushes looks afterwards for sleepers, and one of the two must
// see the other.
//
// Source of the shape: Go's runtime, runqput and runqgrab.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "weir/runtime/task_record.h"

namespace weir {

class RunQueue {
 public:
  static constexpr std::uint32_t capacity = 256;

  // `shared`: other threads may steal from this ring.
  explicit RunQueue(bool shared) noexcept : shared_(shared) {}

  // Owner only. False if the ring is full. `alone`: all others sleep. One that goes to sleep at the
  // same time may miss the task then; this processor does not.
  bool push(TaskRecord& task, bool alone = false) noexcept;

  // Owner only. Where the next push goes, and whether what went there is still in the ring.
  // Positions count up and come again after 2^32 pushes.
  static constexpr std::uint32_t no_position = UINT32_MAX;
  std::uint32_t next_position() const noexcept { return tail_.load(std::memory_order_relaxed); }
  bool holds(std::uint32_t position) const noexcept {
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    return position - head < next_position() - head;
  }

  // Owner only. Null if empty. `alone`: nobody can steal meanwhile.
  TaskRecord* pop(bool alone = false) noexcept;

  // Owner only. Adds all of them, in order. Requires: room().
  void push_all(std::span<TaskRecord* const> tasks) noexcept;

  // Owner only. How many more tasks find a place, at least.
  std::size_t room() const noexcept;

  // Owner only. Takes the older half of the ring out, in order; the number taken is 0 if a thief
  // was faster.
  std::size_t take_half(std::span<TaskRecord*, capacity / 2> taken) noexcept;

  // By the owner of `mine`, whose ring must be empty: moves half of the tasks there and returns one
  // more to run. Null if there was nothing to take.
  TaskRecord* steal_into(RunQueue& mine) noexcept;

  bool empty() const noexcept;

  // How many tasks there are, about. Any thread.
  std::size_t size() const noexcept {
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    return tail_.load(std::memory_order_relaxed) - head;
  }

  // Calls look(task) for each task. Nobody may take one meanwhile.
  template <class Look>
  void for_each(Look look) const {
    const std::uint32_t tail = tail_.load(std::memory_order_acquire);
    for (std::uint32_t i = head_.load(std::memory_order_acquire); i != tail; ++i) {
      look(*ring_[i % capacity].load(std::memory_order_relaxed));
    }
  }

 private:
  const bool shared_;
  alignas(64) std::atomic<std::uint32_t> head_ = 0;
  std::atomic<std::uint32_t> tail_ = 0;
  std::array<std::atomic<TaskRecord*>, capacity> ring_ = {};
};

// Inline: every change of task goes through these two.

inline bool RunQueue::push(TaskRecord& task, bool alone) noexcept {
  const std::uint32_t head = head_.load(std::memory_order_acquire);  // pairs with the thief's swap
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  if (tail - head >= capacity) return false;
  ring_[tail % capacity].store(&task, std::memory_order_relaxed);
  // A thief sees the task behind the tail.
  tail_.store(tail + 1, shared_ && !alone ? std::memory_order_seq_cst : std::memory_order_release);
  return true;
}

inline TaskRecord* RunQueue::pop(bool alone) noexcept {
  std::uint32_t head = head_.load(std::memory_order_acquire);
  for (;;) {
    if (head == tail_.load(std::memory_order_relaxed)) return nullptr;
    TaskRecord* task = ring_[head % capacity].load(std::memory_order_relaxed);
    if (alone || !shared_) {
      head_.store(head + 1, std::memory_order_relaxed);
      return task;
    }
    if (head_.compare_exchange_weak(head, head + 1, std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      return task;
    }
  }
}

}  // namespace weir
