#include "weir/sim/occupancy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "weir/base/random.h"

namespace weir::sim {
namespace {

TimePoint at(std::int64_t nanoseconds) {
  return TimePoint(Duration(nanoseconds));
}

// The plainest record: what was served and waited in each nanosecond of the window.
struct Naive {
  std::vector<double> serving;
  std::vector<double> waiting;

  static double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
  }

  std::vector<double> in_flight() const {
    std::vector<double> sums;
    for (std::size_t i = 0; i < serving.size(); ++i) sums.push_back(serving[i] + waiting[i]);
    return sums;
  }

  double sd_in_flight() const {
    std::vector<double> squares;
    const double average = mean(in_flight());
    for (const double value : in_flight()) squares.push_back(std::pow(value - average, 2));
    return std::sqrt(mean(squares));
  }
};

TEST(Occupancy, AgreesWithARecordOfEachNanosecond) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random({.seed = seed}, "occupancy");
    const auto begin = static_cast<std::int64_t>(random.below(300));
    const auto end = begin + static_cast<std::int64_t>(random.below(300));
    Occupancy occupancy;
    occupancy.set_window(at(begin), at(end));
    Naive naive;
    std::int64_t time = 0;
    std::uint64_t serving = 0;
    std::uint64_t waiting = 0;
    const auto pass = [&](std::int64_t until) {
      for (; time < until; ++time) {
        if (time < begin || end <= time) continue;
        naive.serving.push_back(static_cast<double>(serving));
        naive.waiting.push_back(static_cast<double>(waiting));
      }
    };
    for (int change = 0; change < 50; ++change) {
      pass(time + static_cast<std::int64_t>(random.below(20)));
      serving = random.below(4);
      waiting = random.below(10);
      occupancy.set(serving, waiting, at(time));
      EXPECT_EQ(occupancy.in_flight(), serving + waiting);
    }
    pass(time + 5);
    occupancy.close(at(time));

    EXPECT_DOUBLE_EQ(occupancy.mean_serving(), Naive::mean(naive.serving));
    EXPECT_DOUBLE_EQ(occupancy.mean_waiting(), Naive::mean(naive.waiting));
    EXPECT_DOUBLE_EQ(occupancy.mean_in_flight(), Naive::mean(naive.in_flight()));
    EXPECT_NEAR(occupancy.sd_in_flight(), naive.sd_in_flight(), 1e-9);
  }
}

TEST(Occupancy, KeepsTheLongestLineOfTheWindowHoweverShort) {
  Occupancy occupancy;
  occupancy.set_window(at(10), at(20));
  occupancy.set(1, 9, at(5));
  occupancy.set(1, 3, at(10));
  occupancy.set(1, 7, at(15));
  occupancy.set(1, 2, at(15));
  occupancy.set(1, 8, at(20));
  occupancy.close(at(30));

  EXPECT_EQ(occupancy.max_waiting(), 7u);
}

TEST(Occupancy, CountsNothingAfterItWasClosed) {
  Occupancy occupancy;
  occupancy.set(2, 4, at(0));
  occupancy.close(at(10));
  occupancy.set(3, 100, at(20));
  occupancy.set(0, 0, at(90));

  EXPECT_EQ(occupancy.mean_serving(), 2);
  EXPECT_EQ(occupancy.mean_waiting(), 4);
  EXPECT_EQ(occupancy.sd_in_flight(), 0);
  EXPECT_EQ(occupancy.max_waiting(), 4u);
}

TEST(Occupancy, IsZeroOverAnEmptyWindow) {
  Occupancy occupancy;
  occupancy.set_window(at(10), at(10));
  occupancy.set(1, 4, at(0));
  occupancy.close(at(50));

  EXPECT_EQ(occupancy.mean_in_flight(), 0);
  EXPECT_EQ(occupancy.sd_in_flight(), 0);
}

}  // namespace
}  // namespace weir::sim
