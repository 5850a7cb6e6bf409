// The waiting part of SpinLock under relacy, where a thread that spins has to let others go.

#include "tests/relacy/simulated_atomic.h"

#define atomic simulated_atomic
#include "weir/base/spin_lock.h"
#undef atomic

namespace weir {

void spin_backoff(unsigned) noexcept {
  rl::yield(1, RL_INFO);
}

// As in base/spin_lock.cpp, which also names the operating system.
void SpinLock::wait() noexcept {
  for (unsigned round = 0;; ++round) {
    while (held_.load(std::memory_order_relaxed)) spin_backoff(round++);
    if (!held_.exchange(true, std::memory_order_acquire)) return;
  }
}

}  // namespace weir
