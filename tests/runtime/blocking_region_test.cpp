// Calls that block in place: the processor goes to another thread, and comes back. Everything by
// counts, nothing by time.

#include "weir/runtime/blocking_region.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/blocking.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

void open(std::atomic<bool>& gate) {
  gate = true;
  gate.notify_all();
}

Task<> open_gate(std::atomic<bool>& gate) {
  open(gate);
  co_return;
}

CONCURRENCY_TEST(BlockingRegion, LeavesATaskAsItWas) {
  for (int i = 0; i < 10; ++i) {
    {
      const BlockingRegion region;
    }
    co_await yield();
  }
}

TEST(BlockingRegion, GivesItsProcessorToATaskThatIsReady) {
  auto root = []() -> Task<> {
    for (int i = 0; i < 50; ++i) {
      std::atomic<bool> gate = false;
      go(open_gate, std::ref(gate));
      const BlockingRegion region;
      gate.wait(false);
    }
    co_return;
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

// The task in the region wakes another one itself, and waits for what that does.
TEST(BlockingRegion, GivesItsProcessorToATaskThatItWakes) {
  auto root = []() -> Task<> {
    auto requests = make_channel<int>();
    auto done = make_channel<bool>();
    std::atomic<bool> answered = false;
    go(
        [](Receiver<int> in, std::atomic<bool>& gate, Channel<bool> out) -> Task<> {
          while (co_await in.receive()) open(gate);
          co_await out.send(true);
        },
        requests, std::ref(answered), done);
    co_await yield();
    for (int i = 0; i < 50; ++i) {
      answered = false;
      {
        const BlockingRegion region;
        int request = i;
        while (!requests.try_send(request)) std::this_thread::yield();
        answered.wait(false);
      }
      co_await yield();
    }
    requests.close();
    co_await done.receive();
  };
  for (const int processors : {1, 2, 8}) run(root(), {.processors = processors});
}

TEST(BlockingRegion, GivesItsProcessorToATaskWhoseTimeHasCome) {
  auto root = []() -> Task<> {
    std::atomic<bool> gate = false;
    go(
        [](std::atomic<bool>& out) -> Task<> {
          co_await sleep(1us);
          open(out);
        },
        std::ref(gate));
    co_await yield();
    const BlockingRegion region;
    gate.wait(false);
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

TEST(BlockingRegion, GivesItsProcessorToATaskOfAForeignThread) {
  Runtime runtime({.processors = 1});
  auto root = [](Runtime& here) -> Task<> {
    std::atomic<bool> gate = false;
    std::thread foreign;
    {
      const BlockingRegion region;
      foreign = std::thread([&] { here.go(open_gate, std::ref(gate)); });
      gate.wait(false);
    }
    foreign.join();
    co_return;
  };
  runtime.run(root(runtime));
}

// Twenty tasks in regions at once on one processor, each waiting for all others.
TEST(BlockingRegion, GivesAProcessorOnFromRegionToRegion) {
  constexpr int task_count = 20;
  auto root = []() -> Task<> {
    std::atomic<int> present = 0;
    WaitGroup all;
    for (int i = 0; i < task_count; ++i) {
      all.go(
          [](std::atomic<int>& others) -> Task<> {
            const BlockingRegion region;
            if (++others == task_count) others.notify_all();
            for (int seen = others; seen < task_count; seen = others) others.wait(seen);
            co_return;
          },
          std::ref(present));
    }
    co_await all.wait();
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

// With one processor tasks may share without locks what they touch outside of regions.
TEST(BlockingRegion, LetsOnlyOneTaskRunAtATimeOnOneProcessor) {
  constexpr int task_count = 8;
  constexpr int rounds = 50;
  auto root = []() -> Task<int> {
    int shared = 0;
    WaitGroup all;
    for (int i = 0; i < task_count; ++i) {
      all.go(
          [](int& count) -> Task<> {
            for (int k = 0; k < rounds; ++k) {
              ++count;
              {
                const BlockingRegion region;
                for (int turn = 0; turn < k % 7; ++turn) std::this_thread::yield();
              }
              ++count;
              co_await yield();
            }
          },
          std::ref(shared));
    }
    co_await all.wait();
    co_return shared;
  };
  EXPECT_EQ(run(root(), {.processors = 1}), 2 * task_count * rounds);
}

TEST(BlockingRegion, MayNotLoseItsProcessorWhenNoPlaceIsLeft) {
  auto root = []() -> Task<bool> {
    std::atomic<bool> in_call = false;
    std::atomic<bool> release = false;
    WaitGroup all;
    all.go(
        [](std::atomic<bool>& here, std::atomic<bool>& gate) -> Task<> {
          co_await blocking([&] {
            open(here);
            gate.wait(false);
          });
        },
        std::ref(in_call), std::ref(release));
    co_await yield();
    in_call.wait(false);
    bool other_ran = false;
    all.go(
        [](bool& out) -> Task<> {
          out = true;
          co_return;
        },
        std::ref(other_ran));
    {
      const BlockingRegion region;
      for (int i = 0; i < 1000; ++i) std::this_thread::yield();
      EXPECT_FALSE(other_ran);
    }
    open(release);
    co_await all.wait();
    co_return other_ran;
  };
  EXPECT_TRUE(run(root(), {.processors = 1, .blocking_threads_max = 1}));
}

TEST(BlockingRegion, CountsAsOneWhenNested) {
  auto root = []() -> Task<> {
    std::atomic<bool> gate = false;
    go(open_gate, std::ref(gate));
    {
      const BlockingRegion outer;
      {
        const BlockingRegion inner;
      }
      gate.wait(false);
    }
    co_await yield();
  };
  run(root(), {.processors = 1});
}

TEST(BlockingRegion, EndsWhenAnExceptionLeavesIt) {
  auto root = []() -> Task<int> {
    std::atomic<bool> gate = false;
    go(open_gate, std::ref(gate));
    try {
      const BlockingRegion region;
      gate.wait(false);
      throw std::runtime_error("out of it");
    } catch (const std::runtime_error&) {
    }
    co_await sleep(1us);
    co_return 1;
  };
  EXPECT_EQ(run(root(), {.processors = 1}), 1);
}

TEST(BlockingRegion, LetsTasksBeStartedAndCasesBeTried) {
  auto root = []() -> Task<int> {
    auto numbers = make_channel<int>(4);
    TaskHandle started;
    {
      const BlockingRegion region;
      EXPECT_GT(now(), TimePoint());
      started = go([](Sender<int> out) -> Task<> { co_await out.send(5); }, numbers);
      int mine = 6;
      EXPECT_TRUE(numbers.try_send(mine));
      auto one = receive_from(numbers);
      auto other = receive_from(numbers);
      EXPECT_GE(try_select(one, other), 0);
    }
    co_await started.join();
    co_return numbers.size();
  };
  EXPECT_EQ(run(root(), {.processors = 1}), 1);
}

TEST(BlockingRegion, DoesNothingOutsideOfATask) {
  const BlockingRegion region;
}

TEST(BlockingRegion, MayEndWithTheRunOnAnotherThreadThanItsCallers) {
  for (int round = 0; round < 50; ++round) {
    auto root = []() -> Task<std::thread::id> {
      std::atomic<bool> gate = false;
      go(
          [](std::atomic<bool>& out) -> Task<> {
            co_await yield();
            open(out);
            for (int i = 0; i < 10; ++i) co_await yield();
          },
          std::ref(gate));
      {
        const BlockingRegion region;
        gate.wait(false);
      }
      co_return std::this_thread::get_id();
    };
    EXPECT_EQ(run(root(), {.processors = 1}), std::this_thread::get_id());
  }
}

TEST(BlockingRegion, StopsATaskThatIsSuspendedInside) {
  auto sleeps = []() -> Task<> {
    auto never = make_channel<int>();
    const BlockingRegion region;
    co_await never.receive();
  };
  EXPECT_DEATH(run(sleeps(), {.processors = 1}), "end its scope before the co_await");
  EXPECT_DEATH(run_virtual(sleeps()), "end its scope before the co_await");
}

TEST(BlockingRegion, StopsATaskThatTakesItsTurnInside) {
  auto yields = []() -> Task<> {
    const BlockingRegion region;
    co_await yield();
  };
  EXPECT_DEATH(run(yields(), {.processors = 1}), "inside a BlockingRegion");
  EXPECT_DEATH(run_virtual(yields()), "end its scope before the co_await");
}

// All at once: regions short and long, calls, channels, timers, few places.
TEST(BlockingRegion, SurvivesACrowdThatBlocksInEveryWay) {
  constexpr int task_count = 24;
  constexpr int rounds = 20;
  auto root = []() -> Task<int> {
    auto tokens = make_channel<int>(3);
    std::atomic<int> done = 0;
    WaitGroup all;
    for (int i = 0; i < task_count; ++i) {
      all.go(
          [](Channel<int> shared, std::atomic<int>& count, int number) -> Task<> {
            for (int k = 0; k < rounds; ++k) {
              co_await shared.send(number);
              {
                const BlockingRegion region;
                for (int turn = 0; turn < (number + k) % 5; ++turn) std::this_thread::yield();
              }
              if (k % 4 == 0) co_await sleep(1us);
              if (k % 3 == 0) co_await blocking([] { std::this_thread::yield(); });
              co_await shared.receive();
              ++count;
            }
          },
          tokens, std::ref(done), i);
    }
    co_await all.wait();
    co_return done.load();
  };
  for (const int processors : {1, 2, 8}) {
    for (const int places : {1, 3, 64}) {
      const int done = run(
          root(),
          {.processors = processors, .blocking_threads_max = places, .blocking_idle = Duration(0)});
      EXPECT_EQ(done, task_count * rounds);
    }
  }
}

}  // namespace
}  // namespace weir
