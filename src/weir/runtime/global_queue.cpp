#include "weir/runtime/global_queue.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace weir {

void GlobalQueue::Batch::add(std::span<TaskRecord* const> more) noexcept {
  std::ranges::copy(more, std::span(tasks).subspan(last).begin());
  last += static_cast<std::uint32_t>(more.size());
}

void GlobalQueue::Batch::take(std::span<TaskRecord*> into) noexcept {
  std::ranges::copy(std::span(tasks).subspan(first, into.size()), into.begin());
  first += static_cast<std::uint32_t>(into.size());
}

void GlobalQueue::push(std::span<TaskRecord* const> more, Tasks kind) noexcept {
  List<Batch>& line = kind == Tasks::made ? made_ : resumed_;
  std::unique_ptr<Batch> fresh(more.size() > 1 ? new Batch : nullptr);
  for (;;) {
    {
      const std::lock_guard guard(lock_);
      Batch* last = line.back();
      if (last == nullptr || last->room() < more.size()) {
        if (fresh != nullptr) line.push_back(*fresh);
        last = fresh.release();
      }
      if (last != nullptr) {
        last->add(more);
        size_.fetch_add(more.size(), std::memory_order_seq_cst);
        return;
      }
    }
    fresh.reset(new Batch);
  }
}

// True if the line of made tasks is next; each of the two has its turn if the other is not empty.
bool GlobalQueue::serve_made(bool& made_next) noexcept {
  const bool made = resumed_.empty() || (made_next && !made_.empty());
  made_next = !made;
  return made;
}

// `emptied` is to be destroyed when the lock has been dropped.
std::size_t GlobalQueue::take_from(Batch& batch, std::span<TaskRecord*> into,
                                   std::unique_ptr<Batch>& emptied) noexcept {
  const std::size_t count = std::min<std::size_t>(into.size(), batch.size());
  batch.take(into.first(count));
  if (batch.size() == 0) {
    batch.unlink();
    emptied.reset(&batch);
  }
  size_.fetch_sub(count, std::memory_order_seq_cst);
  return count;
}

std::size_t GlobalQueue::take(std::span<TaskRecord*> into, std::size_t sharers) noexcept {
  std::unique_ptr<Batch> emptied;
  const std::lock_guard guard(lock_);
  const std::size_t size = size_.load(std::memory_order_relaxed);
  if (size == 0) return 0;
  const std::size_t share = std::min(into.size(), size / sharers + 1);
  Batch& batch = serve_made(made_next_) ? *made_.back() : *resumed_.front();
  return take_from(batch, into.first(share), emptied);
}

TaskRecord* GlobalQueue::take_oldest() noexcept {
  std::unique_ptr<Batch> emptied;
  TaskRecord* task = nullptr;
  const std::lock_guard guard(lock_);
  if (size_.load(std::memory_order_relaxed) == 0) return nullptr;
  Batch& batch = serve_made(oldest_made_next_) ? *made_.front() : *resumed_.front();
  take_from(batch, std::span(&task, 1), emptied);
  return task;
}

void GlobalQueue::clear() noexcept {
  List<Batch> all;
  {
    const std::lock_guard guard(lock_);
    all.append(resumed_);
    all.append(made_);
    size_.store(0, std::memory_order_seq_cst);
  }
  while (Batch* batch = all.pop_front()) delete batch;
}

}  // namespace weir
