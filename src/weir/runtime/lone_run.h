// The lone run: the only run of a process, on one processor, whose tasks take no locks.
//
// With one processor no two tasks run at a time, so what they share has to be guarded only against
// foreign threads, which most programs do not have. While the lone run's thread is in its loop, a
// RunLock costs it three loads instead of a locked instruction, which would be half the cost of an
// operation on a channel.
//
// Any other thread takes the lock for real, then finds the run lone, gives the lock back and asks
// the run to be lone no longer; it waits until the run says so, which is between two slices. That
// happens once a run, and costs the foreign thread a slice's length at most; a run that sleeps is
// not lone, and one that knows that foreign threads will come (an ExternalHold, blocking(), a
// BlockingRegion, a descriptor) gives up at once.
//
// Why the two exclude each other: the run says "lone" and then looks at each lock before it goes
// on, the foreign thread takes its lock and then looks for "lone", all sequentially consistent, so
// one of them sees the other: either the run waits for the lock to be given back, or the foreign
// thread gives it back. "Lone" ends where the run holds nothing. No RunLock may be taken under
// another one, since its holder might wait for the run, and the run for it. And a lock vouches for
// what it guards only: the word of a select, which several containers reach, stays atomic.
//
// Turned down: "is only one thread alive?" (the monitor is one, and so is a thread that never comes
// near); asymmetric fences, which the thread sanitizer does not know.

#pragma once

#include <atomic>

namespace weir {

class LoneRun {
 public:
  // A run begins, before its threads do, and ends, after them. Any thread.
  static void begin_run() noexcept;
  static void end_run() noexcept;

  // The calling thread's run is lone from here on, unless there is another run or somebody has
  // asked for its end. Requires: the run has one processor, and the thread holds no lock.
  static void enter() noexcept;
  static void leave() noexcept;

  // True on the thread of the lone run.
  static bool here() noexcept { return here_; }

  // True if a foreign thread waits for the end.
  static bool asked() noexcept { return asked_.load(std::memory_order_relaxed); }

  // Requires: not here().
  static bool elsewhere() noexcept { return lone_.load(std::memory_order_seq_cst); }
  static void await_end() noexcept;

 private:
  static constinit std::atomic<int> runs_;
  static constinit std::atomic<bool> lone_;
  static constinit std::atomic<bool> asked_;
  [[gnu::tls_model("initial-exec")]] static constinit thread_local bool here_;
};

}  // namespace weir
