// WaitGroup and TaskGroup.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/external_hold.h"
#include "weir/sync/sleep.h"
#include "weir/sync/task_group.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

Task<> count_up(std::atomic<int>& count) {
  co_await yield();
  ++count;
}

CONCURRENCY_TEST(WaitGroup, WaitsForAllItsTasks) {
  std::atomic<int> count = 0;
  WaitGroup all;
  for (int i = 0; i < 20; ++i) all.go(count_up, std::ref(count));
  co_await all.wait();
  EXPECT_EQ(count, 20);
}

CONCURRENCY_TEST(WaitGroup, WithNothingToWaitForItGoesOn) {
  WaitGroup all;
  co_await all.wait();
  all.add(2);
  all.done();
  all.done();
  co_await all.wait();
}

CONCURRENCY_TEST(WaitGroup, WakesEveryWaiter) {
  WaitGroup gate;
  WaitGroup waiting;
  std::atomic<int> passed = 0;
  gate.add();
  for (int i = 0; i < 5; ++i) {
    waiting.go(
        [](WaitGroup& open, std::atomic<int>& count) -> Task<> {
          co_await open.wait();
          ++count;
        },
        std::ref(gate), std::ref(passed));
  }
  co_await yield();
  EXPECT_EQ(passed, 0);
  gate.done();
  co_await waiting.wait();
  EXPECT_EQ(passed, 5);
}

CONCURRENCY_TEST(WaitGroup, CanBeUsedAgain) {
  std::atomic<int> count = 0;
  WaitGroup all;
  for (int round = 1; round <= 5; ++round) {
    for (int i = 0; i < 3; ++i) all.go(count_up, std::ref(count));
    co_await all.wait();
    EXPECT_EQ(count, 3 * round);
  }
}

CONCURRENCY_TEST(WaitGroup, MayBeDestroyedAsSoonAsAWaitHasReturned) {
  std::atomic<int> count = 0;
  for (int round = 0; round < 50; ++round) {
    auto all = std::make_unique<WaitGroup>();
    for (int i = 0; i < 2; ++i) all->go(count_up, std::ref(count));
    co_await all->wait();
    all.reset();
  }
  EXPECT_EQ(count, 100);
}

TEST(WaitGroup, AForeignThreadMayCountDown) {
  run(
      []() -> Task<> {
        const ExternalHold hold;
        WaitGroup all;
        all.add(3);
        const std::jthread foreign([&] {
          for (int i = 0; i < 3; ++i) all.done();
        });
        co_await all.wait();
      }(),
      {.processors = 2, .on_leak = OnLeak::fail});
}

TEST(WaitGroupDeathTest, CountingBelowZeroStopsTheProgram) {
  WaitGroup all;
  EXPECT_DEATH(all.done(), "counted below zero");
}

TEST(WaitGroup, AnExceptionStopsTheRun) {
  const auto body = []() -> Task<> {
    WaitGroup all;
    all.go([]() -> Task<> {
      co_await yield();
      throw std::runtime_error("broken");
    });
    co_await all.wait();
  };
  EXPECT_THROW(run_virtual(body()), std::runtime_error);
  EXPECT_THROW(run(body(), {.processors = 2}), std::runtime_error);
}

Task<> fail_after(Duration delay, const char* text) {
  co_await sleep(delay);
  throw std::runtime_error(text);
}

Task<> wait_to_be_stopped(Context context, std::atomic<int>& stopped) {
  auto end = done(context);
  co_await select(end);
  ++stopped;
}

Task<std::string> failure_of(TaskGroup& group) {
  std::string text;
  try {
    co_await group.wait();
  } catch (const std::exception& failure) {
    text = failure.what();
  }
  co_return text;
}

CONCURRENCY_TEST(TaskGroup, WaitsForAllItsTasks) {
  std::atomic<int> count = 0;
  TaskGroup group;
  for (int i = 0; i < 20; ++i) group.go(count_up, std::ref(count));
  EXPECT_FALSE(group.context().cancelled());
  co_await group.wait();
  EXPECT_EQ(count, 20);
  EXPECT_TRUE(group.context().cancelled());
}

CONCURRENCY_TEST(TaskGroup, AFailureStopsTheSiblingsAndIsThrownOn) {
  std::atomic<int> stopped = 0;
  TaskGroup group;
  for (int i = 0; i < 3; ++i) {
    group.go(wait_to_be_stopped, group.context(), std::ref(stopped));
  }
  group.go(fail_after, Duration(1us), "first");

  auto failing = failure_of(group);
  const std::string text = co_await failing;

  EXPECT_EQ(text, "first");
  EXPECT_EQ(stopped, 3);
  EXPECT_EQ(group.context().cause().reason, Reason::failed);
}

VIRTUAL_TEST(TaskGroup, TheFirstOfSeveralFailuresIsThrown) {
  TaskGroup group;
  group.go(fail_after, Duration(3ms), "late");
  group.go(fail_after, Duration(1ms), "early");
  group.go(fail_after, Duration(2ms), "later");
  auto failing = failure_of(group);
  const std::string text = co_await failing;
  EXPECT_EQ(text, "early");
}

CONCURRENCY_TEST(TaskGroup, IsStoppedByItsParent) {
  auto [context, cancel] = with_cancel(background());
  std::atomic<int> stopped = 0;
  TaskGroup group(context);
  for (int i = 0; i < 3; ++i) {
    group.go(wait_to_be_stopped, group.context(), std::ref(stopped));
  }
  co_await yield();
  cancel();
  co_await group.wait();
  EXPECT_EQ(stopped, 3);
}

CONCURRENCY_TEST(TaskGroup, CanStopItsTasks) {
  std::atomic<int> stopped = 0;
  TaskGroup group;
  group.go(wait_to_be_stopped, group.context(), std::ref(stopped));
  group.cancel();
  co_await group.wait();
  EXPECT_EQ(stopped, 1);
  EXPECT_EQ(group.context().cause().reason, Reason::cancelled);
}

CONCURRENCY_TEST(TaskGroup, MayBeDestroyedAsSoonAsItsWaitHasReturned) {
  std::atomic<int> count = 0;
  for (int round = 0; round < 30; ++round) {
    auto group = std::make_unique<TaskGroup>();
    for (int i = 0; i < 2; ++i) group->go(count_up, std::ref(count));
    co_await group->wait();
    group.reset();
  }
  EXPECT_EQ(count, 60);
}

CONCURRENCY_TEST(TaskGroup, ItsTasksMayStartMoreOfIt) {
  std::atomic<int> count = 0;
  TaskGroup group;
  group.go(
      [](TaskGroup& all, std::atomic<int>& number) -> Task<> {
        for (int i = 0; i < 5; ++i) all.go(count_up, std::ref(number));
        co_return;
      },
      std::ref(group), std::ref(count));
  co_await group.wait();
  EXPECT_EQ(count, 5);
}

TEST(TaskGroupDeathTest, ToForgetTheWaitStopsTheProgram) {
  EXPECT_DEATH(run_virtual([]() -> Task<> {
                 TaskGroup group;
                 group.go(fail_after, Duration(1ms), "unseen");
                 co_return;
               }()),
               "a TaskGroup was destroyed while its tasks may run");
}

}  // namespace
}  // namespace weir
