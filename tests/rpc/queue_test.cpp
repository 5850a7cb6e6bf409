// Where requests wait, how many may, and what happens to those that find no room.

#include "tests/rpc/balancing.h"
#include "weir/balance/central_queue.h"
#include "weir/balance/least_loaded.h"

namespace weir::rpc::test {
namespace {

// Five callers for one worker that serves one at a time; ten milliseconds each, a nanosecond apart.
Task<> five_calls(Jobs& jobs, Calls& calls) {
  jobs.add_worker({}, serve_job);
  for (int i = 0; i < 5; ++i) co_await calls.start({.id = i, .time = 10ms});
}

BalancerOptions queueing(balance::PolicySpec policy, QueueOptions queue, Observer* observer) {
  BalancerOptions options{.policy = std::move(policy)};
  options.queue = queue;
  options.observer = observer;
  return options;
}

VIRTUAL_TEST(Queue, CountsOnlyThoseThatWaitAtAWorker) {
  Watcher watcher;
  Jobs jobs(background(), queueing(balance::p2c(), {.limit = 2}, &watcher));
  Calls calls(jobs);
  co_await five_calls(jobs, calls);
  EXPECT_EQ(watcher.at(0).serving, 1u);
  EXPECT_EQ(watcher.at(0).waiting, 2u);
  EXPECT_EQ(calls.count(), 2u);
  for (int id : {3, 4}) {
    EXPECT_EQ(calls.of(id).kind(), Kind::rejected);
    EXPECT_EQ(calls.of(id).reason(), Why::full);
  }
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2}));
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Queue, CountsOnlyThoseThatWaitInTheCentralLine) {
  Watcher watcher;
  Jobs jobs(background(), queueing(balance::central_queue(), {.limit = 2}, &watcher));
  Calls calls(jobs);
  co_await five_calls(jobs, calls);
  EXPECT_EQ(watcher.line, 2u);
  EXPECT_EQ(calls.of(3).reason(), Why::full);
  EXPECT_EQ(calls.of(4).reason(), Why::full);
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2}));
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Queue, ServesWithoutWaitingAtAllUnderALimitOfZero) {
  for (auto overflow : {Overflow::reject, Overflow::drop_oldest}) {
    for (auto policy : {balance::p2c(), balance::central_queue()}) {
      Jobs jobs(background(), queueing(policy, {.limit = 0, .overflow = overflow}, nullptr));
      Calls calls(jobs);
      co_await five_calls(jobs, calls);
      co_await calls.wait();
      EXPECT_EQ(calls.answered(), (std::vector<int>{0}));
      EXPECT_EQ(calls.of(4).reason(), Why::full);
      co_await jobs.drain(background());
    }
  }
}

VIRTUAL_TEST(Queue, OfAWorkerOverridesTheBalancers) {
  Jobs jobs(background(), queueing(balance::p2c(), {.limit = 1}, nullptr));
  Calls calls(jobs);
  jobs.add_worker({.queue = QueueOptions{.limit = 3}}, serve_job);
  for (int i = 0; i < 5; ++i) co_await calls.start({.id = i, .time = 10ms});
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2, 3}));
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Queue, OfAWorkerDropsTheOldestToMakeRoom) {
  Watcher watcher;
  Jobs jobs(background(),
            queueing(balance::p2c(), {.limit = 2, .overflow = Overflow::drop_oldest}, &watcher));
  Calls calls(jobs);
  co_await five_calls(jobs, calls);
  EXPECT_EQ(watcher.at(0).drops, 2u);
  EXPECT_EQ(watcher.at(0).waiting, 2u);
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 3, 4}));
  for (int id : {1, 2}) EXPECT_EQ(calls.of(id).reason(), Why::dropped);
  EXPECT_EQ(calls.endings()[0].id, 1);
  EXPECT_EQ(calls.endings()[1].id, 2);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Queue, OfTheBalancerDropsTheOldestToMakeRoom) {
  Jobs jobs(background(), queueing(balance::central_queue(),
                                   {.limit = 2, .overflow = Overflow::drop_oldest}, nullptr));
  Calls calls(jobs);
  co_await five_calls(jobs, calls);
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 3, 4}));
  for (int id : {1, 2}) EXPECT_EQ(calls.of(id).reason(), Why::dropped);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Queue, ServesInOrderOfArrivalUnderFifo) {
  for (auto policy : {balance::p2c(), balance::central_queue()}) {
    Jobs jobs(background(), queueing(policy, {}, nullptr));
    Calls calls(jobs);
    const TimePoint begin = now();
    co_await five_calls(jobs, calls);
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2, 3, 4}));
    EXPECT_EQ(since(begin), 50ms);
    co_await jobs.drain(background());
  }
}

VIRTUAL_TEST(Queue, ServesTheNewestFirstUnderLifo) {
  for (auto policy : {balance::p2c(), balance::central_queue()}) {
    Jobs jobs(background(), queueing(policy, {.discipline = Discipline::lifo}, nullptr));
    Calls calls(jobs);
    co_await five_calls(jobs, calls);
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector<int>{0, 4, 3, 2, 1}));
    co_await jobs.drain(background());
  }
}

VIRTUAL_TEST(Queue, MakesCallersWaitWhenItIsFullAndBlocks) {
  for (auto policy : {balance::p2c(), balance::central_queue()}) {
    Watcher watcher;
    Jobs jobs(background(), queueing(policy, {.limit = 1, .overflow = Overflow::block}, &watcher));
    Calls calls(jobs);
    const TimePoint begin = now();
    co_await five_calls(jobs, calls);
    EXPECT_EQ(calls.count(), 0u);
    EXPECT_EQ(watcher.at(0).waiting + watcher.line, 1u);
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2, 3, 4}));
    EXPECT_EQ(calls.of(4).at, begin + 50ms);
    EXPECT_EQ(calls.of(4).trace.timing.accepted, begin + 20ms);  // not when it was sent
    co_await jobs.drain(background());
  }
}

VIRTUAL_TEST(Queue, LetsABlockedCallersDeadlineEndItsWait) {
  for (auto policy : {balance::p2c(), balance::central_queue()}) {
    Jobs jobs(background(), queueing(policy, {.limit = 1, .overflow = Overflow::block}, nullptr));
    Calls calls(jobs);
    jobs.add_worker({}, serve_job);
    const TimePoint begin = now();
    auto [context, cancel] = with_deadline(background(), begin + 4ms);
    for (int i = 0; i < 2; ++i) co_await calls.start({.id = i, .time = 10ms});
    co_await calls.start({.id = 2, .time = 10ms}, context);  // the balancer keeps it
    co_await calls.start({.id = 3, .time = 10ms}, context);  // parked in the channel
    co_await calls.start({.id = 4, .time = 10ms});           // behind both
    co_await calls.wait();
    for (int id : {2, 3}) {
      EXPECT_EQ(calls.of(id).kind(), Kind::timed_out);
      EXPECT_EQ(calls.of(id).at, begin + 4ms);
    }
    EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 4}));
    EXPECT_EQ(calls.of(4).at, begin + 30ms);
    cancel();
    co_await jobs.drain(background());
  }
}

VIRTUAL_TEST(Queue, OfAWorkerShrinksAtOnceWhenACallerLeaves) {
  Watcher watcher;
  Jobs jobs(background(), queueing(balance::p2c(), {.limit = 2}, &watcher));
  Calls calls(jobs);
  jobs.add_worker({}, serve_job);
  const TimePoint begin = now();
  auto [patience, lose_patience] = with_deadline(background(), begin + 3ms);
  auto [other, cancel] = with_cancel(background());
  co_await calls.start({.id = 0, .time = 10ms});
  co_await calls.start({.id = 1, .time = 10ms}, patience);
  co_await calls.start({.id = 2, .time = 10ms}, other);
  EXPECT_EQ(watcher.at(0).waiting, 2u);

  co_await sleep(begin + 3ms + 1ns - now());
  EXPECT_EQ(watcher.at(0).waiting, 1u);
  EXPECT_EQ(watcher.last, begin + 3ms);
  EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);

  co_await sleep(begin + 5ms - now());
  cancel();
  co_await sleep(1ns);
  EXPECT_EQ(watcher.at(0).waiting, 0u);
  EXPECT_EQ(watcher.last, begin + 5ms);
  EXPECT_EQ(calls.of(2).kind(), Kind::cancelled);

  calls.go({.id = 3, .time = 10ms});  // their places are free again
  calls.go({.id = 4, .time = 10ms});
  co_await calls.wait();
  EXPECT_TRUE(calls.of(3).answered() && calls.of(4).answered());
  co_await jobs.drain(background());
  EXPECT_EQ(watcher.answers, 3u);  // nobody served those that left
  EXPECT_EQ(watcher.late, 0u);
}

VIRTUAL_TEST(Queue, OfTheBalancerShrinksAtOnceWhenACallerLeaves) {
  Watcher watcher;
  Jobs jobs(background(), queueing(balance::central_queue(), {}, &watcher));
  Calls calls(jobs);
  jobs.add_worker({}, serve_job);
  auto [patience, lose_patience] = with_timeout(background(), 3ms);
  co_await calls.start({.id = 0, .time = 10ms});
  for (int i = 1; i < 4; ++i) co_await calls.start({.id = i, .time = 10ms}, patience);
  co_await calls.start({.id = 4, .time = 10ms});
  EXPECT_EQ(watcher.line, 4u);
  co_await sleep(patience.deadline() + 1ns - now());
  EXPECT_EQ(watcher.line, 1u);
  EXPECT_EQ(watcher.last, patience.deadline());
  co_await calls.wait();
  co_await jobs.drain(background());
  EXPECT_EQ(watcher.answers, 2u);
}

VIRTUAL_TEST(Queue, NeverSendsARequestWhoseContextHasEndedAlready) {
  Watcher watcher;
  Jobs jobs(background(), queueing(balance::p2c(), {}, &watcher));
  Calls calls(jobs);
  jobs.add_worker({}, serve_job);
  auto [context, cancel] = with_cancel(background());
  cancel();
  calls.go({.id = 1, .time = 10ms}, context);
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::cancelled);
  co_await jobs.drain(background());
  EXPECT_EQ(watcher.answers, 0u);
}

Task<> call_some(Jobs& jobs, int calls, int& answered, int& rejected) {
  for (int i = 0; i < calls; ++i) {
    const Job job{.id = i, .time = 1us};
    auto answer = co_await jobs.call(background(), job);
    if (answer) {
      EXPECT_EQ(*answer, i);
      ++answered;
    } else {
      EXPECT_EQ(answer.error().kind, Kind::rejected);
      ++rejected;
    }
  }
}

// Rob Pike's demo: a balancer that waits to send to a full worker while that waits to report.
CONCURRENCY_TEST(Queue, NeverBlocksTheBalancerOnAFullWorker) {
  constexpr int requesters = 12;
  constexpr int calls = 5;
  for (auto overflow : {Overflow::reject, Overflow::drop_oldest, Overflow::block}) {
    Jobs jobs(background(),
              queueing(balance::least_loaded(), {.limit = 1, .overflow = overflow}, nullptr));
    for (int i = 0; i < 2; ++i) jobs.add_worker({}, serve_job);
    std::vector<int> answered(requesters);
    std::vector<int> rejected(requesters);
    WaitGroup all;
    for (std::size_t i = 0; i < requesters; ++i) {
      all.go(call_some(jobs, calls, answered[i], rejected[i]));
    }
    co_await all.wait();
    for (std::size_t i = 0; i < requesters; ++i) {
      EXPECT_EQ(answered[i] + rejected[i], calls);
      if (overflow == Overflow::block) {
        EXPECT_EQ(rejected[i], 0);
      }
    }
    co_await jobs.drain(background());
  }
}

}  // namespace
}  // namespace weir::rpc::test
