#include "weir/base/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "weir/base/random.h"

namespace {

using namespace weir;

constexpr std::int64_t greatest = INT64_MAX;

// Values of every magnitude: the exponent is uniform.
std::vector<std::int64_t> values_of_all_sizes(std::size_t n, std::uint64_t stream = 0) {
  Random random({.seed = 7}, "values", stream);
  std::vector<std::int64_t> values(n);
  for (auto& value : values) {
    const auto shift = 1 + random.below(63);
    value = static_cast<std::int64_t>(random.next() >> shift);
  }
  return values;
}

Histogram histogram_of(const std::vector<std::int64_t>& values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  return histogram;
}

TEST(Histogram, StartsEmpty) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.mean(), 0);
  EXPECT_EQ(histogram.standard_deviation(), 0);
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_FALSE(histogram.supports(0.5));
}

TEST(Histogram, KeepsCountExtremesAndMeanExactly) {
  const Histogram histogram = histogram_of({10, 5'000'001, 3});
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.min(), 3);
  EXPECT_EQ(histogram.max(), 5'000'001);
  EXPECT_EQ(histogram.mean(), 5'000'014 / 3.0);
}

TEST(Histogram, HoldsZeroAndTheGreatestValue) {
  const Histogram histogram = histogram_of({0, greatest});
  EXPECT_EQ(histogram.quantile(0.5), 0);
  EXPECT_EQ(histogram.quantile(1), greatest);
  EXPECT_EQ(histogram.mean(), 0x1p62);
  EXPECT_DOUBLE_EQ(histogram.standard_deviation(), 0x1p63 / std::sqrt(2.0));
}

TEST(Histogram, DeviationSurvivesALargeCommonOffset) {
  const std::int64_t offset = 4'000'000'000'000'000'000;
  const Histogram histogram = histogram_of({offset + 1, offset + 2, offset + 3, offset + 4});
  EXPECT_DOUBLE_EQ(histogram.standard_deviation(), std::sqrt(5.0 / 3));
}

TEST(Histogram, DeviationAgreesWithTwoPasses) {
  Random random({.seed = 7}, "deviation");
  std::vector<std::int64_t> values(10'000);
  for (auto& value : values) value = 1'000'000'000 + static_cast<std::int64_t>(random.below(1000));
  const Histogram histogram = histogram_of(values);
  long double squares = 0;
  for (const auto value : values) {
    const long double distance = static_cast<long double>(value) - histogram.mean();
    squares += distance * distance;
  }
  EXPECT_NEAR(histogram.standard_deviation(), static_cast<double>(std::sqrt(squares / 9999)), 1e-9);
}

TEST(Histogram, EqualValuesHaveNoDeviation) {
  EXPECT_EQ(histogram_of(std::vector<std::int64_t>(1000, 123'456'789)).standard_deviation(), 0);
}

TEST(Histogram, QuantilesAreOffByAtMostOneInTwoThousand) {
  auto values = values_of_all_sizes(20'000);
  const Histogram histogram = histogram_of(values);
  std::ranges::sort(values);
  for (std::size_t rank = 1; rank <= values.size(); ++rank) {
    const double p = static_cast<double>(rank) / static_cast<double>(values.size());
    const auto exact = static_cast<double>(values[rank - 1]);
    const auto found = static_cast<double>(histogram.quantile(p));
    ASSERT_LE(std::fabs(found - exact), exact / 2048) << "rank " << rank;
  }
}

TEST(Histogram, QuantilesOfSmallValuesAreExact) {
  Histogram histogram;
  for (int value = 1; value <= 2000; ++value) histogram.record(value);
  for (int rank = 1; rank <= 2000; ++rank) {
    ASSERT_EQ(histogram.quantile(rank / 2000.0), rank);
  }
}

TEST(Histogram, QuantileTakesTheValueAtTheRankAboveAFraction) {
  const Histogram histogram = histogram_of({1, 2, 3, 4});
  EXPECT_EQ(histogram.quantile(0), 1);
  EXPECT_EQ(histogram.quantile(0.25), 1);
  EXPECT_EQ(histogram.quantile(0.26), 2);
  EXPECT_EQ(histogram.quantile(0.5), 2);
  EXPECT_EQ(histogram.quantile(0.51), 3);
  EXPECT_EQ(histogram.quantile(0.76), 4);
  EXPECT_EQ(histogram.quantile(1), 4);
}

TEST(Histogram, QuantileIsNotMovedByTheRoundingOfTheRank) {
  Histogram histogram;
  for (int value = 1; value <= 100; ++value) histogram.record(value);
  for (int percent = 1; percent <= 100; ++percent) {
    EXPECT_EQ(histogram.quantile(percent * 0.01), percent);
  }
}

TEST(Histogram, QuantileStaysBetweenTheExtremes) {
  const Histogram histogram = histogram_of({1'000'001, 1'000'001, 1'000'001});
  EXPECT_EQ(histogram.quantile(0.5), 1'000'001);
}

TEST(Histogram, MergingEqualsRecordingInAnyOrder) {
  auto values = values_of_all_sizes(3000);
  const Histogram whole = histogram_of(values);
  std::ranges::reverse(values);
  Histogram parts[3];
  for (std::size_t i = 0; i < values.size(); ++i) parts[i % 3].record(values[i]);
  Histogram forward, backward;
  for (int i = 0; i < 3; ++i) forward.merge(parts[i]);
  for (int i = 2; i >= 0; --i) backward.merge(parts[i]);
  EXPECT_EQ(forward, whole);
  EXPECT_EQ(backward, whole);
  EXPECT_EQ(forward.standard_deviation(), whole.standard_deviation());
}

TEST(Histogram, MergesWithItselfAndWithNothing) {
  const auto values = values_of_all_sizes(100);
  Histogram twice = histogram_of(values);
  twice.merge(twice);
  twice.merge(Histogram{});
  Histogram again = histogram_of(values);
  for (const auto value : values) again.record(value);
  EXPECT_EQ(twice, again);
}

TEST(Histogram, DiffersWhenOneValueDiffers) {
  EXPECT_NE(histogram_of({1, 2, 3}), histogram_of({1, 2, 4}));
  EXPECT_NE(histogram_of({1, 2}), histogram_of({1, 2, 2}));
}

TEST(Histogram, BucketsTileTheRange) {
  const Histogram histogram = histogram_of(values_of_all_sizes(50'000));
  std::uint64_t total = 0;
  std::int64_t reached = -1;
  for (const auto& bucket : histogram.buckets()) {
    ASSERT_GT(bucket.low, reached);
    ASSERT_GE(bucket.high, bucket.low);
    ASSERT_LE((bucket.high - bucket.low) / 2, bucket.low / 2048);
    reached = bucket.high;
    total += bucket.count;
    ASSERT_EQ(histogram.count_at_most(bucket.high), total);
  }
  EXPECT_EQ(total, histogram.count());
}

TEST(Histogram, CountsWhatIsAtMostAValue) {
  const Histogram histogram = histogram_of({5, 10, 10, 1000});
  EXPECT_EQ(histogram.count_at_most(4), 0u);
  EXPECT_EQ(histogram.count_at_most(5), 1u);
  EXPECT_EQ(histogram.count_at_most(10), 3u);
  EXPECT_EQ(histogram.count_at_most(greatest), 4u);
}

TEST(Histogram, SupportsAQuantileFromTheCountThatBoundsIt) {
  for (const auto& [p, needed] : {std::pair{0.5, 6u},
                                  {0.9, 36u},
                                  {0.95, 72u},
                                  {0.99, 368u},
                                  {0.999, 3688u},
                                  {0.9999, 36887u},
                                  {0.01, 368u}}) {
    EXPECT_FALSE(Histogram::supports(p, needed - 1)) << p;
    EXPECT_TRUE(Histogram::supports(p, needed)) << p;
  }
}

TEST(HistogramDeathTest, RefusesANegativeValue) {
  Histogram histogram;
  EXPECT_DEATH(histogram.record(-1), "negative value");
}

}  // namespace
