// Parker: no wake-up is lost, since what was done before an unpark is seen after the park it ends.

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

#include "tests/relacy/checking.h"

namespace weir::relacy {

// The system call of the futex, on a simulated word.
template <class Word>
long simulated_syscall(long, Word* word, int operation, std::uint32_t value,
                       const timespec* timeout, void*, int) {
  if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT) {
    word->futex_wait(value, timeout != nullptr);
  } else {
    word->futex_wake();
  }
  return 0;
}

}  // namespace weir::relacy

// The word is larger than the kernel's, since it is simulated.
#define atomic simulated_atomic
#define syscall weir::relacy::simulated_syscall
#define static_assert(...)
#include "weir/runtime/parker.cpp"
#undef static_assert
#undef syscall
#undef atomic

namespace weir::relacy {
namespace {

// One sleeper, two wakers, each with something to tell.
struct Wakers : rl::test_suite<Wakers, 3> {
  Parker parker;
  rl::atomic<int> told[2];

  void before() {
    told[0](RL_INFO) = 0;
    told[1](RL_INFO) = 0;
  }
  void thread(unsigned index) {
    if (index > 0) {
      told[index - 1](RL_INFO).store(1, rl::mo_relaxed);
      parker.unpark();
      return;
    }
    // Sleeps for ever if a wake-up is lost, which relacy calls a deadlock.
    while (told[0](RL_INFO).load(rl::mo_relaxed) + told[1](RL_INFO).load(rl::mo_relaxed) < 2) {
      parker.park(Duration::max());
    }
  }
};

TEST(ParkerRelacy, LosesNoWakeUp) {
  expect_sound<Wakers>(50'000);
}

TEST(ParkerRelacy, NeedsItsReleaseAndItsAcquire) {
  expect_found<Wakers>(Weakened::release, 50'000);
  expect_found<Wakers>(Weakened::acquire, 50'000);
}

}  // namespace
}  // namespace weir::relacy
