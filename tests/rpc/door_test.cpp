// What stands before a balancer: slots, a rate, and uploads that hold a slot while they arrive.

#include <gtest/gtest.h>

#include "tests/rpc/balancing.h"

namespace weir::rpc::test {
namespace {

// Comes after a given time.
class Slow final : public Payload {
 public:
  explicit Slow(Duration time) : time_(time) {}
  Task<bool> arrive(Context context, balance::Request) override { return wait(context, time_); }

 private:
  static Task<bool> wait(Context context, Duration time) {
    const bool came = co_await sleep(context, time);
    co_return came;
  }
  const Duration time_;
};

BalancerOptions with_door(DoorOptions door) {
  BalancerOptions options;
  options.door = door;
  return options;
}

TEST(Door, RejectsWhoFindsNoSlot) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), with_door({.slots = 2}));
    jobs.add_worker({.name = "w", .concurrency = 8}, serve_job);
    Calls calls(jobs);
    co_await calls.start({.id = 1, .time = 10ms});
    co_await calls.start({.id = 2, .time = 20ms});
    co_await calls.start({.id = 3, .time = 10ms});
    co_await sleep(12ms);
    co_await calls.start({.id = 4, .time = 10ms});
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector{1, 2, 4}));
    EXPECT_EQ(calls.of(3).kind(), Kind::rejected);
    EXPECT_EQ(calls.of(3).reason(), Why::no_slot);
    co_await jobs.drain(background());
  }());
}

TEST(Door, GivesTheSlotBackWhenTheCallerLeaves) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), with_door({.slots = 1}));
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    auto [context, cancel] = with_timeout(background(), 5ms);
    co_await calls.start({.id = 1, .time = 100ms}, context);
    co_await sleep(6ms);
    co_await calls.start({.id = 2, .time = 1ms});
    co_await calls.wait();
    EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
    EXPECT_EQ(calls.answered(), std::vector{2});
    co_await jobs.drain(background());
  }());
}

TEST(Door, RetriesAfterARefusal) {
  run_virtual([]() -> Task<> {
    BalancerOptions options = with_door({.slots = 1});
    options.retry = {.max = 3, .backoff = {.base = 10ms, .factor = 1, .full_jitter = false}};
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    co_await calls.start({.id = 1, .time = 15ms});
    co_await calls.start({.id = 2, .time = 1ms});
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector{1, 2}));
    EXPECT_EQ(calls.of(2).trace.attempts, 3u);
    co_await jobs.drain(background());
  }());
}

// A bucket that is full at first lets through as many as it holds, then one each period.
TEST(Door, PolicesARateExactly) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), with_door({.rate = pool::RateLimit{.tokens = 100, .burst = 3}}));
    jobs.add_worker({.name = "w", .concurrency = 100}, serve_job);
    Calls calls(jobs);
    for (int id = 0; id < 50; ++id) {  // at 0, 1, … 49 ms: 3 tokens, and one after 10, 20, 30, 40
      calls.go({.id = id});
      co_await sleep(1ms);
    }
    co_await calls.wait();
    EXPECT_EQ(calls.answered(), (std::vector{0, 1, 2, 10, 20, 30, 40}));
    EXPECT_EQ(calls.of(3).reason(), Why::rate_limited);
    co_await jobs.drain(background());
  }());
}

TEST(Door, ShapesARateExactly) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(),
              with_door({.rate = pool::RateLimit{.tokens = 100, .burst = 2}, .waits = true}));
    jobs.add_worker({.name = "w", .concurrency = 100}, serve_job);
    Calls calls(jobs);
    const TimePoint begin = now();
    auto [context, cancel] = with_timeout(background(), 15ms);
    for (int id = 0; id < 5; ++id) calls.go({.id = id}, id == 3 ? context : background());
    co_await calls.wait();
    EXPECT_EQ(calls.of(0).at - begin, 0ms);
    EXPECT_EQ(calls.of(1).at - begin, 0ms);
    EXPECT_EQ(calls.of(2).at - begin, 10ms);
    EXPECT_EQ(calls.of(3).reason(), Why::rate_limited);  // its token would have come at 20 ms
    EXPECT_EQ(calls.of(3).at - begin, 0ms);
    EXPECT_EQ(calls.of(4).at - begin, 20ms);
    co_await jobs.drain(background());
  }());
}

TEST(Payload, HoldsASlotAndNoWorkerWhileItArrives) {
  run_virtual([]() -> Task<> {
    Watcher watcher;
    BalancerOptions options = with_door({.slots = 1});
    options.observer = &watcher;
    Jobs jobs(background(), options);
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    Slow upload(50ms);
    const TimePoint begin = now();
    co_await calls.start({.id = 1, .time = 10ms}, background(), {.payload = &upload});
    co_await calls.start({.id = 2});
    EXPECT_EQ(calls.of(2).reason(), Why::no_slot);
    co_await sleep(40ms);
    EXPECT_EQ(watcher.at(0).serving_max, 0u);
    co_await calls.wait();
    EXPECT_EQ(calls.of(1).at - begin, 60ms);
    EXPECT_EQ(calls.of(1).trace.timing.accepted - begin, 50ms);
    co_await jobs.drain(background());
  }());
}

TEST(Payload, EndsWithTheDeadline) {
  run_virtual([]() -> Task<> {
    Jobs jobs(background(), with_door({.slots = 1}));
    jobs.add_worker({.name = "w"}, serve_job);
    Calls calls(jobs);
    Slow upload(50ms);
    auto [context, cancel] = with_timeout(background(), 20ms);
    const TimePoint begin = now();
    calls.go({.id = 1}, context, {.payload = &upload});
    co_await sleep(20ms + 1ns);
    calls.go({.id = 2});
    co_await calls.wait();
    EXPECT_EQ(calls.of(1).kind(), Kind::timed_out);
    EXPECT_EQ(calls.of(1).at - begin, 20ms);
    EXPECT_EQ(calls.answered(), std::vector{2});
    co_await jobs.drain(background());
  }());
}

}  // namespace
}  // namespace weir::rpc::test
