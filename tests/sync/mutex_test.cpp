#include "weir/sync/mutex.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

static_assert(!std::is_copy_constructible_v<MutexLock>);

CONCURRENCY_TEST(Mutex, LetsOneTaskInAtATime) {
  Mutex mutex;
  int count = 0;  // not atomic: the mutex guards it
  WaitGroup all;
  for (int i = 0; i < 10; ++i) {
    all.go(
        [](Mutex& guard, int& shared) -> Task<> {
          for (int round = 0; round < 10; ++round) {
            const auto held = co_await guard.lock();
            const int before = shared;
            co_await yield();
            shared = before + 1;
          }
        },
        std::ref(mutex), std::ref(count));
  }
  co_await all.wait();
  EXPECT_EQ(count, 100);
}

Task<> enter(Mutex& mutex, std::vector<int>& order, int number) {
  const auto held = co_await mutex.lock();
  order.push_back(number);
  co_await sleep(1ms);
}

VIRTUAL_TEST(Mutex, ServesInTheOrderOfArrival) {
  Mutex mutex;
  std::vector<int> order;
  WaitGroup all;
  {
    const auto held = co_await mutex.lock();
    for (int i = 0; i < 5; ++i) {
      all.go(enter, std::ref(mutex), std::ref(order), i);
      co_await sleep(1ms);
    }
  }
  // Unlocked, and yet another one's: nobody passes.
  EXPECT_FALSE(mutex.try_lock());
  all.go(enter, std::ref(mutex), std::ref(order), 5);
  co_await all.wait();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

CONCURRENCY_TEST(Mutex, TryingGivesAnEmptyLockWhenItIsHeld) {
  Mutex mutex;
  {
    const auto held = mutex.try_lock();
    EXPECT_TRUE(held);
    const auto second = mutex.try_lock();
    EXPECT_FALSE(second);
  }
  EXPECT_TRUE(mutex.try_lock());
  EXPECT_TRUE(mutex.try_lock());
  co_return;
}

CONCURRENCY_TEST(Mutex, ALockMovesWithItsOwner) {
  Mutex mutex;
  MutexLock outer;
  EXPECT_FALSE(outer);
  {
    auto held = co_await mutex.lock();
    outer = std::move(held);
  }
  EXPECT_FALSE(mutex.try_lock());
  outer = MutexLock();
  EXPECT_TRUE(mutex.try_lock());
}

CONCURRENCY_TEST(Mutex, ALockMayBeHandedToAnotherTask) {
  Mutex mutex;
  auto locks = make_channel<MutexLock>();
  auto other = go(
      [](Receiver<MutexLock> in, Mutex& guard) -> Task<> {
        auto held = co_await in.receive();
        EXPECT_TRUE(*held);
        EXPECT_FALSE(guard.try_lock());
      },
      Receiver<MutexLock>(locks), std::ref(mutex));
  auto held = co_await mutex.lock();
  co_await locks.send(std::move(held));
  EXPECT_FALSE(held);
  const auto next = co_await mutex.lock();  // when the other one has ended
  co_await other.join();
}

VIRTUAL_TEST(Mutex, AContextEndsTheWait) {
  Mutex mutex;
  const TimePoint start = now();
  auto [context, cancel] = with_timeout(background(), 5ms);
  auto held = co_await mutex.lock(context);
  EXPECT_TRUE(held);

  const auto second = co_await mutex.lock(context);
  EXPECT_FALSE(second);
  EXPECT_EQ(now(), start + 5ms);
  held = MutexLock();
  const auto with_a_dead_context = co_await mutex.lock(context);

  EXPECT_FALSE(with_a_dead_context);
  EXPECT_TRUE(mutex.try_lock());
}

// Waits that give up at all moments: the mutex is neither lost nor held by two.
CONCURRENCY_TEST(Mutex, CancellationsLoseNoLock) {
  Mutex mutex;
  int inside = 0;
  WaitGroup all;
  for (int i = 0; i < 8; ++i) {
    all.go(
        [](Mutex& guard, int& present, int number) -> Task<> {
          for (int round = 0; round < 10; ++round) {
            auto [context, cancel] =
                with_timeout(background(), Duration((number * round) % 7 * 100));
            const auto held = co_await guard.lock(context);
            if (!held) continue;
            EXPECT_EQ(++present, 1);
            co_await yield();
            --present;
          }
        },
        std::ref(mutex), std::ref(inside), i);
  }
  co_await all.wait();
  EXPECT_TRUE(mutex.try_lock());
}

CONCURRENCY_TEST(Mutex, ASelectMayLock) {
  Mutex mutex;
  auto held = co_await mutex.lock();
  LockCase locking(mutex, std::source_location::current());
  EXPECT_EQ(try_select(locking), -1);
  held = MutexLock();
  EXPECT_EQ(try_select(locking), 0);
  EXPECT_FALSE(mutex.try_lock());
  held = locking.take();
  EXPECT_FALSE(locking);
  EXPECT_FALSE(mutex.try_lock());
}

CONCURRENCY_TEST(Mutex, AnExceptionReleasesIt) {
  Mutex mutex;
  const auto failing = [](Mutex& guard) -> Task<> {
    const auto held = co_await guard.lock();
    throw std::runtime_error("broken");
  };
  auto task = failing(mutex);
  try {
    co_await task;
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(mutex.try_lock());
}

// The budget: who locks in a loop lets others have their turn.
TEST(Mutex, WhoLocksForEverLetsOthersRun) {
  run(
      []() -> Task<> {
        bool stop = false;
        auto other = go(
            [](bool& flag) -> Task<> {
              flag = true;
              co_return;
            },
            std::ref(stop));
        Mutex mutex;
        while (!stop) const auto held = co_await mutex.lock();
        co_await other.join();
      }(),
      {.processors = 1});
}

TEST(Mutex, ADeadlockNamesTheLock) {
  const std::string report = test::deadlock_of([]() -> Task<> {
    Mutex mutex;
    const auto held = co_await mutex.lock();
    const auto again = co_await mutex.lock();
  });
  EXPECT_NE(report.find("waits in lock at"), std::string::npos) << report;
}

// Frames that are left go in any order; the lock may outlive the mutex, and the other way round.
Task<> leave_a_locked_mutex(bool owner_waits) {
  auto shared = std::make_shared<std::optional<Mutex>>(std::in_place);
  const auto holder = [](std::shared_ptr<std::optional<Mutex>> mutex) -> Task<> {
    const auto held = co_await (*mutex)->lock();
    co_await Receiver<int>().receive();
  };
  const auto waiter = [](std::shared_ptr<std::optional<Mutex>> mutex) -> Task<> {
    const auto held = co_await (*mutex)->lock();
  };
  const auto owner = [](auto first) -> Task<> {
    Mutex mutex;
    go(first, std::ref(mutex));
    co_await Receiver<int>().receive();
  };
  if (owner_waits) {
    go(owner, [](Mutex& mutex) -> Task<> {
      const auto held = co_await mutex.lock();
      co_await Receiver<int>().receive();
    });
  }
  go(holder, shared);
  co_await yield();
  go(waiter, shared);
  co_await yield();
}

TEST(Mutex, LocksThatAreLeftDoNotHauntTheEnd) {
  for (bool owner_waits : {false, true}) {
    for (int processors : {1, 2}) {
      Runtime runtime({.processors = processors, .on_leak = OnLeak::ignore});
      for (int i = 0; i < 3; ++i) runtime.run(leave_a_locked_mutex(owner_waits));
    }
    run_virtual(leave_a_locked_mutex(owner_waits), {.on_leak = OnLeak::ignore});
  }
}

TEST(Mutex, IsFreeAfterARunThatLeftItLocked) {
  Mutex mutex;
  const auto leaving = [](Mutex& guard) -> Task<> {
    go(
        [](Mutex& inner) -> Task<> {
          const auto held = co_await inner.lock();
          co_await Receiver<int>().receive();
        },
        std::ref(guard));
    co_await yield();
  };
  run_virtual(leaving(mutex), {.on_leak = OnLeak::ignore});
  EXPECT_TRUE(mutex.try_lock());
}

TEST(MutexDeathTest, ALockedMutexIsNotDestroyed) {
  EXPECT_DEATH(run_virtual([]() -> Task<> {
                 std::optional<Mutex> mutex(std::in_place);
                 const auto held = co_await mutex->lock();
                 mutex.reset();
               }()),
               "destroyed while it was locked");
}

}  // namespace
}  // namespace weir
