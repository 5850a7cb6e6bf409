#include "weir/pool/token_bucket.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "weir/base/elementary.h"
#include "weir/base/random.h"

namespace weir::pool {
namespace {

constexpr TimePoint at(Duration since_start) {
  return TimePoint(since_start);
}

// ceil((k - b) * per / tokens), the time of the k-th token of a greedy caller.
Duration greedy_time(const RateLimit& limit, std::int64_t k) {
  if (k <= limit.burst) return Duration::zero();
  const std::int64_t numerator = (k - limit.burst) * limit.per.count();
  return Duration((numerator + limit.tokens - 1) / limit.tokens);
}

const std::vector<RateLimit> limits = {{.tokens = 1, .per = 1s, .burst = 1},
                                       {.tokens = 3, .per = 1s, .burst = 5},
                                       {.tokens = 7, .per = 1ms, .burst = 2},
                                       {.tokens = 1'000'000, .per = 1s, .burst = 100},
                                       {.tokens = 999'999'937, .per = 1s, .burst = 3}};

TEST(TokenBucket, PromisesTheKthTokenExactlyWhenItIsEarned) {
  for (const RateLimit& limit : limits) {
    TokenBucket bucket(limit, at(0s));
    for (std::int64_t k = 1; k <= 1000; ++k) {
      EXPECT_EQ(bucket.promise(at(0s), 1)->at, at(greedy_time(limit, k)))
          << limit.tokens << ' ' << k;
    }
  }
}

TEST(TokenBucket, AdmitsBurstPlusRateTimesTimeInAnyTime) {
  for (const RateLimit& limit : limits) {
    TokenBucket bucket(limit, at(0s));
    const Duration step = limit.per / (2 * limit.tokens) + Duration(1);
    std::int64_t admitted = 0;
    for (int i = 0; i <= 1000; ++i) {
      const Duration elapsed = i * step;
      while (bucket.try_take(at(elapsed))) ++admitted;
      EXPECT_EQ(admitted, limit.burst + limit.tokens * elapsed.count() / limit.per.count());
    }
  }
}

TEST(TokenBucket, HoldsNoMoreThanItsBurst) {
  TokenBucket bucket({.tokens = 10, .per = 1s, .burst = 4}, at(0s));

  EXPECT_EQ(bucket.level(at(24h * 365 * 200)), 4);
  EXPECT_FALSE(bucket.try_take(at(24h * 365 * 200), 5));
  EXPECT_TRUE(bucket.try_take(at(24h * 365 * 200), 4));
}

TEST(TokenBucket, LetsMoreThanItsBurstPassOnceItIsEarned) {
  TokenBucket bucket({.tokens = 2, .per = 1s, .burst = 4}, at(0s));

  EXPECT_EQ(bucket.promise(at(0s), 10)->at, at(3s));
  EXPECT_EQ(bucket.promise(at(0s), 1)->at, at(3500ms));
}

TEST(TokenBucket, TakesNothingWhileTokensAreOwed) {
  TokenBucket bucket({.tokens = 1, .per = 1s, .burst = 2}, at(0s));
  EXPECT_EQ(bucket.promise(at(0s), 3)->at, at(1s));

  EXPECT_EQ(bucket.level(at(500ms)), -1);
  EXPECT_FALSE(bucket.try_take(at(1999ms)));
  EXPECT_TRUE(bucket.try_take(at(2s)));
}

TEST(TokenBucket, IsAsBeforeWhenTheLastPromiseIsTakenBack) {
  for (const RateLimit& limit : limits) {
    TokenBucket bucket(limit, at(0s));
    TokenBucket untouched(limit, at(0s));
    for (int k = 0; k < 20; ++k) {
      bucket.promise(at(0s), 1);
      untouched.promise(at(0s), 1);
    }

    const Promise first = *bucket.promise(at(0s), 3);
    const Promise second = *bucket.promise(at(0s), 2);
    EXPECT_TRUE(bucket.take_back(at(1ns), second));
    EXPECT_TRUE(bucket.take_back(at(2ns), first));

    EXPECT_EQ(bucket.promise(at(2ns), 1)->at, untouched.promise(at(2ns), 1)->at);
  }
}

TEST(TokenBucket, KeepsWhatAPromiseBeforeOthersHadTaken) {
  TokenBucket bucket({.tokens = 1, .per = 1s, .burst = 1}, at(0s));
  const Promise first = *bucket.promise(at(0s), 2);
  const Promise second = *bucket.promise(at(0s), 1);

  EXPECT_FALSE(bucket.take_back(at(0s), first));
  EXPECT_EQ(second.at, at(2s));
  EXPECT_EQ(bucket.promise(at(0s), 1)->at, at(3s));
}

TEST(TokenBucket, MakesNoPromiseThatComesTooLate) {
  TokenBucket bucket({.tokens = 1, .per = 1s, .burst = 1}, at(0s));
  EXPECT_TRUE(bucket.try_take(at(0s)));

  EXPECT_FALSE(bucket.promise(at(0s), 1, at(1s - 1ns)));
  EXPECT_EQ(bucket.promise(at(0s), 1, at(1s))->at, at(1s));
}

TEST(TokenBucket, TakesTimesThatGoBackForTheLatest) {
  TokenBucket bucket({.tokens = 1, .per = 1s, .burst = 1}, at(5s));
  EXPECT_TRUE(bucket.try_take(at(5s)));

  EXPECT_FALSE(bucket.try_take(at(1s)));
  EXPECT_FALSE(bucket.try_take(at(6s - 1ns)));
  EXPECT_TRUE(bucket.try_take(at(6s)));
}

TEST(TokenBucketDeathTest, RefusesALimitThatIsNone) {
  EXPECT_DEATH(TokenBucket({.tokens = 0}, at(0s)), "above zero");
  EXPECT_DEATH(TokenBucket({.per = 0s}, at(0s)), "above zero");
  EXPECT_DEATH(TokenBucket({.burst = std::int64_t{1} << 60}, at(0s)), "overflow");
}

// Poisson arrivals at `load` times the rate, those that find no token are dropped.
double dropped_share(double load, std::int64_t burst, int arrivals) {
  TokenBucket bucket({.tokens = 1, .per = 1s, .burst = burst}, at(0s));
  Random random({.seed = 20}, "arrival", static_cast<std::uint64_t>(load * 1000));
  double time = 0;
  int dropped = 0;
  for (int i = 0; i < arrivals; ++i) {
    time -= elementary::log(random.uniform()) / load;
    if (!bucket.try_take(at(from_seconds(time)))) ++dropped;
  }
  return static_cast<double>(dropped) / arrivals;
}

// With a burst of one, each admission begins a cycle of one second in which Poisson(load) arrivals
// are dropped. Cycles are independent, so the delta method gives the standard error.
TEST(TokenBucket, DropsAsThePolicersFormulaSaysForABurstOfOne) {
  constexpr int arrivals = 200'000;
  for (double load : {0.1, 0.5, 0.9, 2.0, 8.0}) {
    const double cycles = arrivals / (1 + load);
    const double error = std::sqrt(load / cycles) / ((1 + load) * (1 + load));
    EXPECT_NEAR(dropped_share(load, 1, arrivals), load / (1 + load), 4 * error) << load;
  }
}

}  // namespace
}  // namespace weir::pool
