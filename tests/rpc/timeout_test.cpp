// Deadlines of calls and of attempts, exact in virtual time; and replies that come too late.

#include "tests/rpc/balancing.h"
#include "weir/balance/round_robin.h"

namespace weir::rpc::test {
namespace {

RetryOptions each_attempt_within(Duration timeout, std::uint32_t retries) {
  RetryOptions retry;
  retry.max = retries;
  retry.attempt_timeout = timeout;
  retry.backoff = {.base = 5ms, .factor = 1, .full_jitter = false};
  return retry;
}

VIRTUAL_TEST(Timeout, OfACallEndsItExactlyThen) {
  Jobs jobs{background()};
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  auto [context, cancel] = with_timeout(background(), 7ms);
  calls.go({.id = 1, .time = 10ms}, context);
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
  EXPECT_EQ(calls.of(1).at, context.deadline());
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Timeout, LetsAReplyThroughThatComesJustBefore) {
  Jobs jobs{background()};
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  auto [context, cancel] = with_timeout(background(), 7ms);
  calls.go({.id = 1, .time = 7ms - 1ns}, context);
  co_await calls.wait();
  EXPECT_TRUE(calls.of(1).answered());
  cancel();
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Timeout, OfEachAttemptEndsItExactlyThen) {
  Watcher watcher;
  Jobs jobs(background(), {.retry = each_attempt_within(10ms, 2), .observer = &watcher});
  for (int i = 0; i < 3; ++i) jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  const TimePoint begin = now();
  calls.go({.id = 1, .time = 1s});
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
  EXPECT_EQ(calls.of(1).trace.attempts, 3u);
  EXPECT_EQ(calls.of(1).at - begin, 40ms);  // three attempts and two pauses
  co_await jobs.drain(background());
  EXPECT_EQ(watcher.late, 3u);
}

VIRTUAL_TEST(Timeout, OfACallEndsItDuringAnAttempt) {
  Jobs jobs(background(), {.retry = each_attempt_within(10ms, 9)});
  for (int i = 0; i < 10; ++i) jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  auto [context, cancel] = with_timeout(background(), 22ms);
  calls.go({.id = 1, .time = 1s}, context);
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
  EXPECT_EQ(calls.of(1).trace.attempts, 2u);
  EXPECT_EQ(calls.of(1).at, context.deadline());
  co_await jobs.drain(background());
}

Task<std::expected<int, Failure>> fail_after(Context, Job job) {
  co_await sleep(job.time);
  co_return std::unexpected(Failure(Kind::failed));
}

VIRTUAL_TEST(Timeout, OfACallCountsWhateverTheLastAttemptCameTo) {
  Jobs jobs(background(), {.retry = each_attempt_within(10ms, 9)});
  jobs.add_worker({}, fail_after);
  Calls calls(jobs);
  auto [context, cancel] = with_timeout(background(), 6ms);
  calls.go({.id = 1, .time = 3ms}, context);  // fails, and its pause outlasts the call
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
  EXPECT_EQ(calls.of(1).trace.attempts, 1u);
  EXPECT_EQ(calls.of(1).at, context.deadline());
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Timeout, IsToldFromACancellation) {
  Jobs jobs(background(), {.retry = each_attempt_within(10ms, 9)});
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  auto [context, cancel] = with_cancel(background());
  calls.go({.id = 1, .time = 1s}, context);
  const TimePoint begin = now();
  co_await sleep(4ms);
  cancel();
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).kind(), Kind::cancelled);
  EXPECT_EQ(calls.of(1).trace.attempts, 1u);
  EXPECT_EQ(calls.of(1).at, begin + 4ms);
  co_await jobs.drain(background());
}

VIRTUAL_TEST(Timeout, LeavesALateReplyThatIsCountedAndWaitedForByNobody) {
  Watcher watcher;
  Jobs jobs(background(), {.observer = &watcher});
  jobs.add_worker({}, serve_job);
  Calls calls(jobs);
  auto [context, cancel] = with_timeout(background(), 3ms);
  const TimePoint begin = now();
  co_await calls.start({.id = 1, .time = 10ms}, context, {.account = 5});
  co_await calls.start({.id = 2, .time = 10ms});
  co_await calls.wait();
  EXPECT_EQ(calls.of(1).at, begin + 3ms);
  EXPECT_EQ(calls.of(2).at, begin + 20ms);  // the worker has served both, one after the other
  co_await jobs.drain(background());
  EXPECT_EQ(watcher.answers, 2u);
  EXPECT_EQ(watcher.successes, 2u);
  EXPECT_EQ(watcher.late, 1u);
}

// Remembers what it heard of finished attempts.
class Listening final : public balance::Policy {
 public:
  explicit Listening(std::vector<balance::Outcome>* outcomes) : outcomes_(outcomes) {}

  balance::Decision pick(const balance::Request&, const balance::View& view, Random&) override {
    return balance::Decision::send(view.eligible().front());
  }
  void on_event(const balance::Event& event, const balance::View&, Random&) override {
    if (event.kind == balance::Event::Kind::finished) outcomes_->push_back(event.outcome);
  }

 private:
  std::vector<balance::Outcome>* outcomes_;
};

VIRTUAL_TEST(Timeout, IsBlamedOnTheWorkerButACancellationIsNot) {
  std::vector<balance::Outcome> outcomes;
  Jobs jobs(background(), {.policy = balance::custom<Listening>("listening", &outcomes)});
  jobs.add_worker({.concurrency = 2}, serve_job);
  Calls calls(jobs);
  auto [impatient, late] = with_timeout(background(), 3ms);
  auto [other, cancel] = with_cancel(background());
  co_await calls.start({.id = 1, .time = 10ms}, impatient);
  co_await calls.start({.id = 2, .time = 20ms}, other);
  co_await sleep(5ms);
  cancel();
  co_await jobs.drain(background());
  co_await calls.wait();
  EXPECT_EQ(outcomes, (std::vector{balance::Outcome::timed_out, balance::Outcome::cancelled}));
}

VIRTUAL_TEST(Timeout, ReachesAWorkerThatLooksAtItsContext) {
  Balancer<int, int> balancer{background()};
  TimePoint gave_up{};
  balancer.add_worker({}, [&gave_up](Context context, int query) -> Task<int> {
    co_await sleep(context, 1s);
    gave_up = now();
    co_return query;
  });
  auto [context, cancel] = with_timeout(background(), 3ms);
  auto answer = co_await balancer.call(context, 1);
  EXPECT_FALSE(answer.has_value());
  co_await balancer.drain(background());
  EXPECT_EQ(gave_up, context.deadline());
}

}  // namespace
}  // namespace weir::rpc::test
