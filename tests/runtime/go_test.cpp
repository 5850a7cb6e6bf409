// go() and TaskHandle: how tasks are started, what they own, and how their end is awaited.

#include "weir/runtime/go.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "weir/runtime/run.h"

namespace weir {
namespace {

Task<> append(std::vector<int>& log, int value) {
  log.push_back(value);
  co_return;
}

TEST(Go, RunsTasksInTheOrderInWhichTheyWereStarted) {
  std::vector<int> log;
  auto root = [](std::vector<int>& out) -> Task<> {
    for (int i = 0; i < 5; ++i) go(append(out, i));
    out.push_back(-1);
    co_return;
  };
  run_virtual(root(log));
  EXPECT_EQ(log, (std::vector<int>{-1, 0, 1, 2, 3, 4}));
}

TEST(Go, KeepsCallableAndArgumentsForTheTask) {
  int result = 0;
  auto root = [](int& out) -> Task<> {
    auto owned = std::make_unique<int>(40);
    const TaskHandle task = go(
        [captured = std::string("ab"), &out](std::unique_ptr<int> number) -> Task<> {
          co_await yield();
          out = *number + static_cast<int>(captured.size());
        },
        std::move(owned));
    co_await task.join();
  };
  run_virtual(root(result));
  EXPECT_EQ(result, 42);
}

TEST(Go, PassesReferencesByStdRef) {
  int counter = 0;
  auto root = [](int& out) -> Task<> {
    const auto add = [](int& to, int amount) -> Task<> {
      to += amount;
      co_return;
    };
    go(add, std::ref(out), 2);
    go(add, std::ref(out), 3);
    co_return;
  };
  run_virtual(root(counter));
  EXPECT_EQ(counter, 5);
}

TEST(Go, TakesUpToFiveArguments) {
  int sum = 0;
  auto root = [](int& out) -> Task<> {
    go(
        [](int& to, int a, int b, int c, int d) -> Task<> {
          to = a + b + c + d;
          co_return;
        },
        std::ref(out), 1, 2, 3, 4);
    co_return;
  };
  run_virtual(root(sum));
  EXPECT_EQ(sum, 10);
}

TEST(Go, CallsTheCallableInTheTask) {
  bool called_early = true;
  bool called = false;
  auto root = [](bool& early, bool& late) -> Task<> {
    go([&late]() -> Task<> {
      late = true;
      return []() -> Task<> { co_return; }();
    });
    early = late;
    co_return;
  };
  run_virtual(root(called_early, called));
  EXPECT_FALSE(called_early);
  EXPECT_TRUE(called);
}

TEST(Go, StopsOutsideOfATask) {
  EXPECT_DEATH(go([]() -> Task<> { co_return; }), "outside of a task");
}

// An argument that notes whether its end was part of the task.
class EndsInTask {
 public:
  explicit EndsInTask(bool& in_task) : in_task_(&in_task) {}
  EndsInTask(EndsInTask&& other) noexcept : in_task_(std::exchange(other.in_task_, nullptr)) {}
  EndsInTask& operator=(EndsInTask&&) = delete;
  ~EndsInTask() {
    if (in_task_ != nullptr) *in_task_ = running.task != nullptr;
  }

 private:
  bool* in_task_;
};

TEST(Go, DestroysArgumentsAsPartOfTheTask) {
  bool in_task = false;
  auto root = [](bool& out) -> Task<> {
    co_await go([](EndsInTask) -> Task<> { co_return; }, EndsInTask(out)).join();
  };
  run_virtual(root(in_task));
  EXPECT_TRUE(in_task);
  in_task = false;
  run(root(in_task), {.processors = 1});
  EXPECT_TRUE(in_task);
}

TEST(Join, ParksUntilTheTaskHasEnded) {
  std::vector<int> log;
  auto root = [](std::vector<int>& out) -> Task<> {
    const TaskHandle task = go(
        [](std::vector<int>& to) -> Task<> {
          co_await sleep(5ms);
          to.push_back(1);
        },
        std::ref(out));
    EXPECT_FALSE(task.ended());
    co_await task.join();
    EXPECT_TRUE(task.ended());
    out.push_back(2);
  };
  run_virtual(root(log));
  EXPECT_EQ(log, (std::vector<int>{1, 2}));
}

TEST(Join, ReturnsAtOnceWhenTheTaskHasEnded) {
  auto root = []() -> Task<Duration> {
    const TaskHandle task = go([]() -> Task<> { co_return; });
    co_await sleep(1ms);
    const TimePoint before = now();
    co_await task.join();
    co_await task.join();
    co_return now() - before;
  };
  EXPECT_EQ(run_virtual(root()), Duration::zero());
}

TEST(Join, WakesAllThatWait) {
  int woken = 0;
  auto root = [](int& count) -> Task<> {
    const TaskHandle slow = go([]() -> Task<> { co_await sleep(1ms); });
    for (int i = 0; i < 3; ++i) {
      go(
          [](TaskHandle task, int& out) -> Task<> {
            co_await task.join();
            ++out;
          },
          slow, std::ref(count));
    }
    co_await slow.join();
    co_await yield();
  };
  run_virtual(root(woken));
  EXPECT_EQ(woken, 3);
}

TEST(Join, FindsTheResultOfTheTaskInPlaceOnSeveralThreads) {
  auto root = []() -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 2000; ++i) {
      int value = 0;
      const TaskHandle task = go(
          [](int& out, int number) -> Task<> {
            out = number;
            co_return;
          },
          std::ref(value), i);
      co_await yield();
      co_await task.join();
      sum += value;
    }
    co_return sum;
  };
  EXPECT_EQ(run(root(), {.processors = 2}), 1999 * 2000 / 2);
}

TEST(TaskHandle, MayOutliveTheRun) {
  TaskHandle kept;
  auto root = [](TaskHandle& out) -> Task<> {
    out = go([]() -> Task<> { co_return; });
    co_return;
  };
  run(root(kept), {.processors = 2});
  EXPECT_TRUE(kept.ended());
}

TEST(TaskHandle, SaysThatATaskHasEndedWhichTheEndOfTheRunDestroyed) {
  TaskHandle kept;
  auto root = [](TaskHandle& out) -> Task<> {
    out = go([]() -> Task<> { co_await sleep(1h); });
    co_return;
  };
  run_virtual(root(kept), {.on_leak = OnLeak::ignore});
  EXPECT_TRUE(kept.ended());
}

TEST(TaskHandle, StopsAJoinOfNothing) {
  EXPECT_DEATH(TaskHandle().join(), "holds no task");
}

}  // namespace
}  // namespace weir
