// A second attempt beside one that takes long: who wins, who pays, who is told to stop.

#include <gtest/gtest.h>

#include "tests/rpc/balancing.h"
#include "weir/balance/round_robin.h"

namespace weir::rpc::test {
namespace {

// Jobs take their time at worker 0, and a millisecond at all others.
BalancerOptions in_turn() {
  BalancerOptions options;
  options.policy = balance::round_robin();
  return options;
}

Task<int> serve_at_once(Context, Job job) {
  co_await sleep(1ms);
  co_return job.id;
}

TEST(Hedge, WinsAgainstASlowWorkerAtAnotherOne) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), in_turn());
    jobs.add_worker({.name = "slow"}, serve_job);
    jobs.add_worker({.name = "fast"}, serve_at_once);
    const HedgeOptions hedge{.after = 20ms};
    Calls calls(jobs);
    const TimePoint begin = now();
    calls.go({.id = 1, .time = 500ms}, background(), {.hedge = &hedge});
    co_await calls.wait();
    EXPECT_EQ(calls.of(1).at - begin, 21ms);
    EXPECT_EQ(calls.of(1).trace.attempts, 2u);
    EXPECT_EQ(calls.of(1).trace.hedges, 1u);
    EXPECT_EQ(calls.of(1).trace.timing.worker->index, 1u);
    co_await jobs.drain(background());
  }());
}

TEST(Hedge, IsNotMadeWhenTheFirstAnswersInTime) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), in_turn());
    jobs.add_worker({.name = "a"}, serve_job);
    jobs.add_worker({.name = "b"}, serve_at_once);
    const HedgeOptions hedge{.after = 20ms};
    Calls calls(jobs);
    calls.go({.id = 1, .time = 19ms}, background(), {.hedge = &hedge});
    co_await calls.wait();
    EXPECT_EQ(calls.of(1).trace.attempts, 1u);
    EXPECT_EQ(calls.of(1).trace.hedges, 0u);
    co_await jobs.drain(background());
  }());
}

TEST(Hedge, LeavesTheLineWhenTheFirstAttemptWins) {
  run_virtual([]() -> Task<> {
    Watcher watcher;
    BalancerOptions options = in_turn();
    options.observer = &watcher;
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "a"}, serve_job);
    jobs.add_worker({.name = "b"}, serve_job);
    const HedgeOptions hedge{.after = 20ms};
    Calls calls(jobs);
    co_await calls.start({.id = 1, .time = 30ms}, background(), {.hedge = &hedge});  // at a
    co_await calls.start({.id = 2, .time = 1000ms});                                 // at b
    co_await sleep(25ms);
    EXPECT_EQ(watcher.at(1).waiting, 1u);  // the hedge
    co_await sleep(10ms);
    EXPECT_EQ(calls.of(1).trace.attempts, 2u);
    EXPECT_EQ(watcher.at(1).waiting, 0u);
    co_await calls.wait();
    co_await jobs.drain(background());
    EXPECT_EQ(watcher.answers, 2u);
  }());
}

TEST(Hedge, IsPaidFromTheRetryBudget) {
  run_virtual([]() -> Task<> {
    BalancerOptions options = in_turn();
    options.budgets = {BudgetOptions{.ratio = 0, .reserve_per_second = 0.1}};  // one in ten seconds
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "a", .concurrency = 10}, serve_job);
    jobs.add_worker({.name = "b", .concurrency = 10}, serve_job);
    const HedgeOptions hedge{.after = 20ms};
    Calls calls(jobs);
    for (int id = 0; id < 5; ++id) {
      co_await calls.start({.id = id, .time = 100ms}, background(), {.hedge = &hedge});
    }
    co_await calls.wait();
    std::uint32_t attempts = 0;
    std::uint32_t hedges = 0;
    for (const Ending& ending : calls.endings()) {
      EXPECT_TRUE(ending.answered());
      attempts += ending.trace.attempts;
      hedges += ending.trace.hedges;
    }
    EXPECT_EQ(attempts, 6u);
    EXPECT_EQ(hedges, 1u);
    co_await jobs.drain(background());
  }());
}

TEST(Hedge, SurvivesTheFailureOfTheOtherAttempt) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), in_turn());
    jobs.add_worker({.name = "breaks"}, [](Context, Job) -> Task<std::expected<int, Failure>> {
      co_await sleep(50ms);
      co_return std::unexpected(Failure(Kind::failed));
    });
    jobs.add_worker({.name = "works"}, serve_job);
    const HedgeOptions hedge{.after = 20ms};
    Calls calls(jobs);
    const TimePoint begin = now();
    calls.go({.id = 1, .time = 100ms}, background(), {.hedge = &hedge});
    co_await calls.wait();
    EXPECT_TRUE(calls.of(1).answered());
    EXPECT_EQ(calls.of(1).at - begin, 120ms);
    co_await jobs.drain(background());
  }());
}

TEST(Hedge, ComesAtAQuantileOfWhatWasSeen) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), in_turn());
    jobs.add_worker({.name = "a", .concurrency = 9}, serve_job);
    jobs.add_worker({.name = "b", .concurrency = 9}, serve_job);
    const HedgeOptions hedge{.seen = SharedQuantile::make(0.9)};
    Calls calls(jobs);
    for (int id = 0; id < 200; ++id) {  // 1 to 10 ms, over and over; too few to tell at first
      calls.go({.id = id, .time = 1ms * (id % 10 + 1)}, background(), {.hedge = &hedge});
      co_await calls.wait();
      const int ms = id % 10 + 1;
      if (ms == 9) continue;  // It is the quantile, to the width of a bucket.
      EXPECT_EQ(calls.of(id).trace.hedges, ms == 10 && id >= 50 ? 1u : 0u) << id;
    }
    co_await jobs.drain(background());
  }());
}

TEST(RecentQuantile, ForgetsWhatIsOld) {
  RecentQuantile quantile(0.5);
  EXPECT_FALSE(quantile.value());
  for (int i = 0; i < 1000; ++i) quantile.add(10ms);
  EXPECT_NEAR(to_seconds(*quantile.value()), 0.010, 0.0001);
  for (int i = 0; i < 2000; ++i) quantile.add(30ms);
  EXPECT_NEAR(to_seconds(*quantile.value()), 0.030, 0.0001);
}

}  // namespace
}  // namespace weir::rpc::test
