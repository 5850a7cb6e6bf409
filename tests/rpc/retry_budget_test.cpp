#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "weir/rpc/retry.h"

namespace weir::rpc {
namespace {

using namespace std::chrono_literals;

TimePoint at(Duration time) {
  return TimePoint(time);
}

int withdrawals(RetryBudget& budget, TimePoint now, int attempts) {
  int covered = 0;
  for (int i = 0; i < attempts; ++i) covered += budget.withdraw(now) ? 1 : 0;
  return covered;
}

TEST(RetryBudget, CoversTheReserveOfTenSecondsWhenNothingWasSent) {
  RetryBudget budget;
  EXPECT_EQ(withdrawals(budget, at(5s), 1000), 100);
}

TEST(RetryBudget, CoversAShareOfTheFirstAttempts) {
  RetryBudget budget({.ratio = 0.25, .reserve_per_second = 0});
  EXPECT_FALSE(budget.withdraw(at(0s)));
  for (int i = 0; i < 40; ++i) budget.deposit(at(0s));
  EXPECT_EQ(withdrawals(budget, at(0s), 1000), 10);
}

TEST(RetryBudget, ForgetsFirstAttemptsAfterTenSeconds) {
  RetryBudget budget({.ratio = 1, .reserve_per_second = 0});
  for (int i = 0; i < 8; ++i) budget.deposit(at(0s));
  EXPECT_TRUE(budget.withdraw(at(9999ms)));
  EXPECT_FALSE(budget.withdraw(at(10s)));
}

TEST(RetryBudget, ForgetsRetriesAfterTenSeconds) {
  RetryBudget budget({.ratio = 0, .reserve_per_second = 1});
  EXPECT_EQ(withdrawals(budget, at(3s), 1000), 10);
  EXPECT_EQ(withdrawals(budget, at(12'999ms), 1000), 0);
  EXPECT_EQ(withdrawals(budget, at(13s), 1000), 10);
}

TEST(RetryBudget, ForgetsEverythingAfterALongSilence) {
  RetryBudget budget({.ratio = 1, .reserve_per_second = 0});
  for (int i = 0; i < 8; ++i) budget.deposit(at(0s));
  EXPECT_EQ(withdrawals(budget, at(1000h), 10), 0);
  budget.deposit(at(1000h));
  EXPECT_EQ(withdrawals(budget, at(1000h), 10), 1);
}

// Keeps every event for ever and counts those of the last ten seconds anew each time.
class PlainBudget {
 public:
  explicit PlainBudget(BudgetOptions options) : options_(options) {}

  void deposit(TimePoint now) { deposits_.push_back(now); }
  bool withdraw(TimePoint now) {
    const double allowed =
        options_.ratio * recent(deposits_, now) + options_.reserve_per_second * 10;
    if (recent(withdrawals_, now) + 1 > allowed) return false;
    withdrawals_.push_back(now);
    return true;
  }

 private:
  static double recent(const std::vector<TimePoint>& events, TimePoint now) {
    const auto second = [](TimePoint time) { return time.time_since_epoch() / 1s; };
    double count = 0;
    for (const TimePoint event : events) count += second(event) > second(now) - 10 ? 1 : 0;
    return count;
  }

  BudgetOptions options_;
  std::vector<TimePoint> deposits_;
  std::vector<TimePoint> withdrawals_;
};

TEST(RetryBudget, AgreesWithAPlainOneUnderRandomPrograms) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random({seed, 0}, "budget");
    BudgetOptions options;
    options.ratio = random.uniform();
    options.reserve_per_second = static_cast<double>(random.below(3)) / 4;
    RetryBudget budget(options);
    PlainBudget plain(options);
    TimePoint now{};
    for (int step = 0; step < 500; ++step) {
      const bool rests = random.below(50) == 0;
      now += Duration(random.below(rests ? 30'000'000'000u : 200'000'000u));
      if (random.below(2) == 0) {
        budget.deposit(now);
        plain.deposit(now);
      } else {
        ASSERT_EQ(budget.withdraw(now), plain.withdraw(now)) << "step " << step;
      }
    }
  }
}

TEST(Backoff, GrowsByItsFactorUpToItsCap) {
  const Backoff backoff{.base = 10ms, .factor = 3, .cap = 100ms, .full_jitter = false};
  Random unused({}, "backoff");
  EXPECT_EQ(backoff.pause(1, unused), 10ms);
  EXPECT_EQ(backoff.pause(2, unused), 30ms);
  EXPECT_EQ(backoff.pause(3, unused), 90ms);
  EXPECT_EQ(backoff.pause(4, unused), 100ms);
  EXPECT_EQ(backoff.pause(4'000'000'000u, unused), 100ms);
}

TEST(Backoff, NeverPausesForLongerThanTheCap) {
  const Backoff backoff{.base = 1s, .factor = 2, .cap = 10ms, .full_jitter = false};
  Random unused({}, "backoff");
  EXPECT_EQ(backoff.pause(1, unused), 10ms);
}

TEST(Backoff, DrawsUniformlyBetweenNothingAndThePause) {
  const Backoff backoff;
  Random random({7, 0}, "backoff");
  constexpr int draws = 20'000;
  double sum = 0;
  for (int i = 0; i < draws; ++i) {
    const Duration pause = backoff.pause(3, random);
    ASSERT_GE(pause, 0ms);
    ASSERT_LE(pause, 100ms);
    sum += to_seconds(pause);
  }
  // Five standard errors of the mean of a uniform number.
  EXPECT_NEAR(sum / draws, 0.05, 5 * 0.1 / std::sqrt(12.0 * draws));
}

TEST(Backoff, DrawsTheSameFromTheSameSeed) {
  const Backoff backoff;
  Random one({7, 0}, "backoff", 3);
  Random other({7, 0}, "backoff", 3);
  for (std::uint32_t retry = 1; retry < 10; ++retry) {
    EXPECT_EQ(backoff.pause(retry, one), backoff.pause(retry, other));
  }
}

TEST(RetryOptions, CoverEachKindOfFailureAsTold) {
  using Kind = Failure::Kind;
  using Why = Failure::Reason;
  RetryOptions retry;
  EXPECT_TRUE(retry.covers(Failure(Kind::failed)));
  EXPECT_TRUE(retry.covers(Failure(Kind::timed_out)));
  EXPECT_TRUE(retry.covers(Failure(Kind::rejected, Why::full)));
  EXPECT_FALSE(retry.covers(Failure(Kind::cancelled)));
  EXPECT_FALSE(retry.covers(Failure(Kind::rejected, Why::retry_budget)));
  EXPECT_FALSE(retry.covers(Failure(Kind::rejected, Why::shutting_down)));

  retry = {.on_timeout = false, .on_failure = false, .on_rejected = false};
  EXPECT_FALSE(retry.covers(Failure(Kind::failed)));
  EXPECT_FALSE(retry.covers(Failure(Kind::timed_out)));
  EXPECT_FALSE(retry.covers(Failure(Kind::rejected, Why::full)));
}

}  // namespace
}  // namespace weir::rpc
