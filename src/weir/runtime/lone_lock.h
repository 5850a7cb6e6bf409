// A SpinLock that costs the lone thread no locked instruction; see lone_thread.h. One byte.

#pragma once

#include "weir/base/spin_lock.h"
#include "weir/runtime/lone_thread.h"

namespace weir {

class LoneLock {
 public:
  // Holds the lock while it lives. Guards do not nest, of whatever locks.
  class Guard {
   public:
    explicit Guard(LoneLock& lock) noexcept : lock_(lock), in_section_(lock.take()) {}
    ~Guard() {
      if (in_section_) [[likely]] {
        LoneThread::end_section();
      } else {
        lock_.give_back();
      }
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    LoneLock& lock_;
    const bool in_section_;
  };

  // For owners that have more to tell apart: true if a section of the lone thread stands for the
  // lock, which then ends with that section and not with give_back().
  bool take() noexcept {
    if (try_section()) return true;
    lock_.lock();
    if (LoneThread::elsewhere()) [[unlikely]]
      LoneThread::end();
    return false;
  }
  void give_back() noexcept { lock_.unlock(); }

  // True on the lone thread if nobody holds the lock: then a section has begun that keeps others
  // out.
  bool try_section() noexcept {
    if (!LoneThread::begin_section()) return false;
    if (!lock_.is_held()) [[likely]]
      return true;
    LoneThread::end_section();  // Whoever holds it may be about to wait for that.
    return false;
  }

 private:
  SpinLock lock_;
};

}  // namespace weir
