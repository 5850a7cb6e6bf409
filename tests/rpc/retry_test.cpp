// Attempts after the first: which failures bring one, when it comes, who serves it, who pays.

#include <map>

#include "tests/rpc/balancing.h"
#include "weir/balance/least_loaded.h"
#include "weir/balance/round_robin.h"

namespace weir::rpc::test {
namespace {

RetryOptions retries(std::uint32_t max, Duration pause = 5ms) {
  RetryOptions retry;
  retry.max = max;
  retry.backoff = {.base = pause, .factor = 1, .cap = 1h, .full_jitter = false};
  return retry;
}

// Fails each attempt but the one whose number is the job's.
Task<std::expected<int, Failure>> succeed_at(Context, Job job, balance::Request request) {
  co_await sleep(job.time);
  if (static_cast<int>(request.attempt) < job.id) co_return std::unexpected(Failure(Kind::failed));
  co_return job.id;
}

VIRTUAL_TEST(Retry, GoesOnUntilAnAttemptSucceeds) {
  Jobs jobs(background(), {.retry = retries(5)});
  jobs.add_worker({}, succeed_at);
  Calls calls(jobs);
  const TimePoint begin = now();
  calls.go({.id = 3, .time = 10ms});
  co_await calls.wait();
  EXPECT_TRUE(calls.of(3).answered());
  EXPECT_EQ(calls.of(3).trace.attempts, 4u);
  EXPECT_EQ(calls.of(3).at, begin + 55ms);
  EXPECT_EQ(calls.of(3).trace.timing.accepted, begin + 45ms);  // of the last attempt
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Retry, StopsAfterTheGivenNumber) {
  Jobs jobs(background(), {.retry = retries(2)});
  jobs.add_worker({}, succeed_at);
  Calls calls(jobs);
  calls.go({.id = 9, .time = 1ms});
  co_await calls.wait();
  EXPECT_EQ(calls.of(9).kind(), Kind::failed);
  EXPECT_EQ(calls.of(9).trace.attempts, 3u);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Retry, IsNotMadeUnlessAskedFor) {
  Jobs jobs{background()};
  jobs.add_worker({}, succeed_at);
  Calls calls(jobs);
  calls.go({.id = 9, .time = 1ms});
  co_await calls.wait();
  EXPECT_EQ(calls.of(9).trace.attempts, 1u);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Retry, FollowsTheCallsOptionsBeforeTheBalancers) {
  Jobs jobs(background(), {.retry = retries(7)});
  jobs.add_worker({}, succeed_at);
  Calls calls(jobs);
  const RetryOptions once = retries(1);
  calls.go({.id = 9, .time = 1ms}, background(), {.retry = &once});
  co_await calls.wait();
  EXPECT_EQ(calls.of(9).trace.attempts, 2u);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Retry, IsMadeOnlyForTheFailuresThatItCovers) {
  RetryOptions retry = retries(3);
  retry.attempt_timeout = 10ms;
  retry.on_failure = false;
  Jobs jobs(background(), {.retry = retry});
  Calls calls(jobs);
  calls.go({.id = 1});  // no worker is there: covered
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).trace.attempts, 4u);
  EXPECT_EQ(calls.of(1).reason(), Why::no_worker);

  jobs.add_worker({.concurrency = 8}, succeed_at);
  calls.go({.id = 9, .time = 1ms});  // fails: not covered
  calls.go({.id = 8, .time = 1h});   // times out: covered
  co_await calls.wait();
  EXPECT_EQ(calls.of(9).trace.attempts, 1u);
  EXPECT_EQ(calls.of(8).trace.attempts, 4u);
  co_await jobs.drain(background());
}

// When the attempts of one call with full jitter were accepted.
Task<std::vector<TimePoint>> attempt_times(std::uint64_t call) {
  std::vector<TimePoint> times;
  RetryOptions retry = retries(6);
  retry.backoff = {};
  Jobs jobs(background(), {.retry = retry});
  jobs.add_worker({}, [&times](Context, Job) -> Task<std::expected<int, Failure>> {
    times.push_back(now());
    co_return std::unexpected(Failure(Kind::failed));
  });
  Calls calls(jobs);
  calls.go({.id = 1}, background(), {.id = call});
  co_await calls.wait();
  co_await jobs.drain(background());
  co_return times;
}

TEST(Retry, PausesWithFullJitterFromTheSeed) {
  const auto times = run_virtual(attempt_times(5), {.seed = 3});
  ASSERT_EQ(times.size(), 7u);
  const Backoff backoff;
  Random jitter({3, 0}, "backoff", 5);
  for (std::uint32_t retry = 1; retry < times.size(); ++retry) {
    EXPECT_EQ(times[retry] - times[retry - 1], backoff.pause(retry, jitter));
  }
  EXPECT_EQ(run_virtual(attempt_times(5), {.seed = 3}), times);
  EXPECT_NE(run_virtual(attempt_times(5), {.seed = 4}), times);
  EXPECT_NE(run_virtual(attempt_times(6), {.seed = 3}), times);
}

// Counts the attempts that each of three workers has served of one call.
Task<std::map<std::string, int>> attempts_by_worker(RetryOptions retry, Job job) {
  std::map<std::string, int> served;
  Jobs jobs(background(), {.policy = balance::least_loaded(), .retry = retry});
  for (std::string name : {"a", "b", "c"}) {
    jobs.add_worker({.name = name, .concurrency = 8}, [&served, name](Context, Job asked) {
      ++served[name];
      return succeed_at(Context(), asked, {});
    });
  }
  Calls calls(jobs);
  calls.go(job);
  co_await calls.wait();
  co_await jobs.drain(background());
  co_return served;
}

VIRTUAL_TEST(Retry, AvoidsWorkersThatHaveFailed) {
  auto served = co_await attempts_by_worker(retries(2), {.id = 9, .time = 1ms});
  EXPECT_EQ(served, (std::map<std::string, int>{{"a", 1}, {"b", 1}, {"c", 1}}));
}

VIRTUAL_TEST(Retry, AvoidsWorkersThatHaveNotAnsweredInTime) {
  RetryOptions retry = retries(2);
  retry.attempt_timeout = 3ms;
  auto served = co_await attempts_by_worker(retry, {.id = 9, .time = 4ms});  // free when retried
  EXPECT_EQ(served, (std::map<std::string, int>{{"a", 1}, {"b", 1}, {"c", 1}}));
}

// The first attempt is slow, any other quick.
Task<int> slow_at_first(Context, Job job, balance::Request request) {
  co_await sleep(request.attempt == 0 ? job.time : 1ms);
  co_return job.id;
}

VIRTUAL_TEST(Retry, AvoidsTheWorkerAtWhichItWasPlacedAnew) {
  RetryOptions retry = retries(1, 1ms);
  retry.attempt_timeout = 10ms;
  Jobs jobs(background(), {.policy = balance::least_loaded(), .retry = retry});
  const WorkerHandle first = jobs.add_worker({.name = "first"}, slow_at_first);
  Calls calls(jobs);
  const RetryOptions none;
  calls.go({.id = 1, .time = 15ms}, background(), {.retry = &none});
  co_await sleep(1ms);
  calls.go({.id = 2, .time = 1h});  // waits behind that
  co_await sleep(1ms);
  jobs.add_worker({.name = "second"}, slow_at_first);
  co_await first.take_down();  // and is served by the second one
  co_await sleep(1ms);
  co_await first.bring_up();
  co_await calls.wait();
  EXPECT_TRUE(calls.of(2).answered());
  EXPECT_EQ(calls.of(2).trace.timing.worker->index, 0u);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Retry, GoesBackToATriedWorkerIfThereIsNoOther) {
  auto served = co_await attempts_by_worker(retries(5), {.id = 9, .time = 1ms});
  EXPECT_EQ(served["a"] + served["b"] + served["c"], 6);
}

VIRTUAL_TEST(Retry, IsCoveredByABudgetThatIsOnByDefault) {
  constexpr int callers = 150;
  Watcher watcher;
  Jobs jobs(background(), {.retry = retries(1), .observer = &watcher});
  jobs.add_worker({.concurrency = callers}, succeed_at);
  Calls calls(jobs);
  for (int i = 0; i < callers; ++i) calls.go({.id = 9, .time = 1ms});
  co_await calls.wait();
  std::size_t attempts = 0;
  for (const Ending& ending : calls.endings()) {
    attempts += ending.trace.attempts;
    EXPECT_EQ(ending.kind(), Kind::failed);  // refused or not: the outcome of what was tried
    EXPECT_TRUE(ending.trace.timing.worker.has_value());
  }
  co_await jobs.drain(background());
  EXPECT_EQ(attempts, 150u + 30 + 100);  // a fifth of the first ones, and ten a second
  EXPECT_EQ(watcher.answers, attempts);
}

VIRTUAL_TEST(Retry, IsPaidByTheAccountOfItsCall) {
  const std::vector<std::optional<BudgetOptions>> budgets = {
      BudgetOptions{.ratio = 0, .reserve_per_second = 0.2}, std::nullopt};
  Jobs jobs(background(), {.retry = retries(1), .budgets = budgets});
  jobs.add_worker({.concurrency = 64}, succeed_at);
  for (auto [account, covered] : {std::pair(0u, 2u), std::pair(1u, 10u), std::pair(7u, 10u)}) {
    Calls calls(jobs);
    for (int i = 0; i < 10; ++i) calls.go({.id = 9}, background(), {.account = account});
    co_await calls.wait();
    std::uint32_t attempts = 0;
    for (const Ending& ending : calls.endings()) attempts += ending.trace.attempts;
    EXPECT_EQ(attempts, 10 + covered) << "account " << account;
  }
  co_await jobs.drain(background());
}

TEST(RetryDeathTest, NeedsAQueryThatCanBeCopied) {
  const auto call = []() -> Task<> {
    Balancer<std::unique_ptr<int>, int> balancer(background(), {.retry = retries(1)});
    co_await balancer.call(background(), std::make_unique<int>(1));
  };
  EXPECT_DEATH(run_virtual(call()), "cannot be copied");
}

}  // namespace
}  // namespace weir::rpc::test
