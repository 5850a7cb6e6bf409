#include "weir/sim/gauge.h"

#include <gtest/gtest.h>

#include <vector>

#include "weir/base/random.h"

namespace weir::sim {
namespace {

TimePoint at(std::int64_t nanoseconds) {
  return TimePoint(Duration(nanoseconds));
}

// The plainest gauge: one value for each nanosecond of the window.
struct Naive {
  std::vector<std::uint64_t> values;

  double mean() const {
    double sum = 0;
    for (const auto value : values) sum += static_cast<double>(value);
    return values.empty() ? 0 : sum / static_cast<double>(values.size());
  }
};

TEST(Gauge, AgreesWithAValueForEachNanosecond) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random({.seed = seed}, "gauge");
    const auto begin = static_cast<std::int64_t>(random.below(300));
    const auto end = begin + static_cast<std::int64_t>(random.below(300));
    Gauge gauge;
    gauge.set_window(at(begin), at(end));
    Naive naive;
    std::int64_t time = 0;
    std::uint64_t value = 0;
    const auto pass = [&](std::int64_t until) {
      for (; time < until; ++time) {
        if (begin <= time && time < end) naive.values.push_back(value);
      }
    };
    for (int change = 0; change < 50; ++change) {
      pass(time + static_cast<std::int64_t>(random.below(20)));
      value = random.below(10);
      gauge.set(value, at(time));
    }
    pass(time + 5);
    gauge.close(at(time));

    EXPECT_DOUBLE_EQ(gauge.mean(), naive.mean());
  }
}

TEST(Gauge, KeepsTheGreatestValueOfTheWindowHoweverShort) {
  Gauge gauge;
  gauge.set_window(at(10), at(20));
  gauge.set(9, at(5));
  gauge.set(3, at(10));
  gauge.set(7, at(15));
  gauge.set(2, at(15));
  gauge.set(8, at(20));
  gauge.close(at(30));

  EXPECT_EQ(gauge.max(), 7u);
}

TEST(Gauge, CountsNothingAfterItWasClosed) {
  Gauge gauge;
  gauge.set(4, at(0));
  gauge.close(at(10));
  gauge.set(100, at(20));
  gauge.set(0, at(90));

  EXPECT_EQ(gauge.mean(), 4);
  EXPECT_EQ(gauge.max(), 4u);
}

TEST(Gauge, IsZeroOverAnEmptyWindow) {
  Gauge gauge;
  gauge.set_window(at(10), at(10));
  gauge.set(4, at(0));
  gauge.close(at(50));

  EXPECT_EQ(gauge.mean(), 0);
}

}  // namespace
}  // namespace weir::sim
