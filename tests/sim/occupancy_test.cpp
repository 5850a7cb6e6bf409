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

// The plainest record: what there was in each nanosecond of the window.
struct Naive {
  std::vector<double> busy;
  std::vector<double> waiting;
  std::vector<double> in_flight;

  static double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
  }

  double sd_in_flight() const {
    std::vector<double> squares;
    const double average = mean(in_flight);
    for (const double value : in_flight) squares.push_back(std::pow(value - average, 2));
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
    std::uint64_t busy = 0;
    std::uint64_t waiting = 0;
    std::uint64_t in_flight = 0;
    const auto pass = [&](std::int64_t until) {
      for (; time < until; ++time) {
        if (time < begin || end <= time) continue;
        naive.busy.push_back(static_cast<double>(busy));
        naive.waiting.push_back(static_cast<double>(waiting));
        naive.in_flight.push_back(static_cast<double>(in_flight));
      }
    };
    for (int change = 0; change < 50; ++change) {
      pass(time + static_cast<std::int64_t>(random.below(20)));
      busy = random.below(4);
      waiting = random.below(10);
      in_flight = busy + waiting + random.below(3);
      occupancy.set(busy, waiting, in_flight, at(time));
      EXPECT_EQ(occupancy.in_flight(), in_flight);
    }
    pass(time + 5);
    occupancy.close(at(time));

    EXPECT_DOUBLE_EQ(occupancy.utilisation(), Naive::mean(naive.busy));
    EXPECT_DOUBLE_EQ(occupancy.mean_waiting(), Naive::mean(naive.waiting));
    EXPECT_DOUBLE_EQ(occupancy.mean_in_flight(), Naive::mean(naive.in_flight));
    EXPECT_NEAR(occupancy.sd_in_flight(), naive.sd_in_flight(), 1e-9);
  }
}

TEST(Occupancy, KeepsTheLongestLineOfTheWindowHoweverShort) {
  Occupancy occupancy;
  occupancy.set_window(at(10), at(20));
  occupancy.set(1, 9, 10, at(5));
  occupancy.set(1, 3, 4, at(10));
  occupancy.set(1, 7, 8, at(15));
  occupancy.set(1, 2, 3, at(15));
  occupancy.set(1, 8, 9, at(20));
  occupancy.close(at(30));

  EXPECT_EQ(occupancy.max_waiting(), 7u);
}

TEST(Occupancy, CountsNothingAfterItWasClosed) {
  Occupancy occupancy;
  occupancy.set(2, 4, 6, at(0));
  occupancy.close(at(10));
  occupancy.set(3, 100, 103, at(20));
  occupancy.set(0, 0, 0, at(90));

  EXPECT_EQ(occupancy.utilisation(), 2);
  EXPECT_EQ(occupancy.mean_waiting(), 4);
  EXPECT_EQ(occupancy.sd_in_flight(), 0);
  EXPECT_EQ(occupancy.max_waiting(), 4u);
}

TEST(Occupancy, IsZeroOverAnEmptyWindow) {
  Occupancy occupancy;
  occupancy.set_window(at(10), at(10));
  occupancy.set(1, 4, 5, at(0));
  occupancy.close(at(50));

  EXPECT_EQ(occupancy.mean_in_flight(), 0);
  EXPECT_EQ(occupancy.sd_in_flight(), 0);
}

}  // namespace
}  // namespace weir::sim
