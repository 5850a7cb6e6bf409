#include "weir/runtime/timer_queue.h"

#include <algorithm>

#include "weir/base/check.h"

namespace weir {

void TimerQueue::add(Timer& timer) {
  WEIR_CHECK(timer.slot == Timer::unqueued, "a timer was armed twice");
  heap_.emplace_back();
  sift_up(heap_.size() - 1, {timer.deadline(), next_ticket_++, &timer});
}

bool TimerQueue::remove(Timer& timer) noexcept {
  const std::size_t slot = timer.slot;
  if (slot == Timer::unqueued) return false;
  timer.slot = Timer::unqueued;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (slot == heap_.size()) return true;
  if (slot > 0 && last.before(heap_[(slot - 1) / 4])) {
    sift_up(slot, last);
  } else {
    sift_down(slot, last);
  }
  return true;
}

Timer& TimerQueue::pop() noexcept {
  Timer& first = *heap_[0].timer;
  remove(first);
  return first;
}

void TimerQueue::drop_all() noexcept {
  while (!empty()) pop().drop();
}

void TimerQueue::place(std::size_t slot, const Entry& entry) {
  heap_[slot] = entry;
  entry.timer->slot = slot;
}

void TimerQueue::sift_up(std::size_t slot, const Entry& entry) {
  while (slot > 0) {
    const std::size_t parent = (slot - 1) / 4;
    if (!entry.before(heap_[parent])) break;
    place(slot, heap_[parent]);
    slot = parent;
  }
  place(slot, entry);
}

void TimerQueue::sift_down(std::size_t slot, const Entry& entry) {
  for (;;) {
    const std::size_t first = 4 * slot + 1;
    if (first >= heap_.size()) break;
    const std::size_t last = std::min(first + 4, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    place(slot, heap_[least]);
    slot = least;
  }
  place(slot, entry);
}

}  // namespace weir
