#include "weir/pool/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/weir.h"

namespace weir::pool {
namespace {

using test::Counted;

Task<Counted> twice(Context, Counted job) {
  co_await yield();
  co_return Counted(2 * job.value());
}

using CountedPool = WorkerPool<Counted, Counted>;

// Submits 1 … count and closes.
Task<> submit_all(CountedPool& pool, int count) {
  for (int i = 1; i <= count; ++i) {
    auto submitted = co_await pool.submit(background(), Counted(i));
    EXPECT_TRUE(submitted.has_value());
  }
  pool.close();
}

Task<std::vector<int>> values_of(Receiver<CountedPool::Outcome> results) {
  std::vector<int> values;
  while (auto outcome = co_await results.receive()) values.push_back((*outcome)->value());
  co_return values;
}

// Figures of a pool that has ended well.
Figures all_completed(std::uint64_t count) {
  return Figures{.submitted = count, .completed = count};
}

Task<> serve_each_once(WorkerPoolOptions options, int jobs) {
  CountedPool pool(background(), twice, options);
  go(submit_all, std::ref(pool), jobs);
  auto values = co_await values_of(pool.results());
  co_await pool.wait();

  if (options.order == ResultOrder::as_finished) std::ranges::sort(values);
  std::vector<int> expected;
  for (int i = 1; i <= jobs; ++i) expected.push_back(2 * i);
  EXPECT_EQ(values, expected);
  const Figures figures = co_await pool.figures();
  EXPECT_EQ(figures, all_completed(static_cast<std::uint64_t>(jobs)));
}

CONCURRENCY_TEST(WorkerPool, ServesEachJobOnce) {
  co_await serve_each_once({.workers = 3, .queue_max = 2, .results_max = 2}, 20);
}

CONCURRENCY_TEST(WorkerPool, ServesEachJobOnceHandedOverDirectly) {
  co_await serve_each_once({.workers = 3, .queue_max = 0, .results_max = 0}, 10);
}

CONCURRENCY_TEST(WorkerPool, ServesEachJobOnceWithOneWorker) {
  co_await serve_each_once({.workers = 1, .queue_max = 1, .results_max = 1}, 10);
}

CONCURRENCY_TEST(WorkerPool, ServesEachJobOnceWithMoreWorkersThanJobs) {
  co_await serve_each_once({.workers = 50, .queue_max = 4}, 10);
}

CONCURRENCY_TEST(WorkerPool, GivesResultsInOrderOfSubmission) {
  const auto order = ResultOrder::as_submitted;
  co_await serve_each_once({.workers = 4, .queue_max = 2, .results_max = 1, .order = order}, 20);
}

CONCURRENCY_TEST(WorkerPool, GivesResultsInOrderWithoutAnyBuffer) {
  const auto order = ResultOrder::as_submitted;
  co_await serve_each_once({.workers = 2, .queue_max = 0, .results_max = 0, .order = order}, 10);
}

CONCURRENCY_TEST(WorkerPool, EndsCleanlyWithoutAnyJob) {
  for (const ResultOrder order : {ResultOrder::as_finished, ResultOrder::as_submitted}) {
    CountedPool pool(background(), twice, {.order = order});
    pool.close();
    auto values = co_await values_of(pool.results());
    EXPECT_TRUE(values.empty());
    co_await pool.wait();
    const Figures figures = co_await pool.figures();
    EXPECT_EQ(figures, Figures());
  }
}

Task<int> slow_at_first(int job) {
  co_await sleep((10 - job) * 1ms);
  co_return job;
}

VIRTUAL_TEST(WorkerPool, GivesResultsAsTheyFinishUnlessToldOtherwise) {
  WorkerPool<int, int> pool(background(), slow_at_first, {.workers = 10});
  for (int i = 0; i < 10; ++i) co_await pool.submit(background(), i);
  pool.close();

  auto results = pool.results();
  for (int expected = 9; expected >= 0; --expected) {
    auto outcome = co_await results.receive();
    EXPECT_EQ(outcome->value(), expected);
  }
  co_await pool.wait();
}

CONCURRENCY_TEST(WorkerPool, TakesPlainCallables) {
  int base = 40;
  auto add = [&base](int job) { return base + job; };
  WorkerPool<int, int> pool(background(), add, {.workers = 1});
  co_await pool.submit(background(), 2);
  pool.close();
  auto results = pool.results();
  auto outcome = co_await results.receive();
  EXPECT_EQ(outcome->value(), 42);
  co_await pool.wait();
}

struct Parcel {
  Counted content;
  std::string address;
};

CONCURRENCY_TEST(WorkerPool, TakesAndGivesAggregatesThatCanOnlyBeMoved) {
  auto pass = [](Parcel parcel) -> Task<Parcel> {
    co_await yield();
    co_return parcel;
  };
  for (const ResultOrder order : {ResultOrder::as_finished, ResultOrder::as_submitted}) {
    WorkerPool<Parcel, Parcel> pool(background(), pass, {.workers = 1, .order = order});
    for (int i = 0; i < 5; ++i) {
      Parcel parcel{Counted(i), "a street with a name too long for a small string"};
      co_await pool.submit(background(), moved(parcel));
    }
    pool.close();
    int next = 0;
    auto results = pool.results();
    while (auto outcome = co_await results.receive()) {
      EXPECT_EQ((*outcome)->content.value(), next++);
      EXPECT_EQ((*outcome)->address.size(), 48U);
    }
    EXPECT_EQ(next, 5);
    co_await pool.wait();
  }
}

// Jobs that end when they are told to.
Task<> obey(Receiver<int> orders) {
  co_await orders.receive();
}

VIRTUAL_TEST(WorkerPool, HoldsSubmittersWhileItsQueueIsFull) {
  auto orders = make_channel<int>();
  auto serve = [&orders](int) { return obey(orders); };
  WorkerPool<int> pool(background(), serve, {.workers = 2, .queue_max = 3});
  int accepted = 0;
  go(
      [](WorkerPool<int>& target, int& count) -> Task<> {
        for (; count < 20; ++count) co_await target.submit(background(), count);
        target.close();
      },
      std::ref(pool), std::ref(accepted));

  for (int ended = 0; ended < 15; ++ended) {
    co_await sleep(1ms);
    EXPECT_EQ(accepted, 5 + ended);
    const Figures figures = co_await pool.figures();
    EXPECT_EQ(figures.waiting, 3U);
    EXPECT_EQ(figures.running, 2U);
    EXPECT_FALSE(pool.try_submit(7));
    co_await orders.send(0);
  }
  orders.close();
  co_await pool.wait();
  EXPECT_EQ(accepted, 20);
}

VIRTUAL_TEST(WorkerPool, HoldsItsWorkersWhileNobodyReadsResults) {
  auto same = [](int job) { return job; };
  WorkerPool<int, int> pool(background(), same, {.workers = 2, .queue_max = 3, .results_max = 1});
  int accepted = 0;
  go(
      [](WorkerPool<int, int>& target, int& count) -> Task<> {
        for (; count < 20; ++count) co_await target.submit(background(), count);
        target.close();
      },
      std::ref(pool), std::ref(accepted));

  co_await sleep(1ms);
  EXPECT_EQ(accepted, 1 + 2 + 3);
  int received = 0;
  auto results = pool.results();
  while (auto outcome = co_await results.receive()) ++received;
  EXPECT_EQ(received, 20);
  co_await pool.wait();
}

VIRTUAL_TEST(WorkerPool, BoundsWhatIsAheadOfASlowJobInOrder) {
  auto orders = make_channel<int>();
  auto serve = [&orders](int job) -> Task<int> {
    if (job == 0) co_await orders.receive();
    co_return job;
  };
  WorkerPool<int, int> pool(background(), serve,
                            {.workers = 2, .queue_max = 3, .order = ResultOrder::as_submitted});
  int accepted = 0;
  go(
      [](WorkerPool<int, int>& target, int& count) -> Task<> {
        for (; count < 20; ++count) co_await target.submit(background(), count);
        target.close();
      },
      std::ref(pool), std::ref(accepted));

  co_await sleep(1ms);
  EXPECT_EQ(accepted, 1 + 2 + 3);  // One is with the task that forwards.
  orders.close();
  int next = 0;
  auto results = pool.results();
  while (auto outcome = co_await results.receive()) EXPECT_EQ(outcome->value(), next++);
  EXPECT_EQ(next, 20);
  co_await pool.wait();
}

CONCURRENCY_TEST(WorkerPool, GivesTheJobBackWhenTheSubmittersContextIsCancelled) {
  auto orders = make_channel<int>();
  auto serve = [&orders](Counted) { return obey(orders); };
  WorkerPool<Counted> pool(background(), serve, {.workers = 1, .queue_max = 0});
  co_await pool.submit(background(), Counted(1));
  auto [context, cancel] = with_cancel(background());
  auto parked = go(
      [](WorkerPool<Counted>& target, Context until) -> Task<> {
        auto submitted = co_await target.submit(until, Counted(2));
        EXPECT_FALSE(submitted.has_value());
        EXPECT_EQ(submitted.error().value.value(), 2);
      },
      std::ref(pool), context);

  co_await yield();
  cancel();
  co_await parked.join();
  orders.close();
  co_await pool.drain();
  const Figures figures = co_await pool.figures();
  EXPECT_EQ(figures, all_completed(1));
}

CONCURRENCY_TEST(WorkerPool, LeavesTheJobThatFindsNoRoomAsItWas) {
  auto orders = make_channel<int>();
  auto serve = [&orders](Counted) -> Task<int> {
    co_await orders.receive();
    co_return 0;
  };
  for (const ResultOrder order : {ResultOrder::as_finished, ResultOrder::as_submitted}) {
    WorkerPool<Counted, int> pool(background(), serve,
                                  {.workers = 1, .queue_max = 1, .order = order});
    Counted job(7);
    int accepted = 0;
    while (pool.try_submit(job)) job = Counted(7 + ++accepted);
    EXPECT_GE(accepted, 1);
    EXPECT_EQ(job.value(), 7 + accepted);
    go(
        [](Sender<int> out, int count) -> Task<> {
          for (int i = 0; i < count; ++i) co_await out.send(0);
        },
        orders, accepted);
    co_await pool.drain();
    const Figures figures = co_await pool.figures();
    EXPECT_EQ(figures, all_completed(static_cast<std::uint64_t>(accepted)));
  }
}

}  // namespace
}  // namespace weir::pool
