// Deadlines of one processor, earliest first.
//
// The order is total: equal deadlines fire in the order in which they were added, so that a run in
// virtual time depends on its seed and on nothing else. A timer knows its place, and is taken out
// at once when it is cancelled: most timeouts are.
//
// A heap of four children a node, not a timing wheel: the laboratory jumps hours at a time, which a
// wheel would walk, and counts nanoseconds, which a wheel rounds.
//
// Not synchronised. The scheduler that owns the queue guards it.

#pragma once

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

  static constexpr std::size_t unqueued = SIZE_MAX;

  // For the scheduler: which queue holds the timer and where, whether it ends the hold of a
  // processor, and the next of those that are due.
  std::size_t slot = unqueued;
  std::uint32_t home = 0;
  bool holds_processor = false;
  Timer* due_next = nullptr;

 protected:
  ~Timer() = default;

 private:
  TimePoint deadline_{};
};

class TimerQueue {
 public:
  // Cost: O(log n).
  void add(Timer& timer);

  // False if the timer is not here: it has fired. Cost: O(log n).
  bool remove(Timer& timer) noexcept;

  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }

  // The earliest deadline, time_never when empty.
  TimePoint next_deadline() const { return heap_.empty() ? time_never : heap_[0].deadline; }

  // Takes out the earliest timer. Requires: not empty.
  Timer& pop() noexcept;

  // Takes out all timers and tells them that they will not fire.
  void drop_all() noexcept;

 private:
  struct Entry {
    TimePoint deadline;
    std::uint64_t ticket;  // place among equal deadlines
    Timer* timer;

    bool before(const Entry& other) const {
      return deadline != other.deadline ? deadline < other.deadline : ticket < other.ticket;
    }
  };

  void place(std::size_t slot, const Entry& entry);
  void sift_up(std::size_t slot, const Entry& entry);
  void sift_down(std::size_t slot, const Entry& entry);

  std::vector<Entry> heap_;
  std::uint64_t next_ticket_ = 0;
};

}  // namespace weir
