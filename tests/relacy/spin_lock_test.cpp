// SpinLock: what one holder writes, the next one sees.

#include "tests/relacy/checking.h"

#define atomic simulated_atomic
#include "weir/base/spin_lock.h"
#undef atomic

namespace weir::relacy {
namespace {

struct Sections : rl::test_suite<Sections, 3> {
  SpinLock lock;
  rl::var<int> count;

  void before() { count(RL_INFO) = 0; }
  void thread(unsigned index) {
    if (index == 0 && lock.try_lock()) {
      count(RL_INFO) += 1;
      lock.unlock();
      return;
    }
    lock.lock();
    count(RL_INFO) += 1;
    lock.unlock();
  }
  void after() { RL_ASSERT(count(RL_INFO) == 3); }
};

TEST(SpinLockRelacy, ExcludesAndPublishes) {
  expect_sound<Sections>(50'000);
}

TEST(SpinLockRelacy, NeedsItsReleaseAndItsAcquire) {
  expect_found<Sections>(Weakened::release, 50'000);
  expect_found<Sections>(Weakened::acquire, 50'000);
}

}  // namespace
}  // namespace weir::relacy
