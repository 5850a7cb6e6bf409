// Deadlines of one processor, earliest first.
//
// The order is total: equal deadlines fire in the order in which they were added, so that a run in
// virtual time depends on its seed and on nothing else.
//
// The next few timers stand in a short sorted array, all others in buckets: one for each digit, in
// base 16, in which a timer's place in the order first differs from the last that belongs into the
// array. When the array is empty the earliest bucket is poured into it, or into the buckets below
// if it is large; when it is full its later half moves out. So an entry moves a few times, to the
// end of an array, whatever the number of timers; in a heap of a million each step would be a cache
// miss, and in one of a hundred a branch that cannot be guessed. Equal deadlines differ in their
// place among equals, so a bucket can always be divided. Entries bear their keys, and no timer is
// touched while they move. A timer that is cancelled, as most timeouts are, leaves its entry
// behind, dead; most die in a bucket and are never sorted. The entry that is next is never dead.
//
// Turned down: a timing wheel, since the laboratory jumps hours at a time, which a wheel would
// walk, and counts nanoseconds, which a wheel rounds; a heap of all timers, each of which knows its
// place; a heap in the place of the array, which costs twice as much when it is well filled.
//
// Source: the radix heap of Ahuja, Mehlhorn, Orlin and Tarjan (1990), with a sorted list at its
// lower end as in the ladder queue of Tang, Goh and Thng (2005), so that timers may come before
// others.
//
// Not synchronised. The scheduler that owns the queue guards it.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "weir/base/time.h"

namespace weir {

class WakeList;

// One deadline. It lives in the frame or object of whoever waits for it, and must have fired or
// been cancelled before that ends.
class Timer {
 public:
  Timer() = default;
  explicit Timer(TimePoint deadline) : deadline_(deadline) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  TimePoint deadline() const { return deadline_; }

  // Requires: the timer is not armed.
  void set_deadline(TimePoint deadline) { deadline_ = deadline; }

  // Called once when the deadline has come; adds whom to wake to `wakes`. When the call has
  // returned, the timer may be gone. By default the lock of the timer's queue is held, so that a
  // timer which is cancelled is out of reach, and the scheduler must not be called.
  virtual void expire(WakeList& wakes) noexcept = 0;

  // The scheduler ends and the timer, which is still armed, will not fire. Nothing runs any more.
  virtual void drop() noexcept {}

  // If set before the timer is armed, expire() is called with no lock held: the timer has to keep
  // itself alive between the moment when cancelling fails and the call.
  bool expires_unlocked = false;

  static constexpr std::uint32_t unqueued = UINT32_MAX;

  // For the scheduler: which queue holds the timer and as what, whether it ends the hold of a
  // processor, and the next of those that are due.
  std::uint32_t home = 0;
  std::uint32_t slot = unqueued;
  bool holds_processor = false;
  Timer* due_next = nullptr;

 protected:
  ~Timer() = default;

 private:
  TimePoint deadline_{};
};

class TimerQueue {
 public:
  // Cost: O(1), spread over the calls.
  void add(Timer& timer);

  // False if the timer is not here: it has fired. Cost: O(1), spread over the calls.
  bool remove(Timer& timer) noexcept;

  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return size_; }

  // The earliest deadline, time_never when empty.
  TimePoint next_deadline() const { return empty() ? time_never : deadline_of(next().key); }

  // Takes out the earliest timer. Requires: not empty. Cost: O(1), spread over the calls.
  Timer& pop() noexcept;

  // Takes out all timers and tells them that they will not fire.
  void drop_all() noexcept;

 private:
  using Key = std::uint64_t;                      // a deadline, with the order of unsigned numbers
  __extension__ using Order = unsigned __int128;  // a key, then the place among equal deadlines
  static constexpr unsigned digit_bits = 4;
  static constexpr unsigned digits = 1U << digit_bits;
  static constexpr unsigned levels = 128 / digit_bits;
  static constexpr std::size_t near_max = 48;

  struct Entry {
    Key key = 0;
    std::uint64_t ticket = 0;
    std::uint32_t slot = 0;  // of timers_

    Order order() const { return Order{key} << 64 | ticket; }
  };
  using Bucket = std::vector<Entry>;

  static Key key_of(TimePoint deadline);
  static TimePoint deadline_of(Key key);
  static unsigned level_of(Order difference);

  // Requires: not empty.
  const Entry& next() const { return near_[begin_]; }

  std::uint32_t give_slot(Timer& timer);
  bool is_dead(const Entry& entry) const { return timers_[entry.slot] == nullptr; }

  void put(const Entry& entry);
  void put_far(const Entry& entry);
  void put_near(const Entry& entry);
  void move_near(std::size_t begin) noexcept;
  void pop_near() noexcept;

  Bucket take_bucket(unsigned level, unsigned digit) noexcept;
  void give_back(unsigned level, unsigned digit, Bucket emptied) noexcept;
  Order last_of_bucket(unsigned level, unsigned digit) const noexcept;
  void settle() noexcept;
  void pour() noexcept;
  void spill();
  void lower_to(Order last);
  bool bury(const Entry& entry) noexcept;
  void bury_dead(Bucket& bucket) noexcept;
  void bury_all_dead() noexcept;

  // The next ones, from begin_ to end_, at most near_max; none only if there are no others. There
  // is room on both sides: most come among the first of them, or behind the last.
  std::array<Entry, 2 * near_max> near_;
  std::size_t begin_ = near_max;
  std::size_t end_ = near_max;
  Order near_last_ = ~Order{0};  // what is not later belongs into near_
  std::array<std::array<Bucket, digits>, levels> far_;
  std::array<std::uint16_t, levels> used_{};  // bit d: far_[level][d] is not empty
  std::uint32_t used_levels_ = 0;             // bit l: used_[l] is not 0

  std::size_t size_ = 0;             // timers
  std::size_t dead_ = 0;             // entries without one
  std::vector<Timer*> timers_;       // by slot; null: not in use, or of a dead entry
  std::vector<std::uint32_t> free_;  // slots that no entry has; room for all
  std::uint64_t next_ticket_ = 0;
};

}  // namespace weir
