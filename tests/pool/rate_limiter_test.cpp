#include "weir/pool/rate_limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "tests/support/concurrency_test.h"
#include "weir/weir.h"

namespace weir::pool {
namespace {

Duration elapsed() {
  return now().time_since_epoch();
}

VIRTUAL_TEST(RateLimiter, AdmitsAGreedyTaskExactlyAtTheRate) {
  const Context context = background();
  const RateLimiter limiter({.tokens = 3, .burst = 2});
  const TimePoint start = now();
  for (std::int64_t k = 1; k <= 100; ++k) {
    const bool granted = co_await limiter.acquire(context);
    EXPECT_TRUE(granted);
    const std::int64_t thirds = std::max<std::int64_t>(k - 2, 0);
    EXPECT_EQ(now() - start, Duration((thirds * 1'000'000'000 + 2) / 3)) << k;
  }
}

Task<> acquire_into(RateLimiter limiter, int name, std::int64_t count, Sender<int> passed) {
  const bool granted = co_await limiter.acquire(background(), count);
  EXPECT_TRUE(granted);
  co_await passed.send(name);
}

VIRTUAL_TEST(RateLimiter, ServesTasksInTheOrderInWhichTheyAsked) {
  const RateLimiter limiter({.tokens = 1, .burst = 1});
  auto passed = make_channel<int>(3);
  co_await sleep(1ms);
  go(acquire_into(limiter, 0, 1, passed));
  co_await sleep(1ms);
  go(acquire_into(limiter, 1, 5, passed));
  co_await sleep(1ms);
  go(acquire_into(limiter, 2, 1, passed));

  for (int expected = 0; expected < 3; ++expected) {
    auto name = co_await passed.receive();
    EXPECT_EQ(name, expected);
  }
  EXPECT_EQ(elapsed(), 6s + 1ms);
}

CONCURRENCY_TEST(RateLimiter, LetsEachTokenPassOnceAmongManyTasks) {
  constexpr int tasks = 8;
  const RateLimiter limiter({.tokens = 1'000'000, .burst = 4});
  const TimePoint start = now();
  auto passed = make_channel<int>(tasks * 10);
  for (int i = 0; i < tasks; ++i) {
    go(
        [](RateLimiter shared, Sender<int> out) -> Task<> {
          for (int k = 0; k < 10; ++k) co_await acquire_into(shared, k, 1, out);
        },
        limiter, passed);
  }
  for (int i = 0; i < tasks * 10; ++i) co_await passed.receive();

  EXPECT_GE(now() - start, 76us);
}

VIRTUAL_TEST(RateLimiter, GivesItsTokensBackWhenItsContextIsCancelled) {
  const RateLimiter limiter({.tokens = 1, .burst = 1});
  EXPECT_TRUE(co_await limiter.try_acquire());

  auto [context, cancel] = with_cancel(background());
  go(
      [](Cancel give_up) -> Task<> {
        co_await sleep(300ms);
        give_up();
      },
      cancel);
  const bool granted = co_await limiter.acquire(context, 10);
  EXPECT_FALSE(granted);
  EXPECT_EQ(elapsed(), 300ms);

  const bool next = co_await limiter.acquire(background());
  EXPECT_TRUE(next);
  EXPECT_EQ(elapsed(), 1s);
}

VIRTUAL_TEST(RateLimiter, KeepsItsPromisesWhenSomebodyBeforeGivesUp) {
  const RateLimiter limiter({.tokens = 1, .burst = 1});
  EXPECT_TRUE(co_await limiter.try_acquire());
  auto passed = make_channel<int>(1);
  auto [context, cancel] = with_cancel(background());
  auto early = go(
      [](RateLimiter shared, Context until) -> Task<> {
        const bool granted = co_await shared.acquire(until, 3);
        EXPECT_FALSE(granted);
      },
      limiter, context);
  co_await sleep(1ms);
  go(acquire_into(limiter, 1, 1, passed));
  co_await sleep(1ms);

  cancel();
  co_await early.join();
  co_await passed.receive();
  EXPECT_EQ(elapsed(), 4s);
}

VIRTUAL_TEST(RateLimiter, SaysNoAtOnceIfTheDeadlineComesBeforeTheTokens) {
  const RateLimiter limiter({.tokens = 1, .burst = 1});
  EXPECT_TRUE(co_await limiter.try_acquire());

  auto hopeless = with_timeout(background(), 1s);
  const bool first = co_await limiter.acquire(hopeless.context);
  EXPECT_FALSE(first);
  EXPECT_EQ(elapsed(), 0s);

  auto enough = with_timeout(background(), 1s + 1ns);
  const bool second = co_await limiter.acquire(enough.context);
  EXPECT_TRUE(second);
  EXPECT_EQ(elapsed(), 1s);
}

VIRTUAL_TEST(RateLimiter, AsksNothingOfTheBucketForACancelledContext) {
  const RateLimiter limiter({.tokens = 1, .burst = 1});
  auto [context, cancel] = with_cancel(background());
  cancel();

  const bool granted = co_await limiter.acquire(context);
  EXPECT_FALSE(granted);
  EXPECT_TRUE(co_await limiter.try_acquire());
}

VIRTUAL_TEST(RateLimiter, TriesWithoutWaiting) {
  const RateLimiter limiter({.tokens = 2, .burst = 3});
  EXPECT_FALSE(co_await limiter.try_acquire(4));
  EXPECT_TRUE(co_await limiter.try_acquire(3));
  EXPECT_FALSE(co_await limiter.try_acquire());
  co_await sleep(500ms - 1ns);
  EXPECT_FALSE(co_await limiter.try_acquire());
  co_await sleep(1ns);
  EXPECT_TRUE(co_await limiter.try_acquire());
}

}  // namespace
}  // namespace weir::pool
