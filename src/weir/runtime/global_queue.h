// Ready tasks that belong to no processor: those of foreign threads, and what overflows a ring.
//
// First in, first out, in batches of pointers: a crowd of tasks passes through without anybody
// reading or writing a task, each of which would be a cache miss by then. Batches are allocated and
// freed with no lock held; under it pointers are copied, a batch at most.
//
// A push and empty() are sequentially consistent, as in run_queue.h: who announces sleep and then
// looks here, and who pushes and then looks for sleepers, cannot miss each other.
//
// Turned down: a list linked through the tasks, which cost half the time of a program that starts a
// million of them (docs/performance.md).

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

#include "weir/base/spin_lock.h"
#include "weir/runtime/frame_pool.h"
#include "weir/runtime/task_record.h"

namespace weir {

class GlobalQueue {
 public:
  static constexpr std::uint32_t batch_capacity = 128;

  GlobalQueue() = default;
  ~GlobalQueue() { clear(); }
  GlobalQueue(const GlobalQueue&) = delete;
  GlobalQueue& operator=(const GlobalQueue&) = delete;

  // Adds up to batch_capacity tasks behind all others. Any thread.
  void push(std::span<TaskRecord* const> tasks) noexcept;

  // Takes the first size() / sharers + 1 tasks, or as many as `into` has room for; returns how
  // many. Any thread.
  std::size_t take(std::span<TaskRecord*> into, std::size_t sharers) noexcept;

  bool empty() const noexcept { return size_.load(std::memory_order_seq_cst) == 0; }
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  // Calls look(task) for each task that is here. Requires of `look`: it is short and allocates
  // nothing. Any thread.
  template <class Look>
  void for_each(Look look) {
    const std::lock_guard guard(lock_);
    for (const Batch* batch = head_; batch != nullptr; batch = batch->next) {
      for (std::uint32_t i = batch->first; i < batch->last; ++i) look(*batch->tasks[i]);
    }
  }

  // Forgets all tasks.
  void clear() noexcept;

 private:
  struct Batch {
    static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
    static void operator delete(void* batch, std::size_t bytes) noexcept {
      free_frame(batch, bytes);
    }
    Batch() noexcept {}  // The pointers are written when they come.

    Batch* next = nullptr;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::array<TaskRecord*, batch_capacity> tasks;
  };

  static void free(Batch* batches) noexcept;

  std::atomic<std::size_t> size_ = 0;  // written under lock_, read anywhere
  SpinLock lock_;
  Batch* head_ = nullptr;  // guarded by lock_; no batch is empty
  Batch* tail_ = nullptr;  // guarded by lock_
};

}  // namespace weir
