// How a balancer ends: drained, given up, destroyed; nobody is left waiting.

#include "tests/rpc/balancing.h"
#include "weir/balance/central_queue.h"

namespace weir::rpc::test {
namespace {

Task<> drain_into(Jobs& jobs, Context context, std::optional<bool>& result, TimePoint& at) {
  result = co_await jobs.drain(context);
  at = now();
}

VIRTUAL_TEST(Shutdown, ByDrainWaitsForAllThatWaitAndAreServed) {
  for (auto policy : {balance::p2c(), balance::central_queue()}) {
    Jobs jobs(background(), {.policy = policy});
    jobs.add_worker({}, serve_job);
    Calls calls(jobs);
    const TimePoint begin = now();
    for (int i = 0; i < 3; ++i) co_await calls.start({.id = i, .time = 10ms});
    const bool drained = co_await jobs.drain(background());
    EXPECT_TRUE(drained);
    EXPECT_EQ(since(begin), 30ms);
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2}));
  }
}

VIRTUAL_TEST(Shutdown, ByDrainRefusesNewCallsDuringAndAfter) {
  Jobs jobs{background()};
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  co_await calls.start({.id = 1, .time = 10ms});
  std::optional<bool> drained;
  TimePoint at{};
  WaitGroup drains;
  drains.go(drain_into(jobs, background(), drained, at));
  co_await sleep(1ms);
  co_await calls.start({.id = 2});
  EXPECT_EQ(calls.of(2).reason(), Why::shutting_down);
  co_await drains.wait();
  EXPECT_EQ(drained, true);
  co_await calls.start({.id = 3});
  EXPECT_EQ(calls.of(3).reason(), Why::shutting_down);
  co_await calls.wait();
  EXPECT_TRUE(calls.of(1).answered());
}

VIRTUAL_TEST(Shutdown, ByDrainServesARequestThatTheBalancerKeepsForWantOfRoom) {
  Jobs jobs(background(), {.queue = {.limit = 1, .overflow = Overflow::block}});
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  for (int i = 0; i < 5; ++i) co_await calls.start({.id = i, .time = 10ms});
  const bool drained = co_await jobs.drain(background());
  EXPECT_TRUE(drained);
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1, 2}));
  for (int id : {3, 4}) EXPECT_EQ(calls.of(id).reason(), Why::shutting_down);
}

VIRTUAL_TEST(Shutdown, ByDrainFailsWhatStillWaitsWhenItsContextEnds) {
  for (auto policy : {balance::p2c(), balance::central_queue()}) {
    Watcher watcher;
    Jobs jobs(background(), {.policy = policy, .observer = &watcher});
    jobs.add_worker({}, serve_job);
    Calls calls(jobs);
    for (int i = 0; i < 4; ++i) co_await calls.start({.id = i, .time = 10ms});
    const TimePoint begin = now();
    auto [patience, cancel] = with_timeout(background(), 12ms);
    const bool drained = co_await jobs.drain(patience);
    EXPECT_FALSE(drained);
    EXPECT_EQ(since(begin), 12ms);
    co_await sleep(1ns);
    EXPECT_EQ(calls.count(), 3u);
    for (int id : {2, 3}) {
      EXPECT_EQ(calls.of(id).reason(), Why::shutting_down);
      EXPECT_EQ(calls.of(id).at, begin + 12ms);
    }
    EXPECT_EQ(watcher.line + watcher.at(0).waiting, 0u);
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector<int>{0, 1}));  // what is served is finished
    const bool ended = co_await jobs.drain(background());
    EXPECT_TRUE(ended);
  }
}

CONCURRENCY_TEST(Shutdown, MayBeAskedForBySeveral) {
  Jobs jobs{background()};
  jobs.add_worker({}, serve_job);
  std::optional<bool> results[3];
  TimePoint times[3];
  WaitGroup drains;
  for (int i = 0; i < 3; ++i) drains.go(drain_into(jobs, background(), results[i], times[i]));
  co_await drains.wait();
  for (const auto& result : results) EXPECT_EQ(result, true);
}

VIRTUAL_TEST(Shutdown, ByTheBalancersContextFailsWhatWaits) {
  auto [context, cancel] = with_cancel(background());
  Jobs jobs(context, {.policy = balance::central_queue()});
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  for (int i = 0; i < 3; ++i) co_await calls.start({.id = i, .time = 10ms});
  cancel();
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0}));
  EXPECT_EQ(calls.of(1).reason(), Why::shutting_down);
}

Task<> call_into(Jobs& jobs, std::optional<Why>& reason) {
  const Job job{.id = 1, .time = 1us};
  auto answer = co_await jobs.call(background(), job);
  reason = answer ? Why::none : answer.error().reason;
}

Task<> reason_of(Task<Jobs::Outcome> call, std::optional<Why>& reason) {
  auto answer = co_await call;
  reason = answer ? Why::none : answer.error().reason;
}

CONCURRENCY_TEST(Shutdown, ByDestructionAnswersEveryCallThatWasMadeBefore) {
  std::optional<Why> reasons[6];
  std::optional<Jobs> jobs;
  jobs.emplace(background(), BalancerOptions{.policy = balance::central_queue()});
  jobs->add_worker({}, serve_job);
  const Job job{.id = 1, .time = 1us};
  WaitGroup all;
  for (auto& reason : reasons) all.go(reason_of(jobs->call(background(), job), reason));
  for (int i = 0; i < 5; ++i) co_await yield();
  jobs.reset();
  co_await all.wait();
  for (const auto& reason : reasons) {
    EXPECT_TRUE(reason == Why::none || reason == Why::shutting_down);
  }
}

VIRTUAL_TEST(Shutdown, ByDestructionFailsWhatWaitsWithoutADrain) {
  std::optional<Jobs> jobs;
  jobs.emplace(background());
  jobs->add_worker({}, serve_job);
  Calls calls(*jobs);
  for (int i = 0; i < 3; ++i) co_await calls.start({.id = i, .time = 10ms});
  jobs.reset();
  co_await calls.wait();
  EXPECT_EQ(calls.answered(), (std::vector<int>{0}));
  for (int id : {1, 2}) EXPECT_EQ(calls.of(id).reason(), Why::shutting_down);
}

CONCURRENCY_TEST(Shutdown, RightAfterConstructionLeavesNoTask) {
  Jobs jobs{background()};
  jobs.add_worker({.concurrency = 3}, serve_job);
  co_return;
}

CONCURRENCY_TEST(Shutdown, OfACancelledContextLeavesNoWorkerThatJoinsMeanwhile) {
  auto [context, cancel] = with_cancel(background());
  cancel();
  Jobs jobs(context);
  jobs.add_worker({}, serve_job);
  co_await yield();
  jobs.add_worker({.concurrency = 2}, serve_job);
  co_await yield();
  for (int i = 0; i < 300; ++i) jobs.add_worker({}, serve_job);
  const bool drained = co_await jobs.drain(background());
  EXPECT_TRUE(drained);
}

CONCURRENCY_TEST(Shutdown, SendsWorkersHomeThatJoinAfterwards) {
  Jobs jobs{background()};
  co_await jobs.drain(background());
  for (int i = 0; i < 300; ++i) jobs.add_worker({}, serve_job);
  std::optional<Why> reason;
  co_await call_into(jobs, reason);
  EXPECT_EQ(reason, Why::shutting_down);
}

}  // namespace
}  // namespace weir::rpc::test
