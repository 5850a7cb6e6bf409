// Delays and losses between callers and the balancer, and callers whose attempts outlive them.

#include <gtest/gtest.h>

#include <map>

#include "tests/rpc/balancing.h"

namespace weir::rpc::test {
namespace {

// The trips of attempts by number; others take no time.
class Scripted final : public Network {
 public:
  explicit Scripted(std::map<std::uint32_t, Trip> trips) : trips_(std::move(trips)) {}

  Trip trip(const balance::Request& attempt, std::uint32_t) const override {
    const auto found = trips_.find(attempt.attempt);
    return found == trips_.end() ? Trip() : found->second;
  }

 private:
  const std::map<std::uint32_t, Trip> trips_;
};

BalancerOptions over(const Network& network) {
  BalancerOptions options;
  options.network = &network;
  return options;
}

TEST(Network, DelaysBothWaysAndNeitherCountsAsWaitOrService) {
  const Scripted network({{0, {.there = 3ms, .back = 4ms}}});
  run_virtual([](const Network& net) -> Task<> {
    Jobs jobs(background(), over(net));
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    const TimePoint begin = now();
    calls.go({.id = 1, .time = 10ms});
    co_await calls.wait();
    const Timing& timing = calls.of(1).trace.timing;
    EXPECT_EQ(calls.of(1).at - begin, 17ms);
    EXPECT_EQ(timing.accepted - begin, 3ms);
    EXPECT_EQ(timing.started - timing.accepted, 0ms);
    EXPECT_EQ(timing.finished - timing.started, 10ms);
    co_await jobs.drain(background());
  }(network));
}

TEST(Network, LosesARequestWithoutAWordUntilTheAttemptTimesOut) {
  const Scripted network({{0, {.request_lost = true}}});
  run_virtual([](const Network& net) -> Task<> {
    Watcher watcher;
    BalancerOptions options = over(net);
    options.observer = &watcher;
    options.retry = {.max = 1, .attempt_timeout = 20ms, .backoff = {.base = 0ms}};
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    const TimePoint begin = now();
    calls.go({.id = 1, .time = 10ms});
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), std::vector{1});
    EXPECT_EQ(calls.of(1).at - begin, 30ms);
    EXPECT_EQ(calls.of(1).trace.attempts, 2u);
    EXPECT_EQ(watcher.answers, 1u);
    co_await jobs.drain(background());
  }(network));
}

TEST(Network, LosesAReplyThatAWorkerHasGiven) {
  const Scripted network({{0, {.reply_lost = true}}});
  run_virtual([](const Network& net) -> Task<> {
    Watcher watcher;
    BalancerOptions options = over(net);
    options.observer = &watcher;
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    auto [context, cancel] = with_timeout(background(), 20ms);
    calls.go({.id = 1, .time = 10ms}, context);
    co_await calls.wait();
    EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
    EXPECT_EQ(watcher.successes, 1u);
    co_await jobs.drain(background());
  }(network));
}

TEST(Network, BringsARefusalBackLate) {
  const Scripted network({{0, {.there = 1ms, .back = 2ms}}});
  run_virtual([](const Network& net) -> Task<> {
    BalancerOptions options = over(net);
    options.door = {.slots = 1};
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    const TimePoint begin = now();
    co_await calls.start({.id = 1, .time = 10ms});
    co_await calls.start({.id = 2});
    co_await calls.wait();
    EXPECT_EQ(calls.of(2).reason(), Why::no_slot);
    EXPECT_EQ(calls.of(2).at - begin, 3ms + 1ns);
    co_await jobs.drain(background());
  }(network));
}

// Without a context of its own an attempt leaves the line with its caller; with one it is served.
TEST(ServedUnder, KeepsAnAbandonedAttemptInTheLine) {
  run_virtual([]() -> Task<> {
    for (const bool withdraws : {true, false}) {
      Watcher watcher;
      BalancerOptions options;
      options.observer = &watcher;
      Jobs jobs(background(), options);
      jobs.add_worker({.name = "w"}, serve_job);
      Calls calls(jobs);
      const Context server = background();
      const CallOptions call{.served_under = withdraws ? nullptr : &server};
      co_await calls.start({.id = 1, .time = 100ms});
      auto [context, cancel] = with_timeout(background(), 20ms);
      co_await calls.start({.id = 2, .time = 100ms}, context, call);
      co_await sleep(30ms);
      EXPECT_EQ(calls.of(2).kind(), Kind::timed_out);
      EXPECT_EQ(watcher.at(0).waiting, withdraws ? 0u : 1u);
      const TimePoint begin = now();
      co_await jobs.drain(background());
      EXPECT_EQ(watcher.answers, withdraws ? 1u : 2u);
      EXPECT_GT(now() - begin, withdraws ? 60ms : 160ms);
      co_await calls.wait();
    }
  }());
}

// With overflow block callers wait outside; there, too, their own deadline counts.
TEST(ServedUnder, LetsACallerLeaveBeforeTheBalancerTakesItsAttempt) {
  run_virtual([]() -> Task<> {
    BalancerOptions options;
    options.queue = {.limit = 0, .overflow = Overflow::block};
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    const Context server = background();
    co_await calls.start({.id = 1, .time = 100ms});
    co_await calls.start({.id = 2, .time = 1ms});  // kept by the balancer
    auto [context, cancel] = with_timeout(background(), 20ms);
    const TimePoint begin = now();
    calls.go({.id = 3, .time = 1ms}, context, {.served_under = &server});
    co_await calls.wait();
    EXPECT_EQ(calls.of(3).kind(), Kind::timed_out);
    EXPECT_EQ(calls.of(3).at - begin, 20ms);
    co_await jobs.drain(background());
  }());
}

}  // namespace
}  // namespace weir::rpc::test
