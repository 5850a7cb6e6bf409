#include "weir/runtime/timer_queue.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "weir/base/check.h"

namespace weir {
namespace {

constexpr std::size_t poured_max = 16;  // entries of a bucket that goes into the array as a whole

}  // namespace

TimerQueue::Key TimerQueue::key_of(TimePoint deadline) {
  return static_cast<Key>(deadline.time_since_epoch().count()) ^ Key { 1 } << 63;
}

TimePoint TimerQueue::deadline_of(Key key) {
  return TimePoint(Duration(static_cast<Duration::rep>(key ^ Key{1} << 63)));
}

// Requires: there is a difference.
unsigned TimerQueue::level_of(Order difference) {
  const auto high = static_cast<std::uint64_t>(difference >> 64);
  const auto low = static_cast<std::uint64_t>(difference);
  const auto width =
      static_cast<unsigned>(high != 0 ? 64 + std::bit_width(high) : std::bit_width(low));
  return (width - 1) / digit_bits;
}

void TimerQueue::add(Timer& timer) {
  WEIR_CHECK(timer.slot == Timer::unqueued, "a timer was armed twice");
  timer.slot = give_slot(timer);
  ++size_;
  put({key_of(timer.deadline()), next_ticket_++, timer.slot});
  if (empty()) pour();
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
  if (dead_ >= dead_min && dead_ > size_) bury_all_dead();
  return true;
}

Timer& TimerQueue::pop() noexcept {
  Timer& first = *timers_[next().slot];
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
  if (entry.order() <= near_last_) {
    put_near(entry);
  } else {
    put_far(entry);
  }
}

// Requires: the entry is later than near_last_.
void TimerQueue::put_far(const Entry& entry) {
  const Order order = entry.order();
  const unsigned level = level_of(order ^ near_last_);
  const auto digit = static_cast<unsigned>(order >> level * digit_bits) & (digits - 1);
  far_[level][digit].push_back(entry);
  used_[level] |= static_cast<std::uint16_t>(1U << digit);
  used_levels_ |= 1U << level;
}

// Requires: the entry is not later than near_last_.
void TimerQueue::put_near(const Entry& entry) {
  const std::size_t size = end_ - begin_;
  if (size == near_max) {
    spill();
    return put(entry);
  }
  const Order order = entry.order();
  if (size == 0 || near_[end_ - 1].order() < order) {
    if (end_ == near_.size()) move_near(0);
    near_[end_++] = entry;
    return;
  }
  if (begin_ == 0) move_near(near_.size() - size);
  std::size_t place = --begin_;
  for (; near_[place + 1].order() < order; ++place) near_[place] = near_[place + 1];
  near_[place] = entry;
}

// To where there is room before them or behind them.
void TimerQueue::move_near(std::size_t begin) noexcept {
  const std::size_t size = end_ - begin_;
  std::memmove(&near_[begin], &near_[begin_], size * sizeof(Entry));
  begin_ = begin;
  end_ = begin + size;
}

void TimerQueue::pop_near() noexcept {
  const std::uint32_t slot = next().slot;
  ++begin_;
  timers_[slot] = nullptr;
  free_.push_back(slot);
}

// Brings a timer to the top that has not been cancelled.
void TimerQueue::settle() noexcept {
  for (; !empty() && is_dead(next()); --dead_) pop_near();
  if (empty()) pour();
}

TimerQueue::Bucket TimerQueue::take_bucket(unsigned level, unsigned digit) noexcept {
  used_[level] &= static_cast<std::uint16_t>(~(1U << digit));
  if (used_[level] == 0) used_levels_ &= ~(1U << level);
  return std::exchange(far_[level][digit], {});
}

// The storage of a bucket that has been emptied serves the next, unless that would keep much.
void TimerQueue::give_back(unsigned level, unsigned digit, Bucket emptied) noexcept {
  constexpr std::size_t kept_max = 64;
  Bucket& next = far_[level][digit];
  if (next.capacity() > 0 || emptied.capacity() > kept_max) return;
  emptied.clear();
  next = std::move(emptied);
}

// The latest that belongs into the bucket.
TimerQueue::Order TimerQueue::last_of_bucket(unsigned level, unsigned digit) const noexcept {
  const unsigned shift = level * digit_bits;
  const Order below = (Order{1} << shift) - 1;
  const Order above = ~(below << digit_bits | (digits - 1));
  return (near_last_ & above) | Order{digit} << shift | below;
}

// Moves on to the earliest bucket until one has given something to the array, which was empty.
void TimerQueue::pour() noexcept {
  while (empty() && used_levels_ != 0) {
    const auto level = static_cast<unsigned>(std::countr_zero(used_levels_));
    const auto digit = static_cast<unsigned>(std::countr_zero(used_[level]));
    Bucket bucket = take_bucket(level, digit);
    if (dead_ > 0) bury_dead(bucket);
    if (bucket.size() <= poured_max) {
      near_last_ = last_of_bucket(level, digit);
      for (const Entry& entry : bucket) __builtin_prefetch(timers_[entry.slot]);  // Soon due.
    } else {
      near_last_ = std::ranges::min(bucket, {}, &Entry::order).order();
    }
    for (const Entry& entry : bucket) put(entry);
    give_back(level, digit, std::move(bucket));
  }
  if (empty()) near_last_ = ~Order{0};
}

// Moves the later half of the array out.
void TimerQueue::spill() {
  const std::size_t later = begin_ + near_max / 2;
  lower_to(near_[later - 1].order());
  for (std::size_t place = later; place < end_; ++place) put_far(near_[place]);
  end_ = later;
}

// Buckets that were told apart below the digit in which `last` differs are not any more. Requires:
// last < near_last_.
void TimerQueue::lower_to(Order last) {
  const unsigned level = level_of(last ^ near_last_);
  near_last_ = last;
  const std::uint32_t lower = used_levels_ & ((1U << level) - 1);
  for (std::uint32_t left = lower; left != 0; left &= left - 1) {
    const auto each = static_cast<unsigned>(std::countr_zero(left));
    while (used_[each] != 0) {
      const auto digit = static_cast<unsigned>(std::countr_zero(used_[each]));
      for (const Entry& entry : take_bucket(each, digit)) put_far(entry);
    }
  }
}

// True if the entry is dead; its slot is free then.
bool TimerQueue::bury(const Entry& entry) noexcept {
  if (!is_dead(entry)) return false;
  free_.push_back(entry.slot);
  --dead_;
  return true;
}

void TimerQueue::bury_dead(Bucket& bucket) noexcept {
  std::erase_if(bucket, [this](const Entry& entry) { return bury(entry); });
}

void TimerQueue::bury_all_dead() noexcept {
  Entry* const end = near_.data() + end_;
  Entry* const living = std::remove_if(near_.data() + begin_, end,
                                       [this](const Entry& entry) { return bury(entry); });
  end_ -= static_cast<std::size_t>(end - living);
  for (std::uint32_t left = used_levels_; left != 0; left &= left - 1) {
    const auto level = static_cast<unsigned>(std::countr_zero(left));
    for (std::uint32_t some = used_[level]; some != 0; some &= some - 1) {
      const auto digit = static_cast<unsigned>(std::countr_zero(some));
      Bucket& bucket = far_[level][digit];
      bury_dead(bucket);
      if (bucket.empty()) take_bucket(level, digit);
    }
  }
}

}  // namespace weir
