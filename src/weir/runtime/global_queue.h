// Ready tasks that belong to no processor: those of foreign threads, and what overflows a ring.
//
// They pass through in batches of pointers, so that nobody reads or writes a task on the way, which
// would be a cache miss for each by then. Batches are allocated and freed with no lock held; under
// it pointers are copied, a batch at most.
//
// There are two lines. Tasks that have run before stand in the first, first in, first out: each has
// its turn. Tasks that have just been made go onto a stack of batches: the newest are taken first,
// so that a tree of tasks is walked depth first, with few of them alive and those warm, instead of
// level by level. Takers serve the two lines in turn, and take_oldest(), which a processor calls
// now and then even if it has tasks of its own, gives a batch of the first line its turn or digs
// out one task from the bottom of the stack: nothing starves.
//
// A push and empty() are sequentially consistent, as in run_queue.h: who announces sleep and then
// looks here, and who pushes and then looks for sleepers, cannot miss each other.
//
// Turned down: a list linked through the tasks (half the time of a program that starts a million),
// and one line for all of them (twice the time of skynet; docs/performance.md).

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "weir/base/intrusive_list.h"
#include "weir/base/spin_lock.h"
#include "weir/runtime/frame_pool.h"
#include "weir/runtime/task_record.h"

namespace weir {

class GlobalQueue {
 public:
  static constexpr std::uint32_t batch_capacity = 128;
  enum class Tasks { made, resumed };

  GlobalQueue() = default;
  ~GlobalQueue() { clear(); }
  GlobalQueue(const GlobalQueue&) = delete;
  GlobalQueue& operator=(const GlobalQueue&) = delete;

  // Adds up to batch_capacity tasks, which will be taken in this order. Any thread.
  void push(std::span<TaskRecord* const> tasks, Tasks kind) noexcept;

  // Takes size() / sharers + 1 tasks, or as many as one batch or `into` holds; returns how many.
  // Any thread.
  std::size_t take(std::span<TaskRecord*> into, std::size_t sharers) noexcept;

  // Takes the task that has been here the longest, of either line in turn; null if there is none.
  // Any thread.
  TaskRecord* take_oldest() noexcept;

  bool empty() const noexcept { return size_.load(std::memory_order_seq_cst) == 0; }
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  // Calls look(task) for each task that is here. Requires of `look`: it is short and allocates
  // nothing. Any thread.
  template <class Look>
  void for_each(Look look) {
    const std::lock_guard guard(lock_);
    for (List<Batch>* line : {&resumed_, &made_}) {
      for (Batch* batch = line->front(); batch != nullptr; batch = line->next(*batch)) {
        for (std::uint32_t i = batch->first; i < batch->last; ++i) look(*batch->tasks[i]);
      }
    }
  }

  // Forgets all tasks.
  void clear() noexcept;

 private:
  struct Batch : ListNode {
    static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
    static void operator delete(void* batch, std::size_t bytes) noexcept {
      free_frame(batch, bytes);
    }
    Batch() noexcept {}  // The pointers are written when they come.

    std::uint32_t size() const { return last - first; }
    std::uint32_t room() const { return batch_capacity - last; }
    void add(std::span<TaskRecord* const> more) noexcept;
    void take(std::span<TaskRecord*> into) noexcept;

    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::array<TaskRecord*, batch_capacity> tasks;
  };

  // With the lock held.
  bool serve_made(bool& made_next) noexcept;
  std::size_t take_from(Batch& batch, std::span<TaskRecord*> into,
                        std::unique_ptr<Batch>& emptied) noexcept;

  std::atomic<std::size_t> size_ = 0;  // written under lock_, read anywhere

  // Guarded by lock_. No batch is empty.
  SpinLock lock_;
  List<Batch> resumed_;  // the oldest first
  List<Batch> made_;     // the oldest first
  bool made_next_ = false;
  bool oldest_made_next_ = false;
};

}  // namespace weir
