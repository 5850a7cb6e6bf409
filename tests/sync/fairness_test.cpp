// Nobody starves: a task that never has to park gives way now and then, and one that never parks at
// all does not keep a run from ending. By counts, never by time.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"
#include "weir/sync/channel.h"
#include "weir/sync/semaphore.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

constexpr int many = 10'000;

// Counts the turns of one task until another, which became ready before, has had one.
struct Race {
  int turns = 0;
  int turns_before_other = 0;

  static Task<> other(Race& race) {
    race.turns_before_other = race.turns;
    co_return;
  }
};

// The body does what never parks, `many` times, and counts turns. On one processor, since on two
// the other task has a place of its own.
void expect_gives_way(const std::function<Task<>(Race&)>& body) {
  constexpr int turns_at_most = 200;  // the budget, with room for what the body does before
  const auto root = [&]() -> Task<int> {
    Race race;
    const TaskHandle other = go(Race::other, std::ref(race));
    co_await body(race);
    EXPECT_EQ(race.turns, many);
    co_await other.join();
    co_return race.turns_before_other;
  };
  EXPECT_LE(run(root(), {.processors = 1}), turns_at_most);
  EXPECT_LE(run_virtual(root()), turns_at_most);
}

TEST(Budget, MakesAReceiverOfReadyValuesGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    auto numbers = make_channel<int>(many);
    for (int i = 0; i < many; ++i) EXPECT_TRUE(numbers.try_send(i));
    for (; race.turns < many; ++race.turns) co_await numbers.receive();
  });
}

TEST(Budget, MakesAReceiverOfAClosedChannelGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    auto numbers = make_channel<int>();
    numbers.close();
    for (; race.turns < many; ++race.turns) co_await numbers.receive();
  });
}

TEST(Budget, MakesASenderWithRoomGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    auto numbers = make_channel<int>(many);
    for (; race.turns < many; ++race.turns) co_await numbers.send(1);
  });
}

TEST(Budget, MakesASelectOfReadyCasesGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    auto closed = make_channel<int>();
    closed.close();
    auto one = receive_from(closed);
    auto two = receive_from(closed);
    for (; race.turns < many; ++race.turns) co_await select(one, two);
  });
}

TEST(Budget, MakesWhoTakesFreePermitsGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    Semaphore permits(many);
    for (; race.turns < many; ++race.turns) co_await permits.acquire();
  });
}

TEST(Budget, MakesWhoWaitsForNothingGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    WaitGroup nobody;
    for (; race.turns < many; ++race.turns) co_await nobody.wait();
  });
}

TEST(Budget, MakesWhoJoinsTheEndedGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    const TaskHandle ended = go([]() -> Task<> { co_return; });
    co_await ended.join();
    for (race.turns = 1; race.turns < many; ++race.turns) co_await ended.join();
  });
}

TEST(Budget, MakesWhoSleepsForNoTimeGiveWay) {
  expect_gives_way([](Race& race) -> Task<> {
    for (; race.turns < many; ++race.turns) co_await sleep(Duration(0));
  });
}

// Two tasks that hand a value to and fro until they are told to stop.
Task<> rally(Channel<int> mine, Channel<int> yours, std::atomic<bool>& over) {
  while (co_await mine.receive()) {
    if (over) break;
    co_await yours.send(1);
  }
  yours.close();
}

// Conversations that keep every processor busy from next-slot to next-slot.
struct Rallies {
  std::atomic<bool> over = false;
  WaitGroup all;

  void start(int pairs) {
    for (int i = 0; i < pairs; ++i) {
      auto ping = make_channel<int>(1);
      auto pong = make_channel<int>(1);
      int ball = 1;
      EXPECT_TRUE(ping.try_send(ball));
      all.go(rally, ping, pong, std::ref(over));
      all.go(rally, pong, ping, std::ref(over));
    }
  }
  Task<> stop() {
    over = true;
    co_await all.wait();
  }
};

// Under every fair order. A search by priorities is none: it lets one pair run for ever on purpose.
void run_fairly(const std::function<Task<>()>& body) {
  constexpr std::uint64_t seeds = 64;
  run_virtual(body());
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_virtual(body(), {.seed = seed, .order = Order::drawn});
  }
  for (const int processors : {1, 2, 8}) run(body(), {.processors = processors});
}

TEST(Fairness, PairsThatWakeEachOtherDoNotStarveATaskThatYields) {
  run_fairly([]() -> Task<> {
    Rallies rallies;
    rallies.start(4);
    for (int i = 0; i < 200; ++i) co_await yield();
    co_await rallies.stop();
  });
}

TEST(Fairness, PairsThatWakeEachOtherDoNotStarveNewTasks) {
  run_fairly([]() -> Task<> {
    Rallies rallies;
    rallies.start(4);
    for (int i = 0; i < 50; ++i) {
      co_await go([]() -> Task<> { co_return; }).join();
    }
    co_await rallies.stop();
  });
}

// In virtual time no timer fires while tasks are ready, so on threads only.
TEST(Fairness, PairsThatWakeEachOtherDoNotStarveTimers) {
  auto root = []() -> Task<> {
    Rallies rallies;
    rallies.start(4);
    for (int i = 0; i < 20; ++i) co_await sleep(1us);
    co_await rallies.stop();
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

TEST(Fairness, ACrowdThatYieldsDoesNotStarveManyTimers) {
  constexpr int timers = 200;
  auto root = []() -> Task<int> {
    std::atomic<bool> over = false;
    std::atomic<int> fired = 0;
    WaitGroup crowd;
    WaitGroup sleepers;
    for (int i = 0; i < 300; ++i) {  // More than a ring: the global queue is in use too.
      crowd.go(
          [](std::atomic<bool>& stop) -> Task<> {
            while (!stop) co_await yield();
          },
          std::ref(over));
    }
    for (int i = 0; i < timers; ++i) {
      sleepers.go(
          [](std::atomic<int>& count, int number) -> Task<> {
            co_await sleep(Duration(number));
            ++count;
          },
          std::ref(fired), i);
    }
    co_await sleepers.wait();
    over = true;
    co_await crowd.wait();
    co_return fired.load();
  };
  for (const int processors : {1, 2}) {
    EXPECT_EQ(run(root(), {.processors = processors}), timers);
  }
}

// The ring is never empty, and most of the crowd is in the global queue.
TEST(Fairness, EveryoneOfACrowdThatFillsTheGlobalQueueHasItsTurn) {
  constexpr int crowd = 2000;
  auto root = []() -> Task<> {
    std::atomic<int> present = 0;
    WaitGroup all;
    for (int i = 0; i < crowd; ++i) {
      all.go(
          [](std::atomic<int>& count) -> Task<> {
            ++count;
            while (count < crowd) co_await yield();  // Until the last one has had a turn.
          },
          std::ref(present));
    }
    co_await all.wait();
  };
  for (const int processors : {1, 2}) run(root(), {.processors = processors});
}

Task<> yield_for_ever() {
  for (;;) co_await yield();
}

TEST(RunEnd, IsNotHeldOffByATaskThatYieldsForEver) {
  auto root = []() -> Task<> {
    go(yield_for_ever());
    co_return;
  };
  for (const int processors : {1, 2}) {
    Runtime runtime({.processors = processors, .on_leak = OnLeak::fail});
    EXPECT_THROW(runtime.run(root()), Leak);
    EXPECT_THROW(runtime.run(root()), Leak);
    runtime.run([]() -> Task<> { co_await yield(); }());
  }
}

TEST(RunEnd, IsNotHeldOffByTasksThatWakeEachOtherForEver) {
  std::atomic<bool> never = false;
  auto root = [](std::atomic<bool>& over) -> Task<> {
    auto ping = make_channel<int>(1);
    auto pong = make_channel<int>(1);
    co_await ping.send(1);
    go(rally, ping, pong, std::ref(over));
    go(rally, pong, ping, std::ref(over));
  };
  for (const int processors : {1, 2}) {
    EXPECT_THROW(run(root(never), {.processors = processors, .on_leak = OnLeak::fail}), Leak);
  }
}

TEST(RunEnd, IsALivelockInVirtualTimeIfATaskYieldsForEver) {
  auto root = []() -> Task<> {
    go(yield_for_ever());
    co_return;
  };
  EXPECT_THROW(run_virtual(root(), {.steps_without_time_max = 1000}), Livelock);
}

TEST(RunEnd, LetsTasksThatAreReadyFinishTheirWork) {
  constexpr int turns = 1000;
  int done = 0;
  auto root = [](int& count) -> Task<> {
    go(
        [](int& out) -> Task<> {
          for (; out < turns; ++out) co_await yield();
        },
        std::ref(count));
    co_return;
  };
  run(root(done), {.processors = 1, .on_leak = OnLeak::fail});
  EXPECT_EQ(done, turns);
}

}  // namespace
}  // namespace weir
