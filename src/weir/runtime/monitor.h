// The thread of a run that looks after its processors.
//
// A processor whose thread blocks or computes cannot help itself: the monitor looks at each of them
// now and then, gives processors that are left inside a BlockingRegion to other threads, and says
// which task has computed for too long. While all processors sleep, it sleeps too, without a time
// limit: it costs nothing. It runs no code of the user's, and all signals are blocked in it.
//
// Falling asleep: it says so first and then looks once more; who has something to look at again
// says so first and then looks whether the monitor sleeps. Both are sequentially consistent, so one
// of the two sees the other.
//
// Source of the idea: Go's sysmon. Turned down: one monitor for all runs of a process, which saves
// 30 us a run, but leaves a thread behind, and with it a process that may no longer fork with ease.

#pragma once

#include <atomic>

#include "weir/base/time.h"
#include "weir/runtime/parker.h"
#include "weir/runtime/thread_job.h"

namespace weir {

class Monitor final : public ThreadJob {
 public:
  // What is looked at.
  class Subject {
   public:
    // Called on the monitor's thread. The result says how soon to look again, Duration::max() that
    // nothing runs; then wake() is called when something does.
    virtual Duration look() noexcept = 0;

   protected:
    ~Subject() = default;
  };

  explicit Monitor(Subject& subject) : subject_(subject) {}

  // Makes it ready to be run on a thread; that may be done once for each call.
  void begin() noexcept;

  // Looks until end() is called.
  void run_on_thread() noexcept override;

  // Any thread. The monitor may look once more before its thread ends.
  void end() noexcept;

  // Something runs again. Cost: one load, unless the monitor sleeps.
  void wake() noexcept {
    if (pace_.load(std::memory_order_seq_cst) == asleep) rouse(slow);
  }

  // Something should be looked at soon, and again shortly after. Cost: one load, and a call of the
  // system at most once in some milliseconds.
  void hurry() noexcept {
    if (pace_.load(std::memory_order_seq_cst) != quick) rouse(quick);
  }

 private:
  enum Pace : int { quick, slow, asleep };  // ordered: who wants it quicker rouses it

  void rouse(Pace pace) noexcept;

  Subject& subject_;
  std::atomic<int> pace_ = slow;
  std::atomic<bool> ending_ = false;
  Parker parker_;
};

}  // namespace weir
