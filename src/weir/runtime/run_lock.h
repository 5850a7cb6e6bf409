// The lock of what tasks share: free of charge within the virtual run in which it was made.
//
// A virtual run has one thread, and nobody outside may touch what its tasks share while it lasts
// (virtual_scheduler.h). So a lock that was made in it excludes nobody there, and is not taken.
// Used anywhere else, before, after or in another run, it is a SpinLock.
//
// Turned down: eliding by thread ("is only one thread alive?"), which a foreign thread makes wrong.

#pragma once

#include "weir/base/spin_lock.h"
#include "weir/runtime/scheduler.h"

namespace weir {

class RunLock {
 public:
  RunLock() noexcept : home_(running.scheduler) {
    if (home_ != nullptr && !home_->has_one_thread()) home_ = nullptr;
  }

  void lock() noexcept {
    if (!at_home()) lock_.lock();
  }
  void unlock() noexcept {
    if (!at_home()) lock_.unlock();
  }

 private:
  bool at_home() const noexcept { return home_ != nullptr && home_ == running.scheduler; }

  const Scheduler* home_;  // null: made outside of virtual time
  SpinLock lock_;
};

}  // namespace weir
