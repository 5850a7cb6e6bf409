// A lock of one byte for sections of a few dozen instructions.
//
// Its release is one store, the last touch of the lock's memory, so that it may live in an object
// that the next holder frees. A waiter spins, and after a while gives its thread's time slice away;
// nobody sleeps in the kernel, since no section under it parks, allocates or calls user code.
//
// Turned down: std::mutex. It costs twice as much when free, forty bytes instead of one, and its
// unlock may touch memory that is gone.

#pragma once

#include <atomic>

namespace weir {

class SpinLock {
 public:
  void lock() noexcept {
    if (held_.exchange(true, std::memory_order_seq_cst)) [[unlikely]]
      wait();
  }

  bool is_held() const noexcept { return held_.load(std::memory_order_seq_cst); }

  bool try_lock() noexcept { return !held_.exchange(true, std::memory_order_seq_cst); }

  void unlock() noexcept { held_.store(false, std::memory_order_release); }

 private:
  void wait() noexcept;

  std::atomic<bool> held_ = false;
};

// Tells the processor that this thread spins.
void spin_pause() noexcept;

// Waits a little longer each time it is called with a growing count.
void spin_backoff(unsigned round) noexcept;

}  // namespace weir
