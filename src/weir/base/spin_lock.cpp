#include "weir/base/spin_lock.h"

#include <sched.h>

namespace weir {

void spin_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void spin_backoff(unsigned round) noexcept {
  constexpr unsigned spins_before_yield = 64;
  if (round < spins_before_yield) {
    spin_pause();
  } else {
    sched_yield();  // The holder may have lost its core: on few cores spinning only delays it.
  }
}

void SpinLock::wait() noexcept {
  do {
    for (unsigned round = 0; held_.load(std::memory_order_relaxed); ++round) spin_backoff(round);
  } while (held_.exchange(true, std::memory_order_seq_cst));
}

}  // namespace weir
