// The lock of what tasks share: free of charge where nobody else can be about.
//
// A virtual run has one thread, and nobody outside may touch what its tasks share while it lasts
// (virtual_scheduler.h). So a lock that was made in it excludes nobody there, and is not taken. Nor
// is any lock taken by the thread of the lone run (lone_run.h). Everywhere else it is a SpinLock.

#pragma once

#include "weir/base/spin_lock.h"
#include "weir/runtime/lone_run.h"
#include "weir/runtime/scheduler.h"

namespace weir {

class RunLock {
 public:
  RunLock() noexcept : home_(running.scheduler) {
    if (home_ != nullptr && !home_->has_one_thread()) home_ = nullptr;
  }

  void lock() noexcept {
    if (at_home()) return;
    if (LoneRun::here()) return lock_.await_free();
    lock_.lock();
    if (LoneRun::elsewhere()) [[unlikely]]
      end_lone_run();
  }
  void unlock() noexcept {
    if (!at_home() && !LoneRun::here()) lock_.unlock();
  }

 private:
  bool at_home() const noexcept { return home_ != nullptr && home_ == running.scheduler; }
  void end_lone_run() noexcept;

  const Scheduler* home_;  // null: made outside of virtual time
  SpinLock lock_;
};

}  // namespace weir
