#include "weir/report/number.h"

#include <gtest/gtest.h>

namespace weir::report {
namespace {

using sim::Figure;
using sim::Interval;

std::optional<Figure> around(double value, double half_width) {
  return Figure{value, Interval{value - half_width, value + half_width}};
}

constexpr TimeUnit milliseconds{1e-3, "ms"};

TEST(Number, EndsWhereItsIntervalEnds) {
  EXPECT_EQ(time_text(around(0.0123487, 0.0004), milliseconds), "12.3 ± 0.4 ms");
  EXPECT_EQ(time_text(around(0.0123487, 0.04), milliseconds), "12 ± 40 ms");
  EXPECT_EQ(time_text(around(0.0123487, 0.000021), milliseconds), "12.35 ± 0.02 ms");
}

TEST(Number, AHalfWidthThatBeginsWithAOneKeepsTwoDigits) {
  EXPECT_EQ(time_text(around(0.0123487, 0.00014), milliseconds), "12.35 ± 0.14 ms");
  EXPECT_EQ(time_text(around(0.0123487, 0.0014), milliseconds), "12.3 ± 1.4 ms");
  EXPECT_EQ(time_text(around(0.0123487, 0.014), milliseconds), "12 ± 14 ms");
}

TEST(Number, WithoutAnIntervalHasThreeDigits) {
  EXPECT_EQ(time_text(Figure{0.0123487}, milliseconds), "12.3 ms");
  EXPECT_EQ(time_text(Figure{0.00123487}, milliseconds), "1.23 ms");
  EXPECT_EQ(time_text(Figure{1.23487}, milliseconds), "1235 ms");
  EXPECT_EQ(time_text(Figure{0}, milliseconds), "0 ms");
}

TEST(Number, AnIntervalWithoutWidthIsLeftOut) {
  EXPECT_EQ(time_text(around(0.02, 0), milliseconds), "20.0 ms");
  EXPECT_EQ(rate_text(around(123.456789, 1e-9)), "123.457/s");
}

TEST(Number, WhatIsUnknownIsADash) {
  EXPECT_EQ(time_text(std::optional<double>(), milliseconds), "–");
  EXPECT_EQ(percent_text(std::nullopt), "–");
  EXPECT_EQ(change_text(std::nullopt, std::nullopt), "–");
}

TEST(Number, UnitsSuitTheGreatestOfAColumn) {
  EXPECT_EQ(unit_of(1.0).name, "s");
  EXPECT_EQ(unit_of(0.999).name, "ms");
  EXPECT_EQ(unit_of(0.0005).name, "µs");
  EXPECT_EQ(unit_of(2e-9).name, "ns");
  EXPECT_EQ(unit_of(0.0).name, "s");
  EXPECT_EQ(unit_of(std::vector<std::optional<double>>{1e-5, std::nullopt, 0.2}).name, "ms");
}

TEST(Number, SharesAreWholeOrHaveTwoDecimals) {
  EXPECT_EQ(percent_text(Figure{1}), "100 %");
  EXPECT_EQ(percent_text(Figure{0.99984}), "99.98 %");
  EXPECT_EQ(percent_text(around(0.9357, 0.004)), "93.6 ± 0.4 %");
  EXPECT_EQ(percent_text(around(1, 0)), "100 %");
}

TEST(Number, CountsAreGrouped) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1980123), "1,980,123");
}

TEST(Number, ChangesCarryTheirSignAndInterval) {
  EXPECT_EQ(change_text(-0.41, Interval{-0.45, -0.36}), "-41 % [-45, -36]");
  EXPECT_EQ(change_text(0.0213, Interval{-0.004, 0.05}), "+2 % [0, 5]");
  EXPECT_EQ(change_text(0.5, std::nullopt), "+50.0 %");
  EXPECT_EQ(change_text(0, Interval{0, 0}), "0 % [0, 0]");
}

TEST(Number, FiguresAndBoundsHaveTheUnitOfTheirMetric) {
  using enum sim::Metric::Unit;
  EXPECT_EQ(figure_text(Figure{0.04}, seconds), "40.0 ms");
  EXPECT_EQ(figure_text(Figure{0.5}, fraction), "50 %");
  EXPECT_EQ(figure_text(Figure{2}, per_second), "2.00/s");
  EXPECT_EQ(figure_text(Figure{8}, number), "8.00");
  EXPECT_EQ(bound_text(0.2, seconds), "200ms");
  EXPECT_EQ(bound_text(0.999, fraction), "99.9%");
  EXPECT_EQ(bound_text(1.995, per_second), "1.995/s");
  EXPECT_EQ(bound_text(8.05, number), "8.05");
}

}  // namespace
}  // namespace weir::report
