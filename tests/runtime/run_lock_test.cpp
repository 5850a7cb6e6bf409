// The lock that is free within its own virtual run and a lock everywhere else.

#include "weir/runtime/run_lock.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "weir/runtime/run.h"

namespace weir {
namespace {

// Threads that count with plain additions under the lock.
int count_under(RunLock& lock) {
  constexpr int rounds = 20'000;
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const RunLock::Guard guard(lock);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return count;
}

TEST(RunLock, ExcludesThreadsWhenItWasMadeOutsideOfARun) {
  RunLock lock;
  EXPECT_EQ(count_under(lock), 60'000);
}

TEST(RunLock, ExcludesThreadsOnceTheVirtualRunIsOverInWhichItWasMade) {
  auto root = []() -> Task<std::unique_ptr<RunLock>> { co_return std::make_unique<RunLock>(); };
  const auto lock = run_virtual(root());
  EXPECT_EQ(count_under(*lock), 60'000);
}

TEST(RunLock, ExcludesThreadsWhenItWasMadeInRealTime) {
  auto root = []() -> Task<int> {
    RunLock lock;
    co_return count_under(lock);
  };
  EXPECT_EQ(run(root(), {.processors = 2}), 60'000);
}

TEST(RunLock, ExcludesNobodyInItsOwnVirtualRun) {
  auto root = []() -> Task<> {
    RunLock lock;
    const RunLock::Guard guard(lock);
    const RunLock::Guard again(lock);  // Would wait for ever if it were held.
    co_return;
  };
  run_virtual(root());
}

}  // namespace
}  // namespace weir
