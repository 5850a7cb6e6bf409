#include "weir/sync/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

CONCURRENCY_TEST(Semaphore, AdmitsAsManyAsItHasPermits) {
  Semaphore semaphore(3);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  WaitGroup all;
  for (int i = 0; i < 10; ++i) {
    all.go(
        [](Semaphore& permits, std::atomic<int>& count, std::atomic<int>& peak) -> Task<> {
          for (int round = 0; round < 5; ++round) {
            co_await permits.acquire();
            const int present = ++count;
            int seen = peak;
            while (seen < present && !peak.compare_exchange_weak(seen, present)) continue;
            co_await yield();
            --count;
            permits.release();
          }
        },
        std::ref(semaphore), std::ref(inside), std::ref(most));
  }
  co_await all.wait();
  EXPECT_LE(most, 3);
  EXPECT_EQ(semaphore.available(), 3);
}

CONCURRENCY_TEST(Semaphore, TryingTakesWhatIsFree) {
  Semaphore semaphore(3);
  EXPECT_TRUE(semaphore.try_acquire(2));
  EXPECT_FALSE(semaphore.try_acquire(2));
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
  semaphore.release(3);
  EXPECT_EQ(semaphore.available(), 3);
  co_return;
}

Task<> take(Semaphore& semaphore, std::int64_t permits, std::vector<std::int64_t>& order) {
  co_await semaphore.acquire(permits);
  order.push_back(permits);
}

VIRTUAL_TEST(Semaphore, ServesInTheOrderOfArrival) {
  Semaphore semaphore(0, 3);
  std::vector<std::int64_t> order;
  WaitGroup all;
  for (std::int64_t permits : {3, 1, 2}) {
    all.go(take, std::ref(semaphore), permits, std::ref(order));
    co_await sleep(1ms);
  }

  semaphore.release(2);  // Enough for those behind, but nobody passes.
  co_await sleep(1ms);
  EXPECT_TRUE(order.empty());
  EXPECT_FALSE(semaphore.try_acquire());
  semaphore.release(1);
  co_await sleep(1ms);
  EXPECT_EQ(order, (std::vector<std::int64_t>{3}));
  semaphore.release(1);
  co_await sleep(1ms);
  EXPECT_EQ(order, (std::vector<std::int64_t>{3, 1}));
  semaphore.release(2);
  co_await all.wait();

  EXPECT_EQ(order, (std::vector<std::int64_t>{3, 1, 2}));
  EXPECT_EQ(semaphore.available(), 0);
}

VIRTUAL_TEST(Semaphore, OneReleaseServesAllThatItCan) {
  Semaphore semaphore(0, 4);
  std::vector<std::int64_t> order;
  WaitGroup all;
  for (std::int64_t permits : {2, 1, 1}) {
    all.go(take, std::ref(semaphore), permits, std::ref(order));
    co_await sleep(1ms);
  }
  semaphore.release(4);
  co_await all.wait();
  EXPECT_EQ(order.size(), 3u);
}

VIRTUAL_TEST(Semaphore, ACancelledWaitTakesNothing) {
  Semaphore semaphore(1, 2);
  auto [context, cancel] = with_timeout(background(), 5ms);

  const bool taken = co_await semaphore.acquire(context, 2);

  EXPECT_FALSE(taken);
  EXPECT_EQ(semaphore.available(), 1);
  const bool with_a_dead_context = co_await semaphore.acquire(context, 1);
  EXPECT_FALSE(with_a_dead_context);
  EXPECT_EQ(semaphore.available(), 1);
}

VIRTUAL_TEST(Semaphore, WhoGivesUpLetsThoseBehindGo) {
  Semaphore semaphore(1, 5);
  std::vector<std::int64_t> order;
  WaitGroup all;
  const TimePoint start = now();
  all.go(
      [](Semaphore& permits) -> Task<> {
        auto [context, cancel] = with_timeout(background(), 10ms);
        const bool taken = co_await permits.acquire(context, 5);
        EXPECT_FALSE(taken);
      },
      std::ref(semaphore));
  co_await sleep(1ms);
  all.go(take, std::ref(semaphore), 1, std::ref(order));
  co_await sleep(1ms);
  EXPECT_TRUE(order.empty());

  co_await all.wait();

  EXPECT_EQ(order.size(), 1u);
  EXPECT_EQ(now(), start + 10ms);
}

CONCURRENCY_TEST(Semaphore, ASelectMayAcquire) {
  Semaphore semaphore(1);
  auto silent = make_channel<int>();
  auto permits = acquire_from(semaphore);
  auto never = receive_from(silent);

  const int chosen = co_await select(never, permits);
  EXPECT_EQ(chosen, 1);
  EXPECT_TRUE(permits);
  EXPECT_EQ(semaphore.available(), 0);
  EXPECT_EQ(try_select(permits), -1);
  EXPECT_FALSE(permits);
  semaphore.release();
  EXPECT_EQ(try_select(permits), 0);
}

// Waits of all kinds that give up at all moments: no permit is lost and none is invented.
CONCURRENCY_TEST(Semaphore, CancellationsLoseNoPermit) {
  Semaphore semaphore(4);
  WaitGroup all;
  for (int i = 0; i < 8; ++i) {
    all.go(
        [](Semaphore& permits, int number) -> Task<> {
          for (int round = 0; round < 10; ++round) {
            auto [context, cancel] =
                with_timeout(background(), Duration((number * round) % 7 * 100));
            const std::int64_t wanted = 1 + (number + round) % 4;
            const bool taken = co_await permits.acquire(context, wanted);
            co_await yield();
            if (taken) permits.release(wanted);
          }
        },
        std::ref(semaphore), i);
  }
  co_await all.wait();
  EXPECT_EQ(semaphore.available(), 4);
}

// What waits when a run ends is taken apart in order; the first one's end serves the second.
Task<> leave_waiters() {
  auto semaphore = std::make_shared<Semaphore>(1, 5);
  for (std::int64_t permits : {5, 1}) {
    go([](std::shared_ptr<Semaphore> shared,
          std::int64_t wanted) -> Task<> { co_await shared->acquire(wanted); },
       semaphore, permits);
    co_await yield();
  }
}

TEST(Semaphore, WaitersThatAreLeftDoNotHauntTheNextRun) {
  for (int processors : {1, 2}) {
    Runtime runtime({.processors = processors, .on_leak = OnLeak::ignore});
    for (int i = 0; i < 3; ++i) runtime.run(leave_waiters());
  }
  run_virtual(leave_waiters(), {.on_leak = OnLeak::ignore});
}

TEST(SemaphoreDeathTest, AsksForPermitsAboveZero) {
  Semaphore semaphore(1);
  EXPECT_DEATH((void)semaphore.try_acquire(0), "no permits, or fewer");
  EXPECT_DEATH(semaphore.release(-1), "no permits, or fewer");
  EXPECT_DEATH(Semaphore(-1, 1), "fewer than no permits");
  EXPECT_DEATH(Semaphore(2, 1), "more permits than it may ever have");
}

TEST(SemaphoreDeathTest, WhatCanNeverBeHadStopsTheProgram) {
  Semaphore semaphore(2);
  EXPECT_DEATH((void)semaphore.try_acquire(3), "semaphore_test.*more permits were asked");
  EXPECT_DEATH((void)acquire_from(semaphore, 3), "more permits were asked");
  EXPECT_DEATH(
      run_virtual([](Semaphore& permits) -> Task<> { co_await permits.acquire(3); }(semaphore)),
      "more permits were asked");
}

TEST(SemaphoreDeathTest, PermitsThatWereNotTakenAreNotGivenBack) {
  Semaphore semaphore(2);
  EXPECT_TRUE(semaphore.try_acquire());
  semaphore.release();
  EXPECT_DEATH(semaphore.release(), "semaphore_test.*than were taken");
}

}  // namespace
}  // namespace weir
