// The lock of what tasks share: free of charge where nobody else can be about.
//
// A virtual run has one thread, and nobody outside may touch what its tasks share while it lasts
// (virtual_scheduler.h). So a lock that was made in it excludes nobody there, and is not taken.
// Everywhere else it is a LoneLock.

#pragma once

#include <atomic>

#include "weir/runtime/lone_lock.h"
#include "weir/runtime/scheduler.h"

namespace weir {

class RunLock {
  enum class Hold { locked, section, home };

 public:
  RunLock() noexcept { belong_to(running.scheduler); }

  // Of what only the tasks of that scheduler share, wherever it was made. Before anybody holds it.
  void belong_to(const Scheduler* scheduler) noexcept {
    home_ = scheduler != nullptr && scheduler->has_one_thread() ? scheduler : nullptr;
  }

  // Whether nobody else can be about.
  bool is_home() const noexcept { return home_ != nullptr && home_ == running.scheduler; }

  // Adds to a count that is changed without the lock, and gives what it was before: at home with no
  // locked instruction.
  template <class T>
  T add_to(std::atomic<T>& count, T amount, std::memory_order order) const noexcept {
    if (!is_home()) return count.fetch_add(amount, order);
    const T before = count.load(std::memory_order_relaxed);
    count.store(before + amount, std::memory_order_relaxed);
    return before;
  }

  // Holds the lock while it lives. Guards do not nest, of whatever locks.
  class Guard {
   public:
    explicit Guard(RunLock& lock) noexcept : lock_(lock), hold_(lock.take()) {}
    ~Guard() { lock_.give_back(hold_); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    RunLock& lock_;
    const Hold hold_;
  };

 private:
  Hold take() noexcept {
    if (is_home()) return Hold::home;
    return lock_.take() ? Hold::section : Hold::locked;
  }

  void give_back(Hold hold) noexcept {
    if (hold == Hold::section) [[likely]] {
      LoneThread::end_section();
    } else if (hold == Hold::locked) {
      lock_.give_back();
    }
  }

  const Scheduler* home_;  // null: made outside of virtual time
  LoneLock lock_;
};

}  // namespace weir
