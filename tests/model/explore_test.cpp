// explore(): which schedules it makes, what it says when one fails, and that it is repeatable.

#include "weir/runtime/explore.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/model/searching.h"
#include "weir/weir.h"

namespace weir::model {
namespace {

// Two tasks that complete `operations` each and never have to park.
Task<> two_busy_tasks(int operations) {
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(
        [](int count) -> Task<> {
          auto channel = make_channel<int>(8);
          for (int k = 0; k < count; ++k) co_await channel.send(k);
        },
        operations);
  }
  co_await all.wait();
}

// Fails if the second of two tasks gets between the two operations of the first.
Task<> lost_update() {
  int counter = 0;
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(
        [](int& shared) -> Task<> {
          auto channel = make_channel<int>(1);
          const int seen = shared;
          co_await channel.send(seen);
          shared = seen + 1;
        },
        std::ref(counter));
  }
  co_await all.wait();
  require(counter == 2, "an update was lost");
}

ExploreFailure failure_of(const ExploreOptions& options, const std::function<Task<>()>& body) {
  try {
    explore(options, body);
  } catch (const ExploreFailure& failure) {
    return failure;
  }
  ADD_FAILURE() << "no schedule failed";
  return ExploreFailure("", "", 0, nullptr);
}

void expect_mentioned(const std::string& text, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    EXPECT_NE(text.find(word), std::string::npos) << "missing: " << word << "\n" << text;
  }
}

// Each task has `operations` + 1 slices; the ways to merge two such rows are a binomial.
TEST(Explore, ExhaustiveMakesEveryScheduleOnce) {
  const std::vector<std::pair<int, std::uint64_t>> expected = {{0, 2}, {1, 6}, {2, 20}, {3, 70}};
  for (const auto& [operations, schedules] : expected) {
    const ExploreResult result = explore({.strategy = Explore::exhaustive, .preemptions = 100},
                                         [&] { return two_busy_tasks(operations); });
    EXPECT_TRUE(result.exhausted);
    EXPECT_EQ(result.runs, schedules);
    EXPECT_EQ(result.schedules, schedules);
  }
}

// With p preemptions allowed: one of two goes first, and is cut at p of its places at most.
TEST(Explore, ExhaustiveKeepsToItsPreemptions) {
  const std::vector<std::pair<int, std::uint64_t>> expected = {{0, 2}, {1, 8}};
  for (const auto& [preemptions, schedules] : expected) {
    const ExploreResult result =
        explore({.strategy = Explore::exhaustive, .preemptions = preemptions},
                [] { return two_busy_tasks(3); });
    EXPECT_TRUE(result.exhausted);
    EXPECT_EQ(result.runs, schedules) << preemptions;
  }
}

TEST(Explore, StopsAtTheNumberOfRuns) {
  for (const Explore strategy : strategies) {
    const ExploreResult result =
        explore({.strategy = strategy, .runs = 5}, [] { return two_busy_tasks(3); });
    EXPECT_EQ(result.runs, 5u);
    EXPECT_FALSE(result.exhausted);
  }
}

TEST(Explore, BranchesOnlyAtTheFirstChoicesIfToldSo) {
  const ExploreResult result =
      explore({.strategy = Explore::exhaustive, .preemptions = 100, .choices = 2},
              [] { return two_busy_tasks(3); });
  EXPECT_TRUE(result.exhausted);
  EXPECT_EQ(result.runs, 4u);
}

// Fails if the second task does nothing in all the time that the first one needs: half of all
// priorities do it, while drawing has to be lucky at each of forty places.
Task<> late_update() {
  bool passed = false;
  bool met = false;
  WaitGroup all;
  all.go(
      [](bool& flag) -> Task<> {
        auto channel = make_channel<int>(64);
        for (int i = 0; i < 40; ++i) co_await channel.send(i);
        flag = true;
      },
      std::ref(passed));
  all.go(
      [](const bool& flag, bool& seen) -> Task<> {
        auto channel = make_channel<int>(1);
        seen = flag;
        co_await channel.send(1);
      },
      std::ref(passed), std::ref(met));
  co_await all.wait();
  require(!met, "the second task came last");
}

TEST(Explore, PrioritiesFindWhatNeedsOneLongWait) {
  const ExploreFailure failure = failure_of({.strategy = Explore::pct, .depth = 1}, late_update);
  EXPECT_LE(failure.run(), 20u);
  EXPECT_EQ(explore({.strategy = Explore::random, .runs = 200}, late_update).runs, 200u);
}

TEST(Explore, IsTheSameEveryTime) {
  for (const Explore strategy : strategies) {
    const ExploreFailure first = failure_of({.strategy = strategy}, lost_update);
    const ExploreFailure second = failure_of({.strategy = strategy}, lost_update);
    EXPECT_EQ(first.token(), second.token());
    EXPECT_EQ(first.run(), second.run());
  }
}

TEST(Explore, OtherSeedsMakeOtherSchedules) {
  std::set<std::string> tokens;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    tokens.insert(failure_of({.seed = seed}, lost_update).token());
  }
  EXPECT_EQ(tokens.size(), 5u);
}

TEST(Explore, AFailureSaysWhatWhenAndHowToHaveItAgain) {
  const ExploreFailure failure = failure_of({.events = 4}, lost_update);
  EXPECT_THROW(std::rethrow_exception(failure.cause()), std::runtime_error);
  expect_mentioned(failure.what(), {"an update was lost", "WEIR_EXPLORE_TOKEN=" + failure.token(),
                                    "the last 4 of 9 events", "  9. task 1 ends",
                                    "is interrupted after send at ", "explore_test.cpp:"});
  EXPECT_EQ(std::string(failure.what()).find("  5. "), std::string::npos) << failure.what();
}

TEST(Explore, TheBodyMayFindTheFaultItself) {
  int runs = 0;
  const ExploreFailure failure =
      failure_of({.check_determinism = false, .failed = [&] { return ++runs == 3; }},
                 [] { return two_busy_tasks(1); });
  EXPECT_EQ(failure.run(), 3u);
  EXPECT_EQ(failure.cause(), nullptr);
}

TEST(Explore, ALeakIsAFailureUnlessToldOtherwise) {
  const auto body = []() -> Task<> {
    go([]() -> Task<> { co_await sleep(1s); });
    co_return;
  };
  expect_mentioned(failure_of({}, body).what(), {"tasks were left", "task 2 waits in sleep at "});
  EXPECT_EQ(explore({.runs = 3, .on_leak = OnLeak::ignore}, body).runs, 3u);
}

TEST(Explore, ARunWithoutEndIsAFailure) {
  const auto body = []() -> Task<> {
    for (;;) co_await sleep(1s);
  };
  expect_mentioned(failure_of({.steps = 1000}, body).what(), {"has not ended after 1000 steps"});
}

// Two tasks that join each other, and one that waits for the group of both.
Task<> circle() {
  TaskHandle second;
  WaitGroup all;
  const TaskHandle first = all.go(
      [](TaskHandle& other) -> Task<> {
        co_await yield();
        co_await other.join();
      },
      std::ref(second));
  second = all.go([](TaskHandle other) -> Task<> { co_await other.join(); }, first);
  co_await all.wait();
}

TEST(Explore, ShowsWhoWaitsForWhom) {
  const ExploreFailure failure = failure_of({}, circle);
  expect_mentioned(failure.what(),
                   {"deadlock", "task 1 waits in wait at ", " for the end of task 2, task 3",
                    "task 2 waits in join at ", "  a circle: task 2 -> task 3 -> task 2\n"});
}

TEST(Explore, ShowsWhoElseWaitsForTheSame) {
  const ExploreFailure failure = failure_of({}, []() -> Task<> {
    auto channel = make_channel<int>();
    auto other = make_channel<int>();
    go([](Channel<int> from) -> Task<> { co_await from.receive(); }, channel);
    auto one = receive_from(channel);
    auto two = receive_from(other);
    co_await select(one, two);
  });
  expect_mentioned(failure.what(),
                   {"on object 1, as does task 2 (receive)", "on object 2, where nobody else waits",
                    "on object 1, as does task 1 (select)"});
}

TEST(Explore, CallsAnObjectTheSameInTheEventsAndInTheWaits) {
  const ExploreFailure failure = failure_of({}, []() -> Task<> {
    auto first = make_channel<int>(1);
    auto second = make_channel<int>();
    co_await first.send(1);
    co_await second.receive();
  });
  expect_mentioned(failure.what(),
                   {", object 1\n", ", object 2\n", "on object 2, where nobody else waits"});
}

TEST(Explore, TimersOfOneDeadlineFireInAnyOrder) {
  for (const Explore strategy : strategies) {
    std::set<int> seen;
    explore({.strategy = strategy, .runs = 100}, [&]() -> Task<> {
      auto channel = make_channel<int>(1);
      auto sending = go(
          [](Channel<int> to) -> Task<> {
            co_await sleep(1ms);
            co_await to.send(1);
          },
          channel);
      auto value = receive_from(channel);
      auto late = after(1ms);
      seen.insert(co_await select(value, late));
      co_await sending.join();
    });
    EXPECT_EQ(seen, (std::set{0, 1})) << name_of(strategy);
  }
}

TEST(Explore, ASelectTakesEachCaseThatIsReady) {
  for (const Explore strategy : strategies) {
    std::set<int> seen;
    explore({.strategy = strategy, .runs = 100}, [&]() -> Task<> {
      auto channel = make_channel<int>(3);
      for (int i = 0; i < 3; ++i) co_await channel.send(i);
      auto one = receive_from(channel);
      auto two = receive_from(channel);
      auto three = receive_from(channel);
      seen.insert(co_await select(one, two, three));
    });
    EXPECT_EQ(seen, (std::set{0, 1, 2})) << name_of(strategy);
  }
}

TEST(Explore, WorkKeepsItsProcessor) {
  for (const int processors : {1, 2}) {
    std::set<Duration> seen;
    explore({.runs = 50, .processors = processors}, [&]() -> Task<> {
      const TimePoint begin = now();
      WaitGroup all;
      for (int i = 0; i < 2; ++i) all.go([]() -> Task<> { co_await work(1ms); });
      co_await all.wait();
      seen.insert(now() - begin);
    });
    EXPECT_EQ(seen, std::set<Duration>{processors == 1 ? 2ms : 1ms});
  }
}

TEST(Explore, ASpinThatYieldsGetsOn) {
  for (const Explore strategy : strategies) {
    const auto result = explore({.strategy = strategy, .runs = 50}, []() -> Task<> {
      bool flag = false;
      auto spinning = go(
          [](const bool& until) -> Task<> {
            while (!until) co_await yield();
          },
          std::ref(flag));
      co_await yield();
      flag = true;
      co_await spinning.join();
    });
    EXPECT_LT(result.steps, 1000u) << name_of(strategy);
  }
}

TEST(Explore, ATaskThatIsNeverInterruptedByItsPriorityLetsOthersOnInTheEnd) {
  const auto result = explore({.strategy = Explore::pct, .runs = 20}, []() -> Task<> {
    bool flag = false;
    go(
        [](bool& set) -> Task<> {
          set = true;
          co_return;
        },
        std::ref(flag));
    auto channel = make_channel<int>(1);
    while (!flag) {
      co_await channel.send(1);
      co_await channel.receive();
    }
  });
  EXPECT_EQ(result.runs, 20u);
}

TEST(Explore, ABodyThatDependsOnMoreThanWeirIsFoundOut) {
  int number = 0;
  const ExploreFailure failure =
      failure_of({}, [&]() -> Task<> { co_await sleep(Duration(++number)); });
  expect_mentioned(failure.what(), {"two runs of one schedule differ"});
  EXPECT_EQ(explore({.runs = 10, .check_determinism = false},
                    [&]() -> Task<> { co_await sleep(Duration(++number)); })
                .runs,
            10u);
}

TEST(Explore, ATokenOfAnotherProgramIsFoundOut) {
  for (const Explore strategy : strategies) {
    const std::string token = failure_of({.strategy = strategy}, lost_update).token();
    EXPECT_TRUE(explore({.token = token}, [] { return two_busy_tasks(2); }).changed);
  }
}

TEST(Explore, ATokenMakesOneRun) {
  std::string token = failure_of({}, lost_update).token();
  int calls = 0;
  const ExploreResult result = explore({.token = token}, [&] {
    ++calls;
    return two_busy_tasks(2);
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(result.runs, 1u);
}

TEST(Explore, RefusesWhatIsNoToken) {
  const auto body = [] { return two_busy_tasks(1); };
  for (const char* text :
       {"x", "random", "random.s0.r1", "random.s0.r1.h12", "random.sx.r1.h12345678",
        "path.s0.c!.h12345678", "pct.s0.r1.q3.h12345678", "random..h12345678"}) {
    EXPECT_THROW(explore({.token = text}, body), std::invalid_argument) << text;
  }
}

TEST(Explore, TheEnvironmentMayNameTheSchedule) {
  const std::string token = failure_of({.processors = 2}, lost_update).token();
  EXPECT_NE(token.find(".p2."), std::string::npos);
  setenv("WEIR_EXPLORE_TOKEN", token.c_str(), 1);
  const ExploreFailure failure = failure_of({.strategy = Explore::pct}, lost_update);
  unsetenv("WEIR_EXPLORE_TOKEN");
  EXPECT_EQ(failure.token(), token);
}

TEST(Explore, RunsInsideOfATask) {
  const std::uint64_t runs = run([]() -> Task<std::uint64_t> {
    co_return explore({.runs = 7}, [] { return two_busy_tasks(1); }).runs;
  }());
  EXPECT_EQ(runs, 7u);
}

Task<> close_while_sending() {
  auto channel = make_channel<int>(4);
  auto sending = go(
      [](Channel<int> to) -> Task<> {
        co_await to.send(1);
        co_await to.send(2);
      },
      channel);
  co_await channel.receive();
  channel.close();
  co_await sending.join();
}

TEST(ExploreDeathTest, ABrokenContractHasATokenToo) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(explore({.strategy = Explore::exhaustive}, close_while_sending),
               "sent on a closed channel[^~]*WEIR_EXPLORE_TOKEN=path\\.s0\\.c[^~]*the last");
}

}  // namespace
}  // namespace weir::model
