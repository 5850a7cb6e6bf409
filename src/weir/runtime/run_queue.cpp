#include "weir/runtime/run_queue.h"

namespace weir {

void RunQueue::push_all(std::span<TaskRecord* const> tasks) noexcept {
  std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  for (TaskRecord* task : tasks) {
    ring_[tail++ % capacity].store(task, std::memory_order_relaxed);
  }
  tail_.store(tail, shared_ ? std::memory_order_seq_cst : std::memory_order_relaxed);
}

std::size_t RunQueue::room() const noexcept {
  const std::uint32_t head = head_.load(std::memory_order_acquire);
  return capacity - (tail_.load(std::memory_order_relaxed) - head);
}

std::size_t RunQueue::take_half(std::span<TaskRecord*, capacity / 2> taken) noexcept {
  std::uint32_t head = head_.load(std::memory_order_acquire);
  const std::uint32_t count = (tail_.load(std::memory_order_relaxed) - head) / 2;
  for (std::uint32_t i = 0; i < count; ++i) {
    taken[i] = ring_[(head + i) % capacity].load(std::memory_order_relaxed);
  }
  return head_.compare_exchange_strong(head, head + count, std::memory_order_acq_rel) ? count : 0;
}

TaskRecord* RunQueue::steal_into(RunQueue& mine) noexcept {
  std::uint32_t head = head_.load(std::memory_order_acquire);
  const std::uint32_t my_tail = mine.tail_.load(std::memory_order_relaxed);
  for (;;) {
    const std::uint32_t size = tail_.load(std::memory_order_acquire) - head;
    if (size == 0) return nullptr;
    const std::uint32_t count = size - size / 2;
    if (count > capacity / 2) {  // The head has moved on between the two loads.
      head = head_.load(std::memory_order_acquire);
      continue;
    }
    TaskRecord* first = ring_[head % capacity].load(std::memory_order_relaxed);
    for (std::uint32_t i = 1; i < count; ++i) {
      mine.ring_[(my_tail + i - 1) % capacity].store(
          ring_[(head + i) % capacity].load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    if (head_.compare_exchange_weak(head, head + count, std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      mine.tail_.store(my_tail + count - 1, std::memory_order_release);
      return first;
    }
  }
}

bool RunQueue::empty() const noexcept {
  return head_.load(std::memory_order_seq_cst) == tail_.load(std::memory_order_seq_cst);
}

}  // namespace weir
