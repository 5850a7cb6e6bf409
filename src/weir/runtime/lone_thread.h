// The lone thread: the only one that runs tasks for now, which takes no locks.
//
// While one thread runs all tasks of a process, because its run has one processor or because the
// others of its crew rest (crew.h), what tasks share has to be guarded only against threads that
// may come, and mostly do not. To the lone thread a RunLock is a section: a store before, a store
// after, and some loads, instead of a locked instruction, which would be half the cost of an
// operation on a channel.
//
// Any other thread may come at any time. It takes the lock for real, finds that there is a lone
// thread, and ends that: it takes the title away, has the kernel put a memory barrier into every
// running thread, and waits until the lone thread is in no section. From there on that one takes
// locks as well. That costs the newcomer some microseconds, and the other nothing that it waits
// for.
//
// Why they exclude each other (tests/model tries all orders, with store buffers). The lone thread
// says "inside" and then looks at the title; the newcomer takes the title away, and then looks at
// "inside"; thanks to the barrier one of them sees the other. Until the newcomer has looked, the
// title stays taken, not free: another newcomer, at another lock, waits too. When the title is new,
// the lone thread finds a lock that somebody holds already: it says who it is before it looks at a
// lock, the newcomer takes the lock before it asks for a lone thread, all sequentially consistent.
// It waits for such a lock as everybody does, outside of sections. No RunLock may be taken under
// another one: the inner section would end the outer one. And a lock vouches for what it guards
// only: the word of a select, which several containers reach, stays atomic.
//
// The title is given and taken under change_lock_, and the thread that has had it takes that lock
// once more before it ends, so nobody looks at the `inside` of a thread that is gone. The child of
// a fork has one thread, and begins without a title.
//
// Turned down: giving the title back between two slices only (a newcomer would wait for a task that
// computes), and asking "is only one thread alive?" (the monitor is one, and so is a thread that
// never comes near).

#pragma once

#include <atomic>
#include <cassert>

#include "weir/base/spin_lock.h"

namespace weir {

class LoneThread {
 public:
  // A run begins, before its threads do, and ends, after them. Any thread.
  static void begin_run() noexcept;
  static void end_run() noexcept;

  // The calling thread is lone from here on, unless there is another run, another lone thread, or
  // no barrier to be had from the kernel. Requires: no other thread runs tasks now, as far as it
  // knows; it holds no lock.
  static void enter() noexcept;
  static void leave() noexcept;

  // True on the lone thread; the next moment it may be false.
  static bool here() noexcept { return title_.load(std::memory_order_relaxed) == &pass_; }

  // True if the caller is the lone thread, and stays so until end_section(). Sections do not nest.
  static bool begin_section() noexcept {
    assert(!pass_.inside.load(std::memory_order_relaxed) && "a lock was taken under another one");
    if (!here()) return false;
    pass_.inside.store(true, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // the rest is end()'s barrier
    if (here()) [[likely]]
      return true;
    end_section();
    return false;
  }

  static void end_section() noexcept { pass_.inside.store(false, std::memory_order_release); }

  // True if a thread other than the caller is lone, or may still be in its last section.
  static bool elsewhere() noexcept {
    const Pass* title = title_.load(std::memory_order_seq_cst);
    return title != nullptr && title != &pass_;
  }

  // Takes the title from whoever has it; who had it is in no section any more when this returns.
  // Requires: the caller is in no section.
  static void end() noexcept;

 private:
  struct Pass {
    std::atomic<bool> inside = false;
  };

  static bool begin_process() noexcept;
  static void begin_child() noexcept;

  static constinit std::atomic<int> runs_;
  static constinit std::atomic<bool> has_barriers_;  // the kernel makes them
  static constinit SpinLock change_lock_;
  static constinit std::atomic<const Pass*> title_;  // written under change_lock_
  static constinit Pass taken_;  // in place of a title that is being taken away; nobody's
  [[gnu::tls_model("initial-exec")]] static constinit thread_local Pass pass_;
};

}  // namespace weir
