#include "weir/runtime/timer_queue.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "weir/base/check.h"

namespace weir {
namespace {

constexpr std::size_t poured_max = 64;  // entries of a bucket that goes into the heap as a whole

}  // namespace

TimerQueue::Key TimerQueue::key_of(TimePoint deadline) {
  return static_cast<Key>(deadline.time_since_epoch().count()) ^ Key { 1 } << 63;
}

TimePoint TimerQueue::deadline_of(Key key) {
  return TimePoint(Duration(static_cast<Duration::rep>(key ^ Key{1} << 63)));
}

void TimerQueue::add(Timer& timer) {
  WEIR_CHECK(timer.slot == Timer::unqueued, "a timer was armed twice");
  timer.slot = give_slot(timer);
  ++size_;
  put({key_of(timer.deadline()), next_ticket_++, timer.slot});
  if (near_.empty()) pour();
  if (near_.size() > near_most_) spill();
}

std::uint32_t TimerQueue::give_slot(Timer& timer) {
  if (free_.empty()) {
    timers_.push_back(&timer);
    free_.reserve(timers_.capacity());  // Giving a slot back never allocates.
    return static_cast<std::uint32_t>(timers_.size() - 1);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  timers_[slot] = &timer;
  return slot;
}

bool TimerQueue::remove(Timer& timer) noexcept {
  constexpr std::size_t dead_min = 16;
  if (timer.slot == Timer::unqueued) return false;
  timers_[timer.slot] = nullptr;
  timer.slot = Timer::unqueued;
  --size_;
  ++dead_;
  settle();
  if (dead_ >= dead_min && dead_ > size_) bury_dead();
  return true;
}

Timer& TimerQueue::pop() noexcept {
  Timer& first = *timers_[near_[0].slot];
  first.slot = Timer::unqueued;
  --size_;
  pop_near();
  settle();
  return first;
}

void TimerQueue::drop_all() noexcept {
  while (!empty()) pop().drop();
}

void TimerQueue::put(const Entry& entry) {
  if (entry.key <= near_last_) {
    put_near(entry);
  } else {
    put_far(entry);
  }
}

// Requires: the key is later than near_last_.
void TimerQueue::put_far(const Entry& entry) {
  const auto level = static_cast<unsigned>(std::bit_width(entry.key ^ near_last_) - 1) / digit_bits;
  const unsigned digit = entry.key >> level * digit_bits & (digits - 1);
  far_[level][digit].push_back(entry);
  used_[level] |= static_cast<std::uint16_t>(1U << digit);
  used_levels_ |= 1U << level;
}

void TimerQueue::put_near(const Entry& entry) {
  near_.push_back(entry);
  std::size_t place = near_.size() - 1;
  while (place > 0) {
    const std::size_t parent = (place - 1) / 4;
    if (!entry.before(near_[parent])) break;
    near_[place] = near_[parent];
    place = parent;
  }
  near_[place] = entry;
}

void TimerQueue::pop_near() noexcept {
  timers_[near_[0].slot] = nullptr;
  free_.push_back(near_[0].slot);
  const Entry last = near_.back();
  near_.pop_back();
  if (!near_.empty()) sift_down(0, last);
}

// The earliest of those from `first` on that have the same parent. Requires: there is one.
std::size_t TimerQueue::least_child(std::size_t first) const noexcept {
  const Entry* const child = near_.data() + first;
  const std::size_t children = near_.size() - first;
  if (children >= 4) {  // As a tournament, without a branch.
    const std::size_t one = child[1].before(child[0]) ? 1 : 0;
    const std::size_t two = child[3].before(child[2]) ? 3 : 2;
    return first + (child[two].before(child[one]) ? two : one);
  }
  std::size_t least = 0;
  for (std::size_t i = 1; i < children; ++i) {
    if (child[i].before(child[least])) least = i;
  }
  return first + least;
}

void TimerQueue::sift_down(std::size_t place, const Entry& entry) noexcept {
  for (;;) {
    const std::size_t first = 4 * place + 1;
    if (first >= near_.size()) break;
    const std::size_t least = least_child(first);
    if (!near_[least].before(entry)) break;
    near_[place] = near_[least];
    place = least;
  }
  near_[place] = entry;
}

void TimerQueue::order_near() noexcept {
  if (near_.size() < 2) return;
  for (std::size_t place = (near_.size() - 2) / 4 + 1; place-- > 0;) {
    sift_down(place, Entry(near_[place]));
  }
}

// Brings a timer to the top that has not been cancelled.
void TimerQueue::settle() noexcept {
  for (; !near_.empty() && is_dead(near_[0]); --dead_) pop_near();
  if (near_.empty()) pour();
}

TimerQueue::Bucket TimerQueue::take_bucket(unsigned level, unsigned digit) noexcept {
  used_[level] &= static_cast<std::uint16_t>(~(1U << digit));
  if (used_[level] == 0) used_levels_ &= ~(1U << level);
  return std::exchange(far_[level][digit], {});
}

// Moves on to the earliest bucket until one has given something to the heap, which was empty.
void TimerQueue::pour() noexcept {
  near_most_ = near_max;
  while (near_.empty() && used_levels_ != 0) {
    const auto level = static_cast<unsigned>(std::countr_zero(used_levels_));
    const auto digit = static_cast<unsigned>(std::countr_zero(used_[level]));
    Bucket bucket = take_bucket(level, digit);
    if (dead_ > 0) drop_dead(bucket);
    const unsigned shift = level * digit_bits;
    const Key below = (Key{1} << shift) - 1;
    const Key above = ~(below << digit_bits | (digits - 1));
    near_last_ = (near_last_ & above) | Key{digit} << shift;
    if (bucket.size() <= poured_max) {
      near_last_ |= below;
      for (const Entry& entry : bucket) __builtin_prefetch(timers_[entry.slot]);  // Soon due.
    }
    for (const Entry& entry : bucket) put(entry);
  }
  if (near_.empty()) near_last_ = ~Key{0};
}

// Moves the later half of the heap out.
void TimerQueue::spill() {
  const auto middle = near_.begin() + static_cast<std::ptrdiff_t>(near_.size() / 2);
  std::ranges::nth_element(near_, middle, {}, &Entry::key);
  const auto [first, last] = std::ranges::minmax(near_, {}, &Entry::key);
  const Key pivot = middle->key;
  if (first.key == last.key) {
    near_most_ = 2 * near_.size();
  } else {
    lower_to(pivot > first.key ? pivot - 1 : pivot);
  }
  order_near();
}

// Buckets that were told apart below the digit in which `last` differs are not any more. Requires:
// last < near_last_.
void TimerQueue::lower_to(Key last) {
  const auto level = static_cast<unsigned>(std::bit_width(last ^ near_last_) - 1) / digit_bits;
  near_last_ = last;
  const std::uint32_t lower = used_levels_ & ((1U << level) - 1);
  for (std::uint32_t left = lower; left != 0; left &= left - 1) {
    const auto each = static_cast<unsigned>(std::countr_zero(left));
    while (used_[each] != 0) {
      const auto digit = static_cast<unsigned>(std::countr_zero(used_[each]));
      for (const Entry& entry : take_bucket(each, digit)) put_far(entry);
    }
  }
  const auto later =
      std::ranges::partition(near_, [last](const Entry& entry) { return entry.key <= last; });
  for (const Entry& entry : later) put_far(entry);
  near_.erase(later.begin(), later.end());
}

void TimerQueue::drop_dead(Bucket& bucket) noexcept {
  dead_ -= std::erase_if(bucket, [this](const Entry& entry) {
    if (!is_dead(entry)) return false;
    free_.push_back(entry.slot);
    return true;
  });
}

void TimerQueue::bury_dead() noexcept {
  drop_dead(near_);
  order_near();
  for (std::uint32_t left = used_levels_; left != 0; left &= left - 1) {
    const auto level = static_cast<unsigned>(std::countr_zero(left));
    for (std::uint32_t some = used_[level]; some != 0; some &= some - 1) {
      const auto digit = static_cast<unsigned>(std::countr_zero(some));
      Bucket& bucket = far_[level][digit];
      drop_dead(bucket);
      if (bucket.empty()) take_bucket(level, digit);
    }
  }
}

}  // namespace weir
