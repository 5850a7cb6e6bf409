#include "weir/sim/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "weir/base/elementary.h"
#include "weir/base/random.h"

namespace {

using namespace weir;
using namespace weir::sim;

// A series that settles: y_i = 100 · 0.97^i + (37 i mod 11).
std::vector<double> settling_series() {
  std::vector<double> series(1000);
  for (std::size_t i = 0; i < series.size(); ++i) {
    series[i] = 100 * std::pow(0.97, static_cast<double>(i)) + static_cast<double>(37 * i % 11);
  }
  return series;
}

TEST(StudentT, AgreesWithTheTables) {
  const std::pair<int, double> at_975[] = {
      {1, 12.706205}, {2, 4.302653},  {3, 3.182446},  {4, 2.776445},  {5, 2.570582},
      {7, 2.364624},  {9, 2.262157},  {14, 2.144787}, {19, 2.093024}, {24, 2.063899},
      {29, 2.045230}, {39, 2.022691}, {49, 2.009575}, {99, 1.984217}};
  for (const auto& [degrees, t] : at_975) EXPECT_NEAR(student_t(0.975, degrees), t, 5e-7);
  const std::pair<int, double> at_995[] = {
      {4, 4.604095}, {9, 3.249836}, {19, 2.860935}, {29, 2.756386}};
  for (const auto& [degrees, t] : at_995) EXPECT_NEAR(student_t(0.995, degrees), t, 5e-7);
}

TEST(StudentT, IsSymmetric) {
  EXPECT_EQ(student_t(0.5, 7), 0);
  EXPECT_NEAR(student_t(0.025, 7), -student_t(0.975, 7), 1e-10);
}

TEST(MeanInterval, IsMeanAndTimesStandardError) {
  const std::vector<double> values = {1, 2, 3, 4, 5};
  const auto interval = mean_interval(values);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->value, 3);
  EXPECT_NEAR(interval->half_width(), 2.776445 * std::sqrt(2.5) / std::sqrt(5), 1e-6);
  EXPECT_NEAR(interval->high - 3, 3 - interval->low, 1e-15);
}

TEST(MeanInterval, NeedsTwoValues) {
  EXPECT_FALSE(mean_interval({}));
  EXPECT_FALSE(mean_interval(std::vector<double>{1}));
}

TEST(MeanInterval, CoversTheTruthAsOftenAsItSays) {
  constexpr int experiments = 20'000;
  Random random({.seed = 3}, "coverage");
  int covered = 0;
  for (int i = 0; i < experiments; ++i) {
    std::vector<double> values(10);
    for (double& value : values) value = random.uniform();
    const auto interval = mean_interval(values, 0.9).value();
    covered += interval.low <= 0.5 && 0.5 <= interval.high ? 1 : 0;
  }
  EXPECT_NEAR(covered, 0.9 * experiments, 200);
}

TEST(QuantileInterval, IsCentredOnThePooledEstimate) {
  const std::vector<double> sections = {9, 11, 10, 14};
  const auto interval = quantile_interval(12, sections);
  ASSERT_TRUE(interval);
  EXPECT_EQ(interval->value, 12);
  // Σ(Q_j - 12)² = 9 + 1 + 4 + 4.
  EXPECT_NEAR(interval->half_width(), 3.182446 * std::sqrt(18.0 / 3) / 2, 1e-6);
}

TEST(QuantileInterval, NeedsTwoSections) {
  EXPECT_FALSE(quantile_interval(1, std::vector<double>{1}));
}

TEST(QuantileRanks, AgreeWithTheTables) {
  struct Row {
    std::size_t n;
    double p;
    std::size_t low, high;
    double coverage;
  };
  for (const Row& row :
       {Row{100, .5, 40, 61, .9648}, Row{100, .9, 84, 96, .9557}, Row{1000, .5, 469, 532, .9537},
        Row{1000, .9, 881, 919, .9549}, Row{1000, .99, 983, 997, .9761},
        Row{10'000, .99, 9880, 9920, .9558}, Row{10'000, .999, 9983, 9997, .9755}}) {
    const auto ranks = quantile_ranks(row.n, row.p);
    ASSERT_TRUE(ranks) << row.n << " " << row.p;
    EXPECT_EQ(ranks->low, row.low) << row.n << " " << row.p;
    EXPECT_EQ(ranks->high, row.high) << row.n << " " << row.p;
    EXPECT_NEAR(ranks->coverage, row.coverage, 5e-5) << row.n << " " << row.p;
  }
}

TEST(QuantileRanks, ExistOnlyFromTheCountThatBoundsTheQuantile) {
  for (const auto& [p, needed] : {std::pair{0.9, 36u}, {0.95, 72u}, {0.99, 368u}, {0.999, 3688u}}) {
    EXPECT_FALSE(quantile_ranks(needed - 1, p)) << p;
    EXPECT_TRUE(quantile_ranks(needed, p)) << p;
  }
  EXPECT_FALSE(quantile_ranks(0, 0.5));
}

TEST(PairedDifference, OfProportionalSeriesIsExact) {
  const std::vector<double> baseline = {10, 12, 9, 20};
  std::vector<double> candidate = baseline;
  for (double& value : candidate) value *= 0.75;
  const auto difference = paired_difference(baseline, candidate);
  ASSERT_TRUE(difference);
  EXPECT_NEAR(difference->change, -0.25, 1e-14);
  EXPECT_NEAR(difference->low, -0.25, 1e-7);
  EXPECT_NEAR(difference->high, -0.25, 1e-7);
  EXPECT_TRUE(difference->significant);
}

TEST(PairedDifference, IsTheMeanLogRatio) {
  const std::vector<double> baseline = {1, 1, 1};
  const std::vector<double> candidate = {std::exp(0.1), std::exp(0.2), std::exp(0.3)};
  const auto difference = paired_difference(baseline, candidate);
  ASSERT_TRUE(difference);
  const double half = 4.302653 * 0.1 / std::sqrt(3);
  EXPECT_NEAR(difference->change, std::exp(0.2) - 1, 1e-12);
  EXPECT_NEAR(difference->low, std::exp(0.2 - half) - 1, 1e-7);
  EXPECT_NEAR(difference->high, std::exp(0.2 + half) - 1, 1e-7);
  EXPECT_FALSE(difference->significant) << "the interval holds 0";
}

TEST(PairedDifference, OfASeriesWithItselfIsNothing) {
  const std::vector<double> series = {3, 5, 4};
  EXPECT_EQ(paired_difference(series, series), (Difference{0, 0, 0, false}));
  const std::vector<double> zeros = {0, 5, 4};
  EXPECT_EQ(paired_difference(zeros, zeros), (Difference{0, 0, 0, false}));
}

TEST(PairedDifference, TakesTheRatioOfTheMeansWhereAValueIsZero) {
  const std::vector<double> baseline = {10, 20, 30};
  const std::vector<double> candidate = {0, 0, 0};
  const auto difference = paired_difference(baseline, candidate);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->change, -1);
  EXPECT_TRUE(difference->significant);
}

TEST(PairedDifference, HasNoAnswerWithoutABaseline) {
  const std::vector<double> zeros = {0, 0};
  const std::vector<double> ones = {1, 1};
  EXPECT_FALSE(paired_difference(zeros, ones));
  EXPECT_FALSE(paired_difference(ones, std::vector<double>{1, 1, 1}));
  EXPECT_FALSE(paired_difference(std::vector<double>{1}, std::vector<double>{2}));
}

TEST(PairedDifference, IsHeldToAHigherBarAmongManyComparisons) {
  const std::vector<double> baseline = {10, 10, 10, 10, 10};
  const std::vector<double> candidate = {10.5, 11.5, 11, 10.2, 11.3};
  const auto alone = paired_difference(baseline, candidate);
  const auto among = paired_difference(baseline, candidate, {.level = 0.95, .comparisons = 10});
  ASSERT_TRUE(alone && among);
  EXPECT_TRUE(alone->significant);
  EXPECT_FALSE(among->significant);
  EXPECT_EQ(alone->low, among->low) << "the interval shown is not corrected";
}

TEST(PairedDifference, CallsNoiseSignificantAsOftenAsTheLevelAllows) {
  constexpr int experiments = 10'000;
  Random random({.seed = 3}, "noise");
  int significant = 0;
  for (int i = 0; i < experiments; ++i) {
    std::vector<double> baseline(10), candidate(10);
    for (double& value : baseline) value = 10 + random.uniform();
    for (double& value : candidate) value = 10 + random.uniform();
    significant += paired_difference(baseline, candidate)->significant ? 1 : 0;
  }
  EXPECT_NEAR(significant, 0.05 * experiments, 90);
}

TEST(Mser, FindsTheCutOfTheReferenceSeries) {
  const auto series = settling_series();
  const auto five = mser(series);
  ASSERT_TRUE(five);
  EXPECT_EQ(five->observations, 185u);
  EXPECT_NEAR(five->criterion, 0.00385697, 5e-9);
  EXPECT_NEAR(five->mean, 5.012151, 5e-7);
  EXPECT_FALSE(five->too_short);
  const auto one = mser(series, 1);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->observations, 108u);
  EXPECT_NEAR(one->mean, 5.137029, 5e-7);
}

TEST(Mser, CutsNothingFromAConstant) {
  const auto found = mser(std::vector<double>(1000, 7.0));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->observations, 0u);
  EXPECT_EQ(found->mean, 7);
  EXPECT_FALSE(found->too_short);
}

TEST(Mser, SaysAloudThatASeriesNeverSettles) {
  std::vector<double> rising(1000);
  for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<double>(i);
  const auto found = mser(rising);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->too_short);
}

TEST(Mser, NeedsTenBatches) {
  EXPECT_FALSE(mser(std::vector<double>(49, 1.0)));
  EXPECT_TRUE(mser(std::vector<double>(50, 1.0)));
}

TEST(BatchMeans, AgreeWithTheReferenceSeries) {
  const auto series = settling_series();
  const auto found = batch_means(std::span(series).subspan(200), 20);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->mean.value, 5.014422, 5e-7);
  EXPECT_NEAR(found->standard_error, 0.027319, 5e-7);
  EXPECT_NEAR(found->mean.half_width(), 2.093024 * 0.027319, 2e-6);
}

TEST(BatchMeans, ReportTheCorrelationOfNeighbours) {
  std::vector<double> alternating(100);
  for (std::size_t i = 0; i < alternating.size(); ++i) alternating[i] = i / 10 % 2 == 0 ? 1 : -1;
  const auto found = batch_means(alternating, 10);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->lag1, -0.9, 1e-12);
}

TEST(BatchMeans, NeedAnObservationInEachBatch) {
  EXPECT_FALSE(batch_means(std::vector<double>{1}, 2));
  EXPECT_FALSE(batch_means(std::vector<double>{1, 2, 3}, 1));
}

// Sojourn times of an M/M/1 queue with mean service 1, from empty, by Lindley's recursion.
std::vector<double> sojourn_times(Random random, double load, std::size_t n) {
  std::vector<double> sojourns(n);
  double wait = 0;
  for (double& sojourn : sojourns) {
    sojourn = wait - elementary::log(random.uniform());
    wait = std::max(0.0, sojourn + elementary::log(random.uniform()) / load);
  }
  return sojourns;
}

double order_statistic(std::vector<double>& values, std::size_t rank) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(values, place);
  return *place;
}

// 10 runs of 10 000 at load 0.8: the interval of independent order statistics would cover the 99th
// percentile in 17 % of the experiments.
TEST(QuantileInterval, CoversTheTailOfAQueue) {
  constexpr std::size_t experiments = 300;
  const double truth = std::log(100.0) / 0.2;
  std::size_t covered = 0;
  for (std::size_t experiment = 0; experiment < experiments; ++experiment) {
    std::vector<double> pooled, sections;
    for (std::uint32_t run = 0; run < 10; ++run) {
      const RandomKey key{.seed = experiment, .replication = run};
      auto sojourns = sojourn_times(Random(key, "queue"), 0.8, 10'000);
      pooled.insert(pooled.end(), sojourns.begin(), sojourns.end());
      sections.push_back(order_statistic(sojourns, 9900));
    }
    const auto interval = quantile_interval(order_statistic(pooled, 99'000), sections).value();
    covered += interval.low <= truth && truth <= interval.high ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(covered) / experiments, 0.90);
  EXPECT_LE(static_cast<double>(covered) / experiments, 0.98);
}

}  // namespace
