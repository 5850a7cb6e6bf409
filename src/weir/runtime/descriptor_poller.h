// Which file descriptors tasks wait for: one thread of a run waits in epoll for all of them.
//
// The thread begins with the first wait and ends with the run. Each descriptor is registered for
// one event (EPOLLONESHOT) with what its waiters want; an event serves all of them, and is armed
// anew if others are left. So a descriptor may have readers and writers at the same time, and any
// number of each.
//
// A wait may be served though another task has taken what was there: whoever reads or writes must
// not block, and waits again when there is nothing. A descriptor that cannot be waited for, as a
// plain file, is always ready. One that is not open is a bug and stops the program. A descriptor
// may not be closed while a task waits for it: the kernel forgets it without a word.
//
// The lock is held over epoll_ctl and over the claims of what is ready; a wait counts as a hold of
// the run (see ExternalHold) from watch() until its task has been made ready.

#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "weir/base/intrusive_list.h"
#include "weir/runtime/scheduler.h"
#include "weir/runtime/thread_job.h"

namespace weir {

class SpareThreads;

enum class Readiness { read, write };

// One wait of one task for one descriptor.
class DescriptorWait : public ListNode {
 public:
  DescriptorWait(int descriptor, Readiness wanted) : descriptor_(descriptor), wanted_(wanted) {}

  // Called once with the poller's lock held, when the descriptor is ready; adds whom to wake to
  // `wakes`.
  virtual void on_ready(WakeList& wakes) noexcept = 0;

 protected:
  ~DescriptorWait() = default;

  int descriptor() const noexcept { return descriptor_; }
  Readiness wanted() const noexcept { return wanted_; }

 private:
  friend class DescriptorPoller;

  const int descriptor_;
  const Readiness wanted_;
};

class DescriptorPoller final : public ThreadJob {
 public:
  DescriptorPoller(Scheduler& scheduler, SpareThreads& threads);
  ~DescriptorPoller();

  // Asks the system now. Also true if an error is to be fetched.
  static bool is_ready(const DescriptorWait& wait) noexcept;

  // Puts `wait` where it will be served. False, and nothing done, if the descriptor is one that is
  // always ready.
  bool watch(DescriptorWait& wait) noexcept;

  // Takes `wait` back; does nothing if it has been served.
  void unwatch(DescriptorWait& wait) noexcept;

  // Makes the thread end.
  void end() noexcept;

 private:
  struct Watched {
    List<DescriptorWait> readers;
    List<DescriptorWait> writers;
    bool registered = false;
  };

  void run_on_thread() noexcept override;
  bool arm(int descriptor, Watched& watched) noexcept;
  int serve(int descriptor, std::uint32_t events, WakeList& wakes) noexcept;

  Scheduler& scheduler_;
  int epoll_ = -1;
  int ending_ = -1;  // an eventfd

  std::mutex lock_;
  std::unordered_map<int, Watched> watched_;  // guarded by lock_
};

}  // namespace weir
