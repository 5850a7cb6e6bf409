// The lock of what tasks share: free of charge where nobody else can be about.
//
// A virtual run has one thread, and nobody outside may touch what its tasks share while it lasts
// (virtual_scheduler.h). So a lock that was made in it excludes nobody there, and is not taken.
// Everywhere else it is a LoneLock.

#pragma once

#include "weir/runtime/lone_lock.h"
#include "weir/runtime/scheduler.h"

namespace weir {

class RunLock {
  enum class Hold { locked, section, home };

 public:
  RunLock() noexcept : home_(running.scheduler) {
    if (home_ != nullptr && !home_->has_one_thread()) home_ = nullptr;
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
    if (home_ != nullptr && home_ == running.scheduler) return Hold::home;
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
