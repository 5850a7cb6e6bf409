// How runs end: results, failures, deadlocks, livelocks, and tasks that are left.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/runtime/gate.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

// The same rules in both worlds.
enum class World { virtual_time, one_processor, two_processors, eight_processors };

class RunEnd : public ::testing::TestWithParam<World> {
 protected:
  template <class T>
  static T run_here(Task<T> root, OnLeak on_leak = OnLeak::fail) {
    switch (GetParam()) {
      case World::virtual_time:
        return run_virtual(std::move(root), {.on_leak = on_leak});
      case World::one_processor:
        return run(std::move(root), {.processors = 1, .on_leak = on_leak});
      case World::two_processors:
        return run(std::move(root), {.processors = 2, .on_leak = on_leak});
      case World::eight_processors:
        break;
    }
    return run(std::move(root), {.processors = 8, .on_leak = on_leak});
  }

  // What `Exception` says, "" if the run did not throw one.
  template <class Exception>
  static std::string message_of(Task<> root, OnLeak on_leak = OnLeak::fail) {
    try {
      run_here(std::move(root), on_leak);
    } catch (const Exception& exception) {
      return exception.what();
    }
    return {};
  }
};

std::string name_of(const ::testing::TestParamInfo<World>& world) {
  const char* names[] = {"VirtualTime", "OneProcessor", "TwoProcessors", "EightProcessors"};
  return names[static_cast<int>(world.param)];
}

INSTANTIATE_TEST_SUITE_P(Both, RunEnd,
                         ::testing::Values(World::virtual_time, World::one_processor,
                                           World::two_processors, World::eight_processors),
                         name_of);

std::string place(int line) {
  return "run_end_test.cpp:" + std::to_string(line);
}

Task<> waits(Gate& gate) {
  co_await gate.wait();
}

// Notes that the scope of the run was stopped.
struct NotingScope final : RunScope {
  NotingScope(bool& was_stopped, Gate& to_open) : stopped(was_stopped), gate(to_open) {}
  void stop() noexcept override {
    stopped = true;
    gate.open();
  }
  bool& stopped;
  Gate& gate;
};

TEST_P(RunEnd, GivesTheResultOfTheRoot) {
  auto root = []() -> Task<std::unique_ptr<int>> {
    co_await yield();
    co_return std::make_unique<int>(3);
  };
  EXPECT_EQ(*run_here(root()), 3);
}

TEST_P(RunEnd, ThrowsWhatLeftTheRootAndPrintsNothing) {
  auto root = []() -> Task<> {
    co_await yield();
    throw std::logic_error("from the root");
  };
  testing::internal::CaptureStderr();
  EXPECT_EQ(message_of<std::logic_error>(root()), "from the root");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_P(RunEnd, LetsReadyTasksRunUntilTheyPark) {
  std::atomic<int> steps = 0;
  auto root = [](std::atomic<int>& count) -> Task<> {
    for (int i = 0; i < 10; ++i) {
      go(
          [](std::atomic<int>& to) -> Task<> {
            for (int turn = 0; turn < 3; ++turn) {
              ++to;
              co_await yield();
            }
            go(
                [](std::atomic<int>& from_child) -> Task<> {
                  ++from_child;
                  co_return;
                },
                std::ref(to));
          },
          std::ref(count));
    }
    co_return;
  };
  run_here(root(steps));
  EXPECT_EQ(steps.load(), 40);
}

TEST_P(RunEnd, FiresNoTimerOnceTheRootHasEnded) {
  std::atomic<bool> fired = false;
  auto root = [](std::atomic<bool>& out) -> Task<> {
    go(
        [](std::atomic<bool>& to) -> Task<> {
          co_await sleep(1h);
          to = true;
        },
        std::ref(out));
    co_return;
  };
  run_here(root(fired), OnLeak::ignore);
  EXPECT_FALSE(fired);
}

TEST_P(RunEnd, FindsADeadlockAndNamesEveryTaskWithItsPlaces) {
  constexpr int first_line = __LINE__;
  auto root = [](Gate& gate) -> Task<> {
    go(waits(gate));
    auto self = go([](Gate& to) -> Task<> { co_await to.wait(); }, std::ref(gate));
    co_await self.join();
  };
  Gate gate;
  const std::string text = message_of<Deadlock>(root(gate));
  EXPECT_NE(text.find("all 3 tasks are asleep"), std::string::npos) << text;
  EXPECT_NE(text.find("started at"), std::string::npos) << text;
  EXPECT_NE(text.find(place(first_line + 2)), std::string::npos) << text;
  EXPECT_NE(text.find("waits in gate at"), std::string::npos) << text;
  EXPECT_NE(text.find("waits in join at"), std::string::npos) << text;
  EXPECT_NE(text.find(place(first_line + 4)), std::string::npos) << text;
}

TEST_P(RunEnd, FindsADeadlockAfterTimersHaveFired) {
  Gate gate;
  auto root = [](Gate& closed) -> Task<> {
    go([]() -> Task<> { co_await sleep(1ms); });
    co_await closed.wait();
  };
  EXPECT_NE(message_of<Deadlock>(root(gate)), "");
}

TEST_P(RunEnd, TakesNoSleeperForADeadlock) {
  Gate gate;
  auto root = [](Gate& closed) -> Task<> {
    go(
        [](Gate& to) -> Task<> {
          co_await sleep(2ms);
          to.open();
        },
        std::ref(closed));
    co_await closed.wait();
  };
  EXPECT_NO_THROW(run_here(root(gate)));
}

TEST_P(RunEnd, FailsOnALeakAndNamesWhereTheTaskWasStarted) {
  Gate gate;
  constexpr int line = __LINE__ + 2;
  auto root = [](Gate& closed) -> Task<> {
    go(waits(closed));
    co_await yield();
  };
  const std::string text = message_of<Leak>(root(gate));
  EXPECT_NE(text.find(place(line)), std::string::npos) << text;
  EXPECT_NE(text.find("waits in gate"), std::string::npos) << text;
}

TEST_P(RunEnd, ReportsALeakOnStandardErrorAndGivesTheResult) {
  Gate gate;
  auto root = [](Gate& closed) -> Task<int> {
    go(waits(closed));
    co_return 5;
  };
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_here(root(gate), OnLeak::report), 5);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("weir: tasks were left"), std::string::npos) << text;
  EXPECT_NE(text.find("run_end_test.cpp:"), std::string::npos) << text;
}

TEST_P(RunEnd, IgnoresALeakWhenTold) {
  Gate gate;
  auto root = [](Gate& closed) -> Task<> {
    go(waits(closed));
    co_return;
  };
  testing::internal::CaptureStderr();
  run_here(root(gate), OnLeak::ignore);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_P(RunEnd, ListsAHundredLeaksAndCountsTheRest) {
  Gate gate;
  auto root = [](Gate& closed) -> Task<> {
    for (int i = 0; i < 130; ++i) go(waits(closed));
    co_await yield();
  };
  const std::string text = message_of<Leak>(root(gate));
  EXPECT_EQ(std::ranges::count(text, '\n'), 102) << text;
  EXPECT_NE(text.find("and 30 more"), std::string::npos) << text;
}

TEST_P(RunEnd, DestroysTheFramesOfTasksThatAreLeft) {
  std::atomic<int> living = 0;
  struct Guard {
    explicit Guard(std::atomic<int>& to) : count(to) { ++count; }
    ~Guard() { --count; }
    std::atomic<int>& count;
  };
  auto root = [](std::atomic<int>& count) -> Task<> {
    Gate gate;  // Goes with the root's frame, while others wait on it.
    for (int i = 0; i < 20; ++i) {
      go(
          [](std::atomic<int>& to, Gate& closed) -> Task<> {
            const Guard guard(to);
            co_await closed.wait();
          },
          std::ref(count), std::ref(gate));
    }
    const Guard guard(count);
    co_await gate.wait();
  };
  EXPECT_NE(message_of<Deadlock>(root(living)), "");
  EXPECT_EQ(living.load(), 0);
}

TEST_P(RunEnd, StopsWhenAnExceptionLeavesADetachedTaskAndNamesItsStart) {
  bool stopped = false;
  Gate gate;
  const int line = __LINE__ + 4;
  auto root = [](bool& was_stopped, Gate& closed) -> Task<> {
    NotingScope* scope = new NotingScope(was_stopped, closed);
    running.scheduler->offer_scope(std::unique_ptr<RunScope>(scope));
    go([]() -> Task<> {
      co_await yield();
      throw std::runtime_error("left a detached task");
    });
    co_await closed.wait();  // The scope opens it.
  };
  testing::internal::CaptureStderr();
  EXPECT_EQ(message_of<std::runtime_error>(root(stopped, gate)), "left a detached task");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find(place(line)), std::string::npos) << text;
  EXPECT_TRUE(stopped);
}

TEST_P(RunEnd, ThrowsTheFirstOfSeveralFailures) {
  auto root = []() -> Task<> {
    go([]() -> Task<> {
      throw std::runtime_error("first");
      co_return;
    });
    co_await sleep(1h);
  };
  testing::internal::CaptureStderr();
  EXPECT_EQ(message_of<std::runtime_error>(root()), "first");
  testing::internal::GetCapturedStderr();
}

TEST_P(RunEnd, CallsNoFailureALeakOrADeadlock) {
  Gate gate;
  auto root = [](Gate& closed) -> Task<> {
    go(waits(closed));
    co_await yield();
    throw std::runtime_error("failed");
  };
  EXPECT_EQ(message_of<std::runtime_error>(root(gate), OnLeak::fail), "failed");
}

TEST_P(RunEnd, LetsAJoinThatFoundItsTaskEndedBeDestroyedLater) {
  auto root = []() -> Task<> {
    const TaskHandle ended = go([]() -> Task<> { co_return; });
    co_await sleep(1ms);
    co_await ended.join();
    throw std::runtime_error("after the join");
  };
  EXPECT_EQ(message_of<std::runtime_error>(root()), "after the join");
}

TEST(Livelock, StopsTheRunAndNamesATask) {
  const int line = __LINE__ + 2;
  auto root = []() -> Task<> {
    go([]() -> Task<> {
      for (;;) co_await yield();
    });
    co_await sleep(1s);
  };
  std::string text;
  try {
    run_virtual(root(), {.on_leak = OnLeak::ignore, .steps_without_time_max = 1000});
  } catch (const Livelock& livelock) {
    text = livelock.what();
  }
  EXPECT_NE(text.find("virtual time stands still"), std::string::npos) << text;
  EXPECT_NE(text.find(place(line)), std::string::npos) << text;
}

TEST(Livelock, IsNoneAsLongAsTimeMoves) {
  auto root = []() -> Task<> {
    for (int i = 0; i < 5000; ++i) co_await sleep(1ns);
  };
  EXPECT_NO_THROW(run_virtual(root(), {.steps_without_time_max = 10}));
}

TEST(Livelock, DoesNotHideAnEarlierFailure) {
  auto root = []() -> Task<> {
    go([]() -> Task<> {
      for (;;) co_await yield();
    });
    throw std::runtime_error("earlier");
    co_return;
  };
  EXPECT_THROW(run_virtual(root(), {.steps_without_time_max = 1000}), std::runtime_error);
}

}  // namespace
}  // namespace weir
