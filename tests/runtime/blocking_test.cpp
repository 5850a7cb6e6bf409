// Calls that block, made beside the tasks. Everything by counts, nothing by time.

#include "weir/runtime/blocking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

CONCURRENCY_TEST(Blocking, GivesBackWhatTheCallGives) {
  EXPECT_EQ(co_await blocking([] { return 7; }), 7);
  const auto pointer = co_await blocking([] { return std::make_unique<int>(8); });
  EXPECT_EQ(*pointer, 8);
  int called = 0;
  co_await blocking([&] { ++called; });
  int& same = co_await blocking([&]() -> int& { return called; });
  EXPECT_EQ(&same, &called);
  EXPECT_EQ(called, 1);
}

CONCURRENCY_TEST(Blocking, CallsWhatItWasGivenByReferenceInPlace) {
  std::string text = "a text that is long enough to need memory of its own";
  auto length = [text] { return text.size(); };
  EXPECT_EQ(co_await blocking(length), text.size());
  EXPECT_EQ(co_await blocking(std::ref(length)), text.size());
}

CONCURRENCY_TEST(Blocking, ThrowsWhatTheCallThrows) {
  std::string caught;
  try {
    co_await blocking([]() -> int { throw std::runtime_error("no such file"); });
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  EXPECT_EQ(caught, "no such file");
}

TEST(Blocking, LeavesTheProcessorToOthers) {
  auto root = []() -> Task<int> {
    std::atomic<bool> let_go = false;
    go(
        [](std::atomic<bool>& out) -> Task<> {
          out = true;
          co_return;
        },
        std::ref(let_go));
    co_return co_await blocking([&] {
      let_go.wait(false);
      return 1;
    });
  };
  EXPECT_EQ(run(root(), {.processors = 1}), 1);
}

// The call makes what another task waits for, through a channel, as any foreign thread may.
TEST(Blocking, MaySendToTasksFromWithinTheCall) {
  auto root = []() -> Task<int> {
    auto numbers = make_channel<int>(1);
    go(
        [](Sender<int> out) -> Task<> {
          co_await blocking([&] {
            int number = 3;
            EXPECT_TRUE(out.try_send(number));
          });
        },
        numbers);
    co_return *co_await numbers.receive();
  };
  for (int round = 0; round < 200; ++round) EXPECT_EQ(run(root(), {.processors = 2}), 3);
}

// Tasks that are in a call at the same time, and the most that there were.
struct Crowd {
  std::atomic<int> present = 0;
  std::atomic<int> most = 0;

  void enter() {
    const int now_present = ++present;
    int seen = most.load();
    while (seen < now_present && !most.compare_exchange_weak(seen, now_present)) {
    }
  }
};

TEST(Blocking, RunsNoMoreCallsAtATimeThanItMay) {
  constexpr int bound = 3;
  auto root = [](Crowd& crowd) -> Task<int> {
    int done = 0;
    WaitGroup all;
    for (int i = 0; i < 100; ++i) {
      all.go(
          [](Crowd& others, int& count) -> Task<> {
            co_await blocking([&] {
              others.enter();
              std::this_thread::yield();
              --others.present;
            });
            ++count;
          },
          std::ref(crowd), std::ref(done));
    }
    co_await all.wait();
    co_return done;
  };
  Crowd crowd;
  EXPECT_EQ(run(root(crowd), {.processors = 1, .blocking_threads_max = bound}), 100);
  EXPECT_LE(crowd.most, bound);
}

// Three calls that each wait for the two others: a smaller bound would never end.
TEST(Blocking, RunsAsManyCallsAtATimeAsItMay) {
  constexpr int bound = 3;
  auto root = []() -> Task<> {
    std::atomic<int> present = 0;
    WaitGroup all;
    for (int i = 0; i < bound; ++i) {
      all.go(
          [](std::atomic<int>& others) -> Task<> {
            co_await blocking([&] {
              if (++others == bound) others.notify_all();
              for (int seen = others; seen < bound; seen = others) others.wait(seen);
            });
          },
          std::ref(present));
    }
    co_await all.wait();
  };
  run(root(), {.processors = 1, .blocking_threads_max = bound});
}

TEST(Blocking, ServesTasksInTheOrderInWhichTheyAsked) {
  auto root = []() -> Task<std::vector<int>> {
    std::vector<int> order;  // One place: the calls come one after another.
    WaitGroup all;
    for (int i = 0; i < 50; ++i) {
      all.go([](std::vector<int>& out,
                int number) -> Task<> { co_await blocking([&] { out.push_back(number); }); },
             std::ref(order), i);
    }
    co_await all.wait();
    co_return order;
  };
  const auto order = run(root(), {.processors = 1, .blocking_threads_max = 1});
  EXPECT_EQ(order.size(), 50U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(Blocking, IsAwaitedByTheEndOfTheRun) {
  for (const int processors : {1, 2, 8}) {
    std::binary_semaphore root_ended(0);
    bool went_on = false;
    auto call = [](std::binary_semaphore& ended, bool& out) -> Task<> {
      co_await blocking([&] { ended.acquire(); });
      out = true;
    };
    struct Releases {
      ~Releases() { semaphore.release(); }
      std::binary_semaphore& semaphore;
    };
    auto root = [](auto start, std::binary_semaphore& ended, bool& out) -> Task<> {
      const Releases at_end{ended};
      go(start, std::ref(ended), std::ref(out));
      co_await yield();
    };
    run(root(call, root_ended, went_on), {.processors = processors, .on_leak = OnLeak::fail});
    EXPECT_TRUE(went_on);
  }
}

TEST(Blocking, IsAwaitedByARunThatAnExceptionEnds) {
  std::atomic<bool> returned = false;
  auto root = [](std::atomic<bool>& out) -> Task<> {
    go(
        [](std::atomic<bool>& flag) -> Task<> {
          co_await blocking([&] {
            std::this_thread::yield();
            flag = true;
          });
        },
        std::ref(out));
    co_await yield();
    throw std::runtime_error("early");
  };
  EXPECT_THROW(run(root(returned), {.processors = 2}), std::runtime_error);
  EXPECT_TRUE(returned);
}

TEST(Blocking, LeavesADeadlockToBeFoundWhenTheCallsAreDone) {
  auto root = []() -> Task<> {
    auto never = make_channel<int>();
    co_await blocking([] { std::this_thread::yield(); });
    co_await never.receive();
  };
  for (const int processors : {1, 2}) {
    EXPECT_THROW(run(root(), {.processors = processors}), Deadlock);
  }
}

TEST(Blocking, RunsInPlaceInVirtualTimeAndTakesNone) {
  auto root = []() -> Task<> {
    const std::thread::id here = std::this_thread::get_id();
    const TimePoint before = now();
    EXPECT_EQ(co_await blocking([] { return std::this_thread::get_id(); }), here);
    EXPECT_EQ(now(), before);
  };
  run_virtual(root());
}

TEST(Blocking, GivesOthersTheirTurnInVirtualTimeToo) {
  auto root = []() -> Task<> {
    bool over = false;
    go(
        [](bool& out) -> Task<> {
          out = true;
          co_return;
        },
        std::ref(over));
    while (!over) co_await blocking([] {});
  };
  run_virtual(root());
}

TEST(Blocking, IsNoPlaceForWhatOnlyTasksMayDo) {
  auto root = []() -> Task<> { co_await blocking([] { return now(); }); };
  EXPECT_DEATH(run(root(), {.processors = 1}), "outside of a task");
}

TEST(Blocking, SurvivesManyTasksFewPlacesAndThreadsThatEndAtOnce) {
  constexpr int task_count = 40;
  constexpr int calls_each = 25;
  auto root = []() -> Task<int> {
    std::atomic<int> calls = 0;
    WaitGroup all;
    for (int i = 0; i < task_count; ++i) {
      all.go(
          [](std::atomic<int>& count) -> Task<> {
            for (int k = 0; k < calls_each; ++k) {
              co_await blocking([&] { ++count; });
              if (k % 3 == 0) co_await yield();
            }
          },
          std::ref(calls));
    }
    co_await all.wait();
    co_return calls.load();
  };
  for (const int processors : {1, 2, 8}) {
    for (const Duration idle : {Duration(0), Duration(10us), Duration(10s)}) {
      const int calls =
          run(root(), {.processors = processors, .blocking_threads_max = 4, .blocking_idle = idle});
      EXPECT_EQ(calls, task_count * calls_each);
    }
  }
}

}  // namespace
}  // namespace weir
