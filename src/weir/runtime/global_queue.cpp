#include "weir/runtime/global_queue.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace weir {

void GlobalQueue::push(std::span<TaskRecord* const> tasks) noexcept {
  Batch* fresh = tasks.size() > 1 ? new Batch : nullptr;
  for (bool done = false; !done;) {
    {
      const std::lock_guard guard(lock_);
      if (tail_ == nullptr || tail_->last + tasks.size() > batch_capacity) {
        if (fresh != nullptr) {
          (tail_ == nullptr ? head_ : tail_->next) = fresh;
          tail_ = std::exchange(fresh, nullptr);
        }
      }
      if (tail_ != nullptr && tail_->last + tasks.size() <= batch_capacity) {
        std::ranges::copy(tasks, tail_->tasks.begin() + tail_->last);
        tail_->last += static_cast<std::uint32_t>(tasks.size());
        size_.fetch_add(tasks.size(), std::memory_order_seq_cst);
        done = true;
      }
    }
    if (!done) fresh = new Batch;
  }
  delete fresh;
}

std::size_t GlobalQueue::take(std::span<TaskRecord*> into, std::size_t sharers) noexcept {
  Batch* emptied = nullptr;
  std::size_t taken = 0;
  {
    const std::lock_guard guard(lock_);
    const std::size_t size = size_.load(std::memory_order_relaxed);
    const std::size_t share = std::min({into.size(), size, size / sharers + 1});
    while (taken < share) {
      Batch& batch = *head_;
      const std::size_t count = std::min<std::size_t>(share - taken, batch.last - batch.first);
      std::ranges::copy(std::span(batch.tasks).subspan(batch.first, count),
                        into.subspan(taken).begin());
      batch.first += static_cast<std::uint32_t>(count);
      taken += count;
      if (batch.first < batch.last) break;
      head_ = batch.next;
      if (head_ == nullptr) tail_ = nullptr;
      batch.next = std::exchange(emptied, &batch);
    }
    size_.store(size - taken, std::memory_order_seq_cst);
  }
  free(emptied);
  return taken;
}

void GlobalQueue::clear() noexcept {
  Batch* batches = nullptr;
  {
    const std::lock_guard guard(lock_);
    batches = std::exchange(head_, nullptr);
    tail_ = nullptr;
    size_.store(0, std::memory_order_seq_cst);
  }
  free(batches);
}

void GlobalQueue::free(Batch* batches) noexcept {
  while (batches != nullptr) delete std::exchange(batches, batches->next);
}

}  // namespace weir
