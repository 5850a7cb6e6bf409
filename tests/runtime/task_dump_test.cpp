// Looking at a runtime while it runs: what each task is doing, and the figures.

#include "weir/runtime/task_dump.h"

#include <gtest/gtest.h>

#include <atomic>
#include <sstream>
#include <string>
#include <thread>

#include "tests/runtime/gate.h"
#include "weir/runtime/external_hold.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

// The same rules in both worlds; 0 processors are virtual time.
class TaskDump : public ::testing::TestWithParam<int> {
 protected:
  template <class T>
  static T run_here(Task<T> root) {
    if (GetParam() == 0) return run_virtual(std::move(root), {.on_leak = OnLeak::fail});
    return run(std::move(root), {.processors = GetParam(), .on_leak = OnLeak::fail});
  }
};

INSTANTIATE_TEST_SUITE_P(Both, TaskDump, ::testing::Values(0, 1, 2, 8));

std::string dump(const DumpOptions& options = {}) {
  std::ostringstream text;
  dump_tasks(text, options);
  return text.str();
}

// Until as many tasks as that have parked.
Task<std::string> dump_with_parked(int parked, DumpOptions options = {}) {
  const std::string wanted = " " + std::to_string(parked) + " parked\n";
  std::string text = dump(options);
  while (text.find(wanted) == std::string::npos) {
    co_await yield();
    text = dump(options);
  }
  co_return text;
}

Task<> waits(Gate& gate) {
  co_await gate.wait();
}

std::string place(int line) {
  return "task_dump_test.cpp:" + std::to_string(line);
}

void expect_part(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "no '" << part << "' in\n" << text;
}

TEST_P(TaskDump, SaysWhereTasksWereStartedAndWhereTheyWait) {
  const int line = __LINE__ + 3;
  const std::string text = run_here([]() -> Task<std::string> {
    Gate gate;
    const TaskHandle waiting = go([](Gate& to) -> Task<> { co_await to.wait(); }, std::ref(gate));
    std::string seen = co_await dump_with_parked(1);
    gate.open();
    co_await waiting.join();
    co_return seen;
  }());
  expect_part(text, "2 tasks: 1 running, 0 ready, 1 parked\n");
  expect_part(text, "  task 1, started at ");
  expect_part(text, ", running\n");
  expect_part(text, place(line) + ", waits in gate at ");
  expect_part(text, place(line) + " for ");
}

TEST_P(TaskDump, CountsTasksThatWaitAtOnePlaceTheLargestCrowdFirst) {
  const std::string text = run_here([]() -> Task<std::string> {
    Gate gate;
    go(waits(gate));
    for (int i = 0; i < 1000; ++i) go(waits(gate));
    std::string seen = co_await dump_with_parked(1001);
    gate.open();
    co_await yield();
    co_return seen;
  }());
  const auto crowd = text.find("\n  1000 tasks (");
  const auto alone = text.find("\n  task 2, started at ");
  EXPECT_NE(crowd, std::string::npos) << text;
  EXPECT_NE(alone, std::string::npos) << text;
  EXPECT_LT(crowd, alone) << text;
  expect_part(text, ", …), started at ");
}

TEST_P(TaskDump, ShowsEachTaskWhenAskedTo) {
  const std::string text = run_here([]() -> Task<std::string> {
    Gate gate;
    for (int i = 0; i < 20; ++i) go(waits(gate));
    std::string seen = co_await dump_with_parked(20, {.all = true});
    gate.open();
    co_await yield();
    co_return seen;
  }());
  EXPECT_EQ(std::ranges::count(text, '\n'), 22) << text;
}

TEST_P(TaskDump, ShowsNames) {
  const std::string text = run_here([]() -> Task<std::string> {
    set_task_name("root");
    Gate gate;
    const TaskHandle named = go(
        [](Gate& to) -> Task<> {
          set_task_name("reader of the log");
          co_await to.wait();
        },
        std::ref(gate));
    std::string seen = co_await dump_with_parked(1);
    gate.open();
    co_await named.join();
    seen += dump();
    co_return seen;
  }());
  expect_part(text, "  task 1 'root', started at ");
  expect_part(text, " 'reader of the log', started at ");
  EXPECT_EQ(text.find("reader"), text.rfind("reader")) << "the name outlived its task:\n" << text;
}

TEST_P(TaskDump, NamesStandInReportsToo) {
  std::string text;
  try {
    run_here([]() -> Task<> {
      set_task_name("stuck");
      Gate gate;
      co_await gate.wait();
    }());
  } catch (const Deadlock& deadlock) {
    text = deadlock.what();
  }
  expect_part(text, "  task 1 'stuck', started at ");
}

TEST(VirtualTaskDump, SaysExactlyForHowLongATaskHasWaited) {
  const std::string text = run_virtual([]() -> Task<std::string> {
    Gate gate;
    go(waits(gate));
    co_await sleep(90s);
    go(waits(gate));
    co_await sleep(1500ms);
    std::string seen = dump();
    gate.open();
    co_return seen;
  }());
  expect_part(text, " for 1.5 s\n");
  expect_part(text, " for 1.5 min\n");
}

TEST(VirtualTaskDump, TellsReadyTasksFromParkedOnes) {
  Gate gate;  // Tasks look at it that run when the root has ended.
  const std::string text = run_virtual([](Gate& its) -> Task<std::string> {
    for (int i = 0; i < 3; ++i) go(waits(its));
    co_await yield();
    its.open();
    for (int i = 0; i < 2; ++i) go(waits(its));
    co_return dump();
  }(gate));
  expect_part(text, "6 tasks: 1 running, 5 ready, 0 parked\n");
}

TEST(RuntimeDump, IsForForeignThreadsWhileARunIsUnderWay) {
  Runtime runtime({.processors = 2});
  std::string text;
  runtime.run([](Runtime& here, std::string& seen) -> Task<> {
    Gate gate;
    for (int i = 0; i < 5; ++i) go(waits(gate));
    std::atomic<bool> done = false;
    std::thread foreign([&] {
      const std::string wanted = "5 parked";
      while (seen.find(wanted) == std::string::npos) {
        std::ostringstream out;
        here.dump_tasks(out);
        seen = out.str();
      }
      done = true;
    });
    while (!done) co_await yield();
    foreign.join();
    gate.open();
    co_await yield();
  }(runtime, text));
  expect_part(text, "6 tasks: ");
}

TEST(RuntimeDump, SaysSoWhenNothingRuns) {
  Runtime runtime({.processors = 1});
  std::ostringstream out;
  runtime.dump_tasks(out);
  EXPECT_EQ(out.str(), "no run is under way\n");
}

TEST(RuntimeDump, DoesNotWaitForATaskThatComputesOn) {
  Runtime runtime({.processors = 2});
  std::string text;
  runtime.run([](Runtime& here, std::string& seen) -> Task<> {
    std::thread foreign([&] {
      std::ostringstream out;
      here.dump_tasks(out, {.patience = 1ms});
      seen = out.str();
    });
    foreign.join();  // Keeps the processor, as a long computation would.
    co_return;
  }(runtime, text));
  expect_part(text, "  task 1, started at ");
  expect_part(text, ", running\n");
  expect_part(text, "A task computes on");
}

TEST(RuntimeDump, TasksMayLookAtTheSameTime) {
  std::atomic<int> dumps = 0;
  run(
      [](std::atomic<int>& count) -> Task<> {
        for (int i = 0; i < 8; ++i) {
          go(
              [](std::atomic<int>& to) -> Task<> {
                for (int turn = 0; turn < 20; ++turn) {
                  const std::string text = dump();
                  if (text.find(" tasks: ") != std::string::npos) ++to;
                  co_await yield();
                }
              },
              std::ref(count));
        }
        while (count < 160) co_await yield();
      }(dumps),
      {.processors = 4});
  EXPECT_EQ(dumps.load(), 160);
}

TEST(RuntimeDump, LooksAtTasksThatComeAndGo) {
  Runtime runtime({.processors = 4});
  std::atomic<bool> over = false;
  std::atomic<int> looks = 0;
  std::thread foreign([&] {
    while (!over) {
      std::ostringstream out;
      runtime.dump_tasks(out);
      runtime.stats();
      ++looks;
    }
  });
  for (int run = 0; run < 5; ++run) {
    Gate passed;  // Tasks look at it that run when the root has ended.
    runtime.run([](std::atomic<int>& seen, Gate& gate) -> Task<> {
      const int before = seen;
      while (seen < before + 5) {
        for (int i = 0; i < 50; ++i) go([]() -> Task<> { co_await yield(); });
        go(waits(gate));
        co_await sleep(1us);
      }
      gate.open();
    }(looks, passed));
  }
  over = true;
  foreign.join();
  EXPECT_GE(looks.load(), 25);
}

}  // namespace
}  // namespace weir
