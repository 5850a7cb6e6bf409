// Virtual time: it moves only when nothing can run, and then to the exact next deadline; work()
// keeps one of the logical processors busy.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/runtime/gate.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

struct Entry {
  int task;
  Duration time;
  bool operator==(const Entry&) const = default;
};
using Log = std::vector<Entry>;

Duration elapsed() {
  return now().time_since_epoch();
}

Task<> sleeper(int number, Duration duration, Log& log) {
  co_await sleep(duration);
  log.push_back({number, elapsed()});
}

Task<> computes(int number, Duration duration, Log& log) {
  co_await work(duration);
  log.push_back({number, elapsed()});
}

Task<> join_all(const std::vector<TaskHandle>& tasks) {
  for (const TaskHandle& task : tasks) co_await task.join();
}

// Starts a task for each duration, in order, and notes who ends when.
template <class Body>
Log times(Body body, const std::vector<Duration>& durations, VirtualOptions options = {}) {
  Log log;
  auto root = [](Body run_one, const std::vector<Duration>& each, Log& out) -> Task<> {
    std::vector<TaskHandle> tasks;
    for (std::size_t i = 0; i < each.size(); ++i) {
      tasks.push_back(go(run_one(static_cast<int>(i), each[i], out)));
    }
    co_await join_all(tasks);
  };
  run_virtual(root(body, durations, log), options);
  return log;
}

TEST(Sleep, WakesAtTheExactTimeInOrderOfDeadlines) {
  EXPECT_EQ(times(sleeper, {30ms, 10ms, 20ms}), (Log{{1, 10ms}, {2, 20ms}, {0, 30ms}}));
}

TEST(Sleep, KeepsTheOrderOfArrivalAtEqualDeadlines) {
  EXPECT_EQ(times(sleeper, {1h, 1h, 1h}), (Log{{0, 1h}, {1, 1h}, {2, 1h}}));
}

TEST(Sleep, CountsNanosecondsOverYears) {
  EXPECT_EQ(times(sleeper, {24h * 365 * 100, 1ns}), (Log{{1, 1ns}, {0, 24h * 365 * 100}}));
}

TEST(Sleep, OfNoTimeLetsReadyTasksRunFirst) {
  std::vector<int> log;
  auto root = [](std::vector<int>& out) -> Task<> {
    go(
        [](std::vector<int>& to) -> Task<> {
          to.push_back(1);
          co_return;
        },
        std::ref(out));
    co_await sleep(-1s);
    out.push_back(2);
    EXPECT_EQ(elapsed(), Duration::zero());
  };
  run_virtual(root(log));
  EXPECT_EQ(log, (std::vector<int>{1, 2}));
}

TEST(Sleep, UntilATimeThatHasPassedDoesNotMoveTime) {
  auto root = []() -> Task<Duration> {
    co_await sleep(10ms);
    co_await sleep_until(TimePoint(5ms));
    co_return elapsed();
  };
  EXPECT_EQ(run_virtual(root()), 10ms);
}

TEST(Sleep, ForEverIsADeadlockInBothSchedulers) {
  auto root = []() -> Task<> { co_await sleep(Duration::max()); };
  EXPECT_THROW(run_virtual(root()), Deadlock);
  EXPECT_THROW(run(root(), {.processors = 2}), Deadlock);
}

TEST(VirtualTime, StandsStillWhileTasksAreReady) {
  auto root = []() -> Task<> {
    for (int i = 0; i < 1000; ++i) co_await yield();
    EXPECT_EQ(elapsed(), Duration::zero());
  };
  run_virtual(root());
}

TEST(VirtualTime, EndsWithTheRootAndNotWithTheLastTimer) {
  Log log;
  auto root = [](Log& out) -> Task<> {
    go(sleeper(0, 1s, out));
    co_await sleep(10ms);
    out.push_back({9, elapsed()});
  };
  run_virtual(root(log), {.on_leak = OnLeak::ignore});
  EXPECT_EQ(log, (Log{{9, 10ms}}));
}

TEST(Yield, TakesTurnsInOrder) {
  std::vector<int> log;
  auto root = [](std::vector<int>& out) -> Task<> {
    for (int i = 0; i < 3; ++i) {
      go(
          [](int number, std::vector<int>& to) -> Task<> {
            for (int turn = 0; turn < 2; ++turn) {
              to.push_back(number);
              co_await yield();
            }
          },
          i, std::ref(out));
    }
    co_return;
  };
  run_virtual(root(log));
  EXPECT_EQ(log, (std::vector<int>{0, 1, 2, 0, 1, 2}));
}

TEST(Work, TakesTurnsOnOneProcessor) {
  EXPECT_EQ(times(computes, {1s, 1s, 1s}), (Log{{0, 1s}, {1, 2s}, {2, 3s}}));
}

TEST(Work, RunsTwoAtATimeOnTwoProcessors) {
  EXPECT_EQ(times(computes, {1s, 1s, 1s, 1s, 1s}, {.processors = 2}),
            (Log{{0, 1s}, {1, 1s}, {2, 2s}, {3, 2s}, {4, 3s}}));
}

TEST(Work, GivesTheFirstFreeOfThreeProcessorsToTheFirstInLine) {
  // Three start at 0; the fourth takes over at 1 s, the fifth at 2 s, the sixth at 3 s.
  EXPECT_EQ(times(computes, {3s, 1s, 2s, 4s, 2s, 1s}, {.processors = 3}),
            (Log{{1, 1s}, {2, 2s}, {0, 3s}, {4, 4s}, {5, 4s}, {3, 5s}}));
}

TEST(Work, OfNoTimeKeepsNothingBusy) {
  auto root = []() -> Task<Duration> {
    co_await work(0ns);
    co_await work(-5s);
    co_return elapsed();
  };
  EXPECT_EQ(run_virtual(root()), Duration::zero());
}

TEST(Work, IsNotInterruptedByTasksThatBecomeReady) {
  Log log;
  auto root = [](Log& out) -> Task<> {
    const TaskHandle woken = go(sleeper(1, 5ms, out));
    const TaskHandle busy = go(
        [](Log& to) -> Task<> {
          co_await work(10ms);
          co_await work(10ms);  // Still the same hold: it has not given the processor up between.
          to.push_back({0, elapsed()});
        },
        std::ref(out));
    co_await busy.join();
    co_await woken.join();
  };
  run_virtual(root(log));
  EXPECT_EQ(log, (Log{{0, 20ms}, {1, 20ms}}));
}

TEST(Work, LeavesAFreeProcessorToReadyTasks) {
  Log log;
  auto root = [](Log& out) -> Task<> {
    const TaskHandle busy = go(computes(0, 10ms, out));
    const TaskHandle woken = go(sleeper(1, 5ms, out));
    co_await busy.join();
    co_await woken.join();
  };
  run_virtual(root(log), {.processors = 2});
  EXPECT_EQ(log, (Log{{1, 5ms}, {0, 10ms}}));
}

TEST(Work, GivesTheProcessorUpWhenItsTaskParks) {
  Log log;
  auto root = [](Log& out) -> Task<> {
    const TaskHandle first = go(
        [](Log& to) -> Task<> {
          co_await work(1s);
          co_await sleep(1s);
          co_await work(1s);
          to.push_back({0, elapsed()});
        },
        std::ref(out));
    const TaskHandle second = go(
        [](Log& to) -> Task<> {
          co_await work(5s);
          to.push_back({1, elapsed()});
        },
        std::ref(out));
    co_await first.join();
    co_await second.join();
  };
  run_virtual(root(log));
  EXPECT_EQ(log, (Log{{1, 6s}, {0, 7s}}));
}

// D/D/P: arrival i comes at (i + 1) * gap and needs 1 s; it starts when it has come and the arrival
// P places before it has ended.
TEST(Work, ServesRegularArrivalsAsTheQueueSays) {
  constexpr int arrivals = 12;
  for (const int processors : {1, 2, 3}) {
    for (const Duration gap : {200ms, 500ms, 1000ms}) {
      SCOPED_TRACE(testing::Message() << processors << " processors, gap " << gap.count());
      Log log;
      auto root = [](Duration between, Log& out) -> Task<> {
        std::vector<TaskHandle> tasks;
        for (int i = 0; i < arrivals; ++i) {
          tasks.push_back(go(
              [](int number, Duration at, Log& to) -> Task<> {
                co_await sleep(at);
                co_await work(1s);
                to.push_back({number, elapsed()});
              },
              i, between*(i + 1), std::ref(out)));
        }
        co_await join_all(tasks);
      };
      run_virtual(root(gap, log), {.processors = processors});

      Log expected;
      for (int i = 0; i < arrivals; ++i) {
        Duration start = gap * (i + 1);
        if (i >= processors) {
          start = std::max(start, expected[static_cast<std::size_t>(i - processors)].time);
        }
        expected.push_back({i, start + 1s});
      }
      EXPECT_EQ(log, expected);
    }
  }
}

TEST(Work, StopsOutsideOfATask) {
  EXPECT_DEATH(work(1s), "outside of a task");
  EXPECT_DEATH(sleep(1s), "outside of a task");
  EXPECT_DEATH(now(), "outside of a task");
}

TEST(VirtualScheduler, StopsATaskThatIsWokenFromOutside) {
  EXPECT_DEATH(
      {
        auto outer = []() -> Task<> {
          Gate gate;
          auto inner = [](Gate& closed) -> Task<> {
            go([](Gate& waited) -> Task<> { co_await waited.wait(); }, std::ref(closed));
            co_await yield();
            auto intruder = [](Gate& waited) -> Task<> {
              waited.open();
              co_return;
            };
            run(intruder(closed), {.processors = 1});
          };
          run_virtual(inner(gate));
          co_return;
        };
        run(outer(), {.processors = 1});
      },
      "cannot be replayed");
}

TEST(VirtualScheduler, StopsWithoutAProcessor) {
  auto root = []() -> Task<> { co_return; };
  EXPECT_DEATH(run_virtual(root(), {.processors = 0}), "at least one processor");
}

}  // namespace
}  // namespace weir
