// What the M:N scheduler promises beyond running tasks: fairness, threads that come when they are
// needed, foreign threads, several runtimes. Everything by counts, nothing by time.

#include "weir/runtime/thread_scheduler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "tests/runtime/gate.h"
#include "weir/runtime/clock.h"
#include "weir/runtime/computation.h"
#include "weir/runtime/external_hold.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

// Two of these hand a turn to and fro: each wakes the other and parks.
class Turn {
 public:
  class Awaiter final : public Wait {
   public:
    Awaiter(Turn& turn, std::source_location where) : Wait(where), turn_(turn) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> self) noexcept {
      running.task->resume_point = self;
      running.task->wait = this;
      TaskRecord* other = std::exchange(turn_.parked_, running.task);
      if (other != nullptr) other->scheduler().ready(*other);
    }
    void await_resume() const noexcept {}
    void abandon() noexcept override {}
    const char* verb() const noexcept override { return "turn"; }

   private:
    Turn& turn_;
  };

  Awaiter pass(std::source_location where = std::source_location::current()) {
    return Awaiter(*this, where);
  }

 private:
  TaskRecord* parked_ = nullptr;
};

// Two tasks that hand a turn to and fro until it is over; on one processor only. Outlives the run:
// the last to be woken never is.
struct Rally {
  Turn turn;
  bool over = false;

  static Task<> player(Rally& rally) {
    while (!rally.over) co_await rally.turn.pass();
  }
  void start() {
    go(player(*this));
    go(player(*this));
  }
};

TEST(Fairness, TwoTasksThatWakeEachOtherDoNotStarveAThird) {
  Rally rally;
  auto root = [](Rally& others) -> Task<> {
    others.start();
    for (int i = 0; i < 100; ++i) co_await yield();
    others.over = true;
  };
  run(root(rally), {.processors = 1, .on_leak = OnLeak::ignore});
}

TEST(Fairness, TheGlobalQueueIsServedWhileTasksWakeEachOther) {
  Runtime runtime({.processors = 1, .on_leak = OnLeak::ignore});
  Rally rally;
  auto root = [](Runtime& here, Rally& others) -> Task<> {
    std::atomic<bool> reached = false;
    const ExternalHold hold;
    others.start();
    std::thread foreign([&] {
      here.go(
          [](std::atomic<bool>& out) -> Task<> {
            out = true;
            co_return;
          },
          std::ref(reached));
    });
    while (!reached.load()) co_await yield();
    foreign.join();
    others.over = true;
  };
  runtime.run(root(runtime, rally));
}

TEST(Fairness, AFullGlobalQueueIsServedInTurnWithTheRing) {
  constexpr int crowd = 5000;  // More than the ring takes: most of them overflow.
  auto root = []() -> Task<int> {
    int served = 0;
    std::vector<TaskHandle> tasks;
    for (int i = 0; i < crowd; ++i) {
      tasks.push_back(go(
          [](int& count) -> Task<> {
            for (int turn = 0; turn < 3; ++turn) co_await yield();
            ++count;
          },
          std::ref(served)));
    }
    for (const TaskHandle& task : tasks) co_await task.join();
    co_return served;
  };
  EXPECT_EQ(run(root(), {.processors = 1}), crowd);
}

TEST(Fairness, TimersFireWhileTasksYieldForEver) {
  auto root = []() -> Task<> {
    std::atomic<bool> over = false;
    std::vector<TaskHandle> tasks;
    for (int i = 0; i < 3; ++i) {
      tasks.push_back(go(
          [](std::atomic<bool>& stop) -> Task<> {
            while (!stop) co_await yield();
          },
          std::ref(over)));
    }
    for (int i = 0; i < 5; ++i) co_await sleep(1us);
    over = true;
    for (const TaskHandle& task : tasks) co_await task.join();
  };
  run(root(), {.processors = 1});
  run(root(), {.processors = 2});
}

TEST(Fairness, TimersFireWhileTasksWakeEachOther) {
  Rally rally;
  auto root = [](Rally& others) -> Task<> {
    others.start();
    for (int i = 0; i < 5; ++i) co_await sleep(1us);
    others.over = true;
  };
  run(root(rally), {.processors = 1, .on_leak = OnLeak::ignore});
}

// The root computes without a pause until others have run: only another thread can run them.
TEST(ThreadScheduler, OtherThreadsTakeOverFromAProcessorThatComputes) {
  auto root = []() -> Task<> {
    std::atomic<int> done = 0;
    for (int i = 0; i < 100; ++i) {
      go(
          [](std::atomic<int>& count) -> Task<> {
            ++count;
            co_return;
          },
          std::ref(done));
    }
    while (done.load() < 100) spin_pause();
    co_return;
  };
  run(root(), {.processors = 2});
  run(root(), {.processors = 8});
}

// The task that is woken stands in the next-slot, for which nobody is woken: the watcher finds it.
TEST(ThreadScheduler, TheWatcherTakesTheNextTaskOfAProcessorThatComputes) {
  auto root = []() -> Task<> {
    Gate gate;
    std::atomic<bool> parked = false;
    std::atomic<bool> done = false;
    go(
        [](Gate& closed, std::atomic<bool>& before, std::atomic<bool>& after) -> Task<> {
          before = true;
          co_await closed.wait();
          after = true;
        },
        std::ref(gate), std::ref(parked), std::ref(done));
    while (!parked) co_await yield();
    gate.open();
    while (!done.load()) spin_pause();
  };
  for (int i = 0; i < 20; ++i) run(root(), {.processors = 2});
}

TEST(ThreadScheduler, TheWatcherFiresTimersOfAProcessorThatComputes) {
  auto root = []() -> Task<> {
    std::atomic<bool> asleep = false;
    std::atomic<bool> done = false;
    go(
        [](std::atomic<bool>& before, std::atomic<bool>& after) -> Task<> {
          before = true;
          co_await sleep(2ms);
          after = true;
        },
        std::ref(asleep), std::ref(done));
    while (!asleep) co_await yield();
    while (!done.load()) spin_pause();
  };
  for (int i = 0; i < 5; ++i) run(root(), {.processors = 2});
}

TEST(ThreadScheduler, RunsTasksOnAsManyThreadsAsItHasProcessors) {
  constexpr int processors = 4;
  auto root = []() -> Task<> {
    std::atomic<int> present = 0;
    std::vector<TaskHandle> tasks;
    for (int i = 0; i < processors; ++i) {
      tasks.push_back(go(
          [](std::atomic<int>& count) -> Task<> {
            ++count;
            while (count.load() < processors) spin_pause();  // All four at the same time, or never.
            co_return;
          },
          std::ref(present)));
    }
    for (const TaskHandle& task : tasks) co_await task.join();
  };
  for (int i = 0; i < 20; ++i) run(root(), {.processors = processors});
}

TEST(Runtime, RunsAgainAndAgain) {
  Runtime runtime({.processors = 4});
  auto root = []() -> Task<> {
    std::atomic<int> done = 0;
    for (int i = 0; i < 50; ++i) {
      go(
          [](std::atomic<int>& count) -> Task<> {
            co_await sleep(1us);
            ++count;
          },
          std::ref(done));
    }
    while (done.load() < 50) spin_pause();  // Needs a second thread in every run.
    co_return;
  };
  for (int i = 0; i < 20; ++i) runtime.run(root());
}

TEST(Runtime, TakesTasksFromForeignThreads) {
  constexpr int thread_count = 3;
  constexpr int tasks_each = 500;
  for (const int processors : {1, 2, 8}) {
    Runtime runtime({.processors = processors});
    auto root = [](Runtime& to) -> Task<> {
      const ExternalHold hold;
      std::atomic<int> done = 0;
      std::vector<std::thread> threads;
      for (int i = 0; i < thread_count; ++i) {
        threads.emplace_back([&] {
          for (int k = 0; k < tasks_each; ++k) {
            to.go(
                [](std::atomic<int>& count) -> Task<> {
                  ++count;
                  co_return;
                },
                std::ref(done));
          }
        });
      }
      while (done.load() < thread_count * tasks_each) co_await sleep(10us);
      for (std::thread& thread : threads) thread.join();
    };
    runtime.run(root(runtime));
    runtime.run(root(runtime));
  }
}

TEST(Runtime, SleepsUntilAForeignThreadWakesIt) {
  for (const int processors : {1, 2}) {
    for (int round = 0; round < 200; ++round) {
      std::thread foreign;
      auto root = [](std::thread& thread) -> Task<> {
        Gate gate;
        ExternalHold hold;
        thread = std::thread([&gate, held = std::move(hold)] { gate.open(); });
        co_await gate.wait();
      };
      // The run may end while the foreign thread is still on its way out of gate.open().
      auto outlives = [](auto body, std::thread& thread) -> Task<> {
        co_await body(thread);
        thread.join();
      };
      run(outlives(root, foreign), {.processors = processors});
    }
  }
}

// The last thing that the foreign thread does is to make the root ready: the run ends, and with it
// the scheduler, while the thread may still be inside of it.
TEST(Runtime, EndsSafelyWhileItsWakerIsOnTheWayOut) {
  for (int round = 0; round < 500; ++round) {
    Gate gate;
    std::thread foreign;
    auto root = [](Gate& closed, std::thread& thread) -> Task<> {
      thread = std::thread([&closed] { closed.open(); });
      const ExternalHold hold;
      co_await closed.wait();
    };
    run(root(gate, foreign), {.processors = 2});
    foreign.join();
  }
}

TEST(ExternalHold, HoldsOffTheDeadlockUntilItIsDropped) {
  for (const int processors : {1, 2}) {
    auto root = []() -> Task<> {
      Gate gate;
      std::thread foreign;
      {
        ExternalHold hold;
        foreign =
            std::thread([held = std::move(hold)]() mutable { const auto gone = std::move(held); });
      }
      foreign.detach();
      co_await gate.wait();
    };
    EXPECT_THROW(run(root(), {.processors = processors}), Deadlock);
  }
}

TEST(ExternalHold, StopsOutsideOfATask) {
  EXPECT_DEATH(ExternalHold(), "outside of a task");
}

TEST(Runtime, LivesBesideOthers) {
  auto root = [](int processors) -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 200; ++i) {
      std::atomic<int> part = 0;
      co_await go(
          [](std::atomic<int>& out, int number) -> Task<> {
            co_await yield();
            out = number;
          },
          std::ref(part), i)
          .join();
      sum += part;
    }
    co_return sum + processors;
  };
  std::vector<std::thread> threads;
  std::atomic<int> total = 0;
  for (int i = 1; i <= 4; ++i) {
    threads.emplace_back([&, i] { total += run(root(i), {.processors = i}); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(total.load(), 4 * (199 * 200 / 2) + 10);
}

TEST(Runtime, WakesTasksOfOneAnother) {
  Gate gate;
  std::atomic<bool> waiting = false;
  auto waiter = [](Gate& closed, std::atomic<bool>& here) -> Task<int> {
    const ExternalHold hold;
    here = true;
    co_await closed.wait();
    co_return 1;
  };
  int result = 0;
  std::thread other([&] { result = run(waiter(gate, waiting), {.processors = 2}); });
  auto opener = [](Gate& closed, std::atomic<bool>& there) -> Task<> {
    while (!there) co_await yield();
    closed.open();
  };
  run(opener(gate, waiting), {.processors = 2});
  other.join();
  EXPECT_EQ(result, 1);
}

TEST(Runtime, RunsInsideATaskOfAnother) {
  auto inner = []() -> Task<int> {
    co_await sleep(1us);
    co_return 4;
  };
  auto outer = [](auto make) -> Task<int> {
    const int first = run(make(), {.processors = 2});
    co_await yield();
    co_return first + run(make(), {.processors = 1});
  };
  EXPECT_EQ(run(outer(inner), {.processors = 2}), 8);
}

TEST(Runtime, RunsVirtualTimeInsideItsTasks) {
  constexpr int task_count = 8;
  auto simulation = [](int hours) -> Task<Duration> {
    const TaskHandle other = go([]() -> Task<> { co_await sleep(30min); });
    co_await sleep(1h * hours);
    co_await other.join();
    co_return now().time_since_epoch();
  };
  auto root = [](auto simulate) -> Task<> {
    std::vector<Duration> ends(task_count);
    std::vector<TaskHandle> tasks;
    for (int i = 0; i < task_count; ++i) {
      tasks.push_back(go(
          [](auto make, int hours, Duration& out) -> Task<> {
            co_await yield();
            out = run_virtual(make(hours));
            co_await yield();
          },
          simulate, i + 1, std::ref(ends[static_cast<std::size_t>(i)])));
    }
    for (const TaskHandle& task : tasks) co_await task.join();
    for (int i = 0; i < task_count; ++i) {
      EXPECT_EQ(ends[static_cast<std::size_t>(i)], 1h * (i + 1));
    }
  };
  for (const int processors : {1, 2, 8}) run(root(simulation), {.processors = processors});
}

TEST(Runtime, GoesOnAfterAVirtualRunInsideHasThrown) {
  auto fails = []() -> Task<> { co_await sleep(Duration::max()); };
  auto root = [](auto make) -> Task<bool> {
    bool thrown = false;
    try {
      run_virtual(make());
    } catch (const Deadlock&) {
      thrown = true;
    }
    co_await yield();
    co_await sleep(1us);
    co_return thrown;
  };
  EXPECT_TRUE(run(root(fails), {.processors = 2}));
}

TEST(Runtime, StopsASecondRunAtTheSameTime) {
  EXPECT_DEATH(
      {
        Runtime runtime({.processors = 1});
        auto inner = []() -> Task<> { co_return; };
        auto outer = [](Runtime& same, auto make) -> Task<> {
          same.run(make());
          co_return;
        };
        runtime.run(outer(runtime, inner));
      },
      "asked to run while it runs");
}

// How long it takes is the machine's affair, and of the calibration: a core that is shared while
// that is measured makes all work shorter. Forty times as much is more in any case.
TEST(Work, ComputesInRealTimeTheMoreTheLongerItSays) {
  auto root = [](Duration duration) -> Task<Duration> {
    const Duration before = processor_time();
    co_await work(duration);
    co_return processor_time() - before;
  };
  (void)computing_rate();  // Measured by the first who asks, in milliseconds.
  const Duration brief = run(root(50us), {.processors = 1});
  const Duration lengthy = run(root(2ms), {.processors = 1});
  EXPECT_GT(lengthy, brief);
}

TEST(Work, LeavesTasksThatWaitForTheProcessorToOthers) {
  auto root = []() -> Task<> {
    std::atomic<bool> done = false;
    Gate gate;
    const TaskHandle woken = go(
        [](Gate& closed, std::atomic<bool>& out) -> Task<> {
          co_await closed.wait();
          out = true;
        },
        std::ref(gate), std::ref(done));
    co_await yield();
    gate.open();
    while (!done.load()) co_await work(10us);
  };
  run(root(), {.processors = 2});
}

}  // namespace
}  // namespace weir
