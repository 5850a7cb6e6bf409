// Sums run in the order of the data and in double, so a result is the same bits everywhere.

#include "weir/sim/statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <ranges>
#include <vector>

#include "weir/base/check.h"
#include "weir/base/elementary.h"

namespace weir::sim {
namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// √(Σ(x - centre)² / (n - 1)).
double deviation_about(std::span<const double> values, double centre) {
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

// Boost calls the C library, whose last bit differs by processor; 36 bits are agreed on.
double without_last_bits(double x) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::round(fraction * 0x1p36) * 0x1p-36, exponent);
}

// Half width of the two-sided interval for the mean of n values with that deviation.
double reach(double deviation, std::size_t n, double level) {
  const double t = student_t((1 + level) / 2, static_cast<double>(n - 1));
  return t * deviation / std::sqrt(static_cast<double>(n));
}

Estimate around(double value, double half_width) {
  return {value, value - half_width, value + half_width};
}

// A difference on a scale where 0 is "no change": the logarithm of the ratio, or the ratio less 1.
std::optional<Difference> judged(double centre, double deviation, std::size_t n,
                                 const Comparison& options) {
  const double half = reach(deviation, n, options.level);
  const auto comparisons = static_cast<double>(std::max<std::size_t>(1, options.comparisons));
  const double corrected = 1 - (1 - options.level) / comparisons;
  const bool significant = std::abs(centre) > reach(deviation, n, corrected);
  return Difference{centre, centre - half, centre + half, significant};
}

std::optional<Difference> log_ratio_difference(std::span<const double> baseline,
                                               std::span<const double> candidate,
                                               const Comparison& options) {
  std::vector<double> ratios(baseline.size());
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    ratios[i] = elementary::log(candidate[i] / baseline[i]);
  }
  const double centre = mean_of(ratios);
  auto result = judged(centre, deviation_about(ratios, centre), ratios.size(), options);
  for (double* end : {&result->change, &result->low, &result->high}) {
    *end = elementary::exp(*end) - 1;
  }
  return result;
}

// The delta method: B/A of the means, with the spread of B - (B/A)·A.
std::optional<Difference> ratio_difference(std::span<const double> baseline,
                                           std::span<const double> candidate,
                                           const Comparison& options) {
  const double base = mean_of(baseline);
  if (base == 0) return {};
  const double ratio = mean_of(candidate) / base;
  std::vector<double> residuals(baseline.size());
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    residuals[i] = (candidate[i] - ratio * baseline[i]) / base;
  }
  return judged(ratio - 1, deviation_about(residuals, 0), residuals.size(), options);
}

std::vector<double> means_of_batches(std::span<const double> series, std::size_t batch) {
  std::vector<double> means(series.size() / batch);
  for (std::size_t i = 0; i < means.size(); ++i)
    means[i] = mean_of(series.subspan(i * batch, batch));
  return means;
}

}  // namespace

double student_t(double probability, double degrees) {
  WEIR_CHECK(probability > 0 && probability < 1, "a quantile lies at a probability within (0, 1)");
  WEIR_CHECK(degrees > 0, "Student's t was asked for with no degree of freedom");
  return without_last_bits(boost::math::quantile(boost::math::students_t(degrees), probability));
}

std::optional<Estimate> mean_interval(std::span<const double> values, double level) {
  if (values.size() < 2) return {};
  const double mean = mean_of(values);
  return around(mean, reach(deviation_about(values, mean), values.size(), level));
}

std::optional<Estimate> quantile_interval(double pooled, std::span<const double> sections,
                                          double level) {
  if (sections.size() < 2) return {};
  return around(pooled, reach(deviation_about(sections, pooled), sections.size(), level));
}

std::optional<Ranks> quantile_ranks(std::size_t n, double p, double level) {
  if (n == 0 || !(p > 0 && p < 1)) return {};
  const boost::math::binomial below(static_cast<double>(n), p);
  const double tail = (1 - level) / 2;
  const auto at_most = [&](std::size_t k) {
    return boost::math::cdf(below, static_cast<double>(k));
  };
  const auto ranks = std::views::iota(std::size_t{0}, n);
  // How many k have P(B <= k) <= tail: the k+1 of the last of them is the lower rank.
  const auto lower =
      std::ranges::partition_point(ranks, [&](std::size_t k) { return at_most(k) <= tail; });
  const auto upper =
      std::ranges::partition_point(ranks, [&](std::size_t k) { return at_most(k) < 1 - tail; });
  const auto low = static_cast<std::size_t>(lower - ranks.begin());
  const auto high = static_cast<std::size_t>(upper - ranks.begin()) + 1;
  if (low < 1 || high > n) return {};
  return Ranks{low, high, at_most(high - 1) - at_most(low - 1)};
}

std::optional<Difference> paired_difference(std::span<const double> baseline,
                                            std::span<const double> candidate, Comparison options) {
  if (baseline.size() != candidate.size() || baseline.size() < 2) return {};
  const auto positive = [](double value) { return value > 0; };
  if (std::ranges::all_of(baseline, positive) && std::ranges::all_of(candidate, positive)) {
    return log_ratio_difference(baseline, candidate, options);
  }
  return ratio_difference(baseline, candidate, options);
}

std::optional<WarmUp> mser(std::span<const double> series, std::size_t batch) {
  WEIR_CHECK(batch > 0, "a batch of no observations");
  const std::vector<double> means = means_of_batches(series, batch);
  if (means.size() < 10) return {};
  const std::size_t boundary = means.size() / 2;
  WarmUp best;
  double mean = 0, squares = 0, n = 0;
  // From the right, so that each cut adds one batch to the running moments (Welford 1962).
  for (std::size_t cut = means.size(); cut-- > 0;) {
    n += 1;
    const double distance = means[cut] - mean;
    mean += distance / n;
    squares += distance * (means[cut] - mean);
    const double criterion = squares / (n * n);
    if (cut > boundary || (cut < boundary && criterion > best.criterion)) continue;
    best = {cut * batch, mean, criterion, cut == boundary};
  }
  return best;
}

std::optional<BatchMeans> batch_means(std::span<const double> series, std::size_t batches,
                                      double level) {
  if (batches < 2 || series.size() < batches) return {};
  const std::size_t length = series.size() / batches;
  const auto means = means_of_batches(series.first(batches * length), length);
  const double mean = mean_of(means);
  const double deviation = deviation_about(means, mean);
  double products = 0;
  for (std::size_t i = 1; i < batches; ++i) products += (means[i - 1] - mean) * (means[i] - mean);
  const auto n = static_cast<double>(batches);
  return BatchMeans{.mean = around(mean, reach(deviation, batches, level)),
                    .standard_error = deviation / std::sqrt(n),
                    .lag1 = deviation == 0 ? 0 : products / (deviation * deviation * (n - 1))};
}

}  // namespace weir::sim
