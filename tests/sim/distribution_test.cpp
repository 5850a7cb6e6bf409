#include "weir/sim/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "weir/sim/special_functions.h"

namespace {

using namespace weir;
using namespace weir::sim;

// One of every shape, in the canonical spelling.
const std::vector<std::string> shapes = {
    "const(10ms)",
    "exp(10ms)",
    "uniform(0s, 20s)",
    "erlang(mean=10ms, k=2)",
    "erlang(mean=10ms, k=50)",
    "hyperexp(mean=10ms, scv=4)",
    "gamma(mean=10ms, cv=2)",
    "gamma(mean=10ms, cv=0.5)",
    "lognormal(mean=8ms, cv=1.5)",
    "lognormal(p50=5ms, p99=80ms)",
    "weibull(mean=10ms, k=0.5)",
    "weibull(mean=10ms, k=3)",
    "pareto(alpha=1.5, min=1ms, max=1s)",
    "pareto(alpha=1, min=1ms, max=100ms)",
    "mix(99%: const(1ms), 1%: const(100ms))",
    "mix(50%: exp(1ms), 50%: uniform(1ms, 2ms))",
};

Distribution read(std::string_view text) {
  const auto result = Distribution::parse(text, Quantity::duration);
  EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error().message);
  return result.value_or(Distribution());
}

ParseError error_of(std::string_view text, Quantity quantity = Quantity::duration) {
  const auto result = Distribution::parse(text, quantity);
  return result ? ParseError{"no error", 0} : result.error();
}

std::vector<double> samples(const Distribution& distribution, std::size_t n) {
  Random random({.seed = 5, .replication = 1}, "samples");
  std::vector<double> values(n);
  for (double& value : values) value = distribution.sample(random);
  return values;
}

double mean_of(const std::vector<double>& values) {
  long double sum = 0;
  for (const double value : values) sum += value;
  return static_cast<double>(sum / static_cast<long double>(values.size()));
}

// Greatest distance between the samples' distribution and the exact one, times √n.
template <typename Cdf>
double kolmogorov(std::vector<double> values, Cdf cdf) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double exact = cdf(values[i]);
    distance = std::max(
        {distance, exact - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - exact});
  }
  return distance * std::sqrt(n);
}

constexpr double kolmogorov_limit = 1.95;  // passed by chance in one case of a thousand

TEST(Distribution, SpellsItselfCanonically) {
  for (const std::string& text : shapes) EXPECT_EQ(read(text).text(), text);
}

TEST(Distribution, ReadsItsOwnSpellingBack) {
  for (const std::string& text : shapes) EXPECT_EQ(read(read(text).text()), read(text));
  const Distribution odd = read("lognormal(mean=0.123456789ms, cv=1.23456789) + 1ms/MiB");
  EXPECT_EQ(read(odd.text()), odd);
}

TEST(Distribution, TakesArgumentsByPlaceOrByName) {
  EXPECT_EQ(read("exp(mean=10ms)"), read("exp(10ms)"));
  EXPECT_EQ(read("erlang(10ms, 2)"), read("erlang(k=2, mean=10ms)"));
  EXPECT_EQ(read(" pareto( alpha = 1.5 , min=1ms, max=1s ) "), read("pareto(1.5, 1000us, 1000ms)"));
}

TEST(Distribution, SamplesHaveTheMeanItPromises) {
  constexpr std::size_t n = 400'000;
  for (const std::string& text : shapes) {
    const Distribution distribution = read(text);
    const double mean = distribution.mean();
    const double error = std::sqrt(distribution.scv() / n) * mean;
    EXPECT_NEAR(mean_of(samples(distribution, n)), mean, 4.5 * error + 1e-12 * mean) << text;
  }
}

TEST(Distribution, SamplesHaveTheSpreadItPromises) {
  constexpr std::size_t n = 400'000;
  for (const std::string& text : shapes) {
    const Distribution distribution = read(text);
    const double mean = distribution.mean();
    std::vector<double> squares = samples(distribution, n);
    for (double& value : squares) value = (value - mean) * (value - mean);
    const double variance = mean_of(squares);
    for (double& value : squares) value = (value - variance) * (value - variance);
    const double error = std::sqrt(mean_of(squares) / n);
    EXPECT_NEAR(variance, distribution.scv() * mean * mean, 5 * error + 1e-12 * mean * mean)
        << text;
  }
}

TEST(Distribution, MomentsAreTheOnesAskedFor) {
  EXPECT_DOUBLE_EQ(read("const(10ms)").mean(), 0.01);
  EXPECT_EQ(read("const(10ms)").scv(), 0);
  EXPECT_DOUBLE_EQ(read("exp(10ms)").scv(), 1);
  EXPECT_DOUBLE_EQ(read("uniform(0s, 20s)").mean(), 10);
  EXPECT_DOUBLE_EQ(read("uniform(0s, 20s)").scv(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(read("erlang(mean=10ms, k=4)").mean(), 0.01);
  EXPECT_DOUBLE_EQ(read("erlang(mean=10ms, k=4)").scv(), 0.25);
  EXPECT_NEAR(read("hyperexp(mean=10ms, scv=4)").mean(), 0.01, 1e-16);
  EXPECT_NEAR(read("hyperexp(mean=10ms, scv=4)").scv(), 4, 1e-13);
  EXPECT_NEAR(read("gamma(mean=10ms, cv=2)").scv(), 4, 1e-13);
  EXPECT_NEAR(read("lognormal(mean=8ms, cv=1.5)").mean(), 0.008, 1e-16);
  EXPECT_NEAR(read("lognormal(mean=8ms, cv=1.5)").scv(), 2.25, 1e-13);
  EXPECT_NEAR(read("weibull(mean=10ms, k=0.5)").mean(), 0.01, 1e-15);
  EXPECT_NEAR(read("weibull(mean=10ms, k=0.5)").scv(), 5, 1e-12);
  EXPECT_NEAR(read("mix(99%: const(1ms), 1%: const(101ms))").mean(), 0.002, 1e-16);
}

// α L^α / (1 - (L/H)^α) · (H^(1-α) - L^(1-α)) / (1 - α), and its limit at α = 1.
TEST(Distribution, BoundedParetoHasItsClosedMean) {
  const double cut = 1 - std::pow(1e-3, 1.5);
  const double mean = 1.5 * std::pow(1e-3, 1.5) / cut * (1 - std::pow(1e-3, -0.5)) / -0.5;
  EXPECT_NEAR(read("pareto(alpha=1.5, min=1ms, max=1s)").mean(), mean, 1e-14);
  EXPECT_NEAR(read("pareto(alpha=1, min=1ms, max=100ms)").mean(), 1e-3 / 0.99 * std::log(100.0),
              1e-14);
}

TEST(Distribution, ExponentialHasItsShape) {
  const auto cdf = [](double x) { return 1 - std::exp(-x / 0.01); };
  EXPECT_LT(kolmogorov(samples(read("exp(10ms)"), 1'000'000), cdf), kolmogorov_limit);
}

TEST(Distribution, WeibullHasItsShape) {
  const auto cdf = [](double x) { return 1 - std::exp(-std::sqrt(x / 0.005)); };
  EXPECT_LT(kolmogorov(samples(read("weibull(mean=10ms, k=0.5)"), 1'000'000), cdf),
            kolmogorov_limit);
}

TEST(Distribution, ErlangHasItsShape) {
  const auto cdf = [](double x) { return 1 - std::exp(-x / 0.005) * (1 + x / 0.005); };
  EXPECT_LT(kolmogorov(samples(read("erlang(mean=10ms, k=2)"), 1'000'000), cdf), kolmogorov_limit);
}

// Shape ½ and scale s is the square of a normal: P(X <= x) = erf(√(x/s)).
TEST(Distribution, GammaHasItsShapeBelowOne) {
  const auto cdf = [](double x) { return std::erf(std::sqrt(x / 0.02)); };
  EXPECT_LT(kolmogorov(samples(read("gamma(mean=10ms, cv=1.4142135623730951)"), 1'000'000), cdf),
            kolmogorov_limit);
}

TEST(Distribution, GammaHasItsShapeAboveOne) {
  const auto cdf = [](double x) {
    const double y = x / 0.0025;  // shape 4
    return 1 - std::exp(-y) * (1 + y + y * y / 2 + y * y * y / 6);
  };
  EXPECT_LT(kolmogorov(samples(read("gamma(mean=10ms, cv=0.5)"), 1'000'000), cdf),
            kolmogorov_limit);
}

TEST(Distribution, HyperexponentialHasItsShape) {
  const double share = 0.5 * (1 + std::sqrt(3.0 / 5));
  const auto cdf = [share](double x) {
    return 1 - share * std::exp(-x * 2 * share / 0.01) -
           (1 - share) * std::exp(-x * 2 * (1 - share) / 0.01);
  };
  EXPECT_LT(kolmogorov(samples(read("hyperexp(mean=10ms, scv=4)"), 1'000'000), cdf),
            kolmogorov_limit);
}

TEST(Distribution, LognormalHasItsShape) {
  const double deviation = std::log(16.0) / 2.3263478740408408;
  const auto cdf = [deviation](double x) {
    return 0.5 * std::erfc(-std::log(x / 0.005) / (deviation * std::numbers::sqrt2));
  };
  EXPECT_LT(kolmogorov(samples(read("lognormal(p50=5ms, p99=80ms)"), 1'000'000), cdf),
            kolmogorov_limit);
}

TEST(Distribution, ParetoHasItsShapeAndItsBounds) {
  const auto values = samples(read("pareto(alpha=1.5, min=1ms, max=1s)"), 1'000'000);
  EXPECT_GE(*std::ranges::min_element(values), 0.001 * (1 - 1e-12));
  EXPECT_LE(*std::ranges::max_element(values), 1);
  const double cut = 1 - std::pow(1e-3, 1.5);
  const auto cdf = [cut](double x) { return (1 - std::pow(1e-3 / x, 1.5)) / cut; };
  EXPECT_LT(kolmogorov(values, cdf), kolmogorov_limit);
}

TEST(Distribution, MixDrawsItsPartsByTheirShares) {
  const auto values = samples(read("mix(90%: const(1ms), 10%: const(2ms))"), 100'000);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(values, 0.002)), 10'000, 400);
}

TEST(Distribution, AddsWorkBySize) {
  const Distribution distribution = read("const(1ms) + 4ns/B");
  Random random({.seed = 5}, "size");
  EXPECT_DOUBLE_EQ(distribution.per_byte(), 4e-9);
  EXPECT_EQ(distribution.sample_duration(random, 1000), 1'004us);
  EXPECT_DOUBLE_EQ(distribution.mean(1e6), 0.005);
  EXPECT_EQ(distribution.text(), "const(1ms) + 4ns/B");
  EXPECT_DOUBLE_EQ(read("exp(1ms) + 1us/B").scv(1000), 0.25);
}

TEST(Distribution, ReadsSizesAndBandwidths) {
  const auto size = Distribution::parse("uniform(1KiB, 3KiB)", Quantity::size);
  ASSERT_TRUE(size);
  EXPECT_EQ(size->mean(), 2048);
  EXPECT_EQ(size->text(), "uniform(1KiB, 3KiB)");
  const auto bandwidth = Distribution::parse("const(2MiB/s)", Quantity::bandwidth);
  ASSERT_TRUE(bandwidth);
  EXPECT_EQ(bandwidth->mean(), 2097152);
}

TEST(Distribution, NamesTheNearestKnownShape) {
  EXPECT_EQ(error_of("expp(10ms)").message, "unknown distribution 'expp'; did you mean 'exp'?");
  EXPECT_EQ(error_of("longnormal(p50=1ms, p99=2ms)").message,
            "unknown distribution 'longnormal'; did you mean 'lognormal'?");
  EXPECT_NE(error_of("normal(1ms)").message.find("unknown distribution"), std::string::npos);
}

TEST(Distribution, SaysWhichParameterIsWrong) {
  EXPECT_EQ(error_of("gamma(mean=10ms)").message, "gamma needs 'cv'; write gamma(mean, cv)");
  EXPECT_EQ(error_of("exp()").message, "exp needs 'mean'; write exp(mean)");
  EXPECT_EQ(error_of("exp(10ms, 20ms)").message, "too many arguments; write exp(mean)");
  EXPECT_EQ(error_of("exp(maen=10ms)").message,
            "exp has no parameter 'maen'; did you mean 'mean'?");
  EXPECT_EQ(error_of("exp(10)").message, "mean: '10' has no unit; write a time such as 10ms");
  EXPECT_EQ(error_of("exp(10KiB)").message,
            "mean: 'KiB' is no unit of time; known: ns, us, ms, s, m, h, d");
  EXPECT_EQ(error_of("exp(0s)").message, "mean must be more than 0");
  EXPECT_EQ(error_of("const(-1ms)").message,
            "value: '-1ms' is negative; write a time such as 10ms");
  EXPECT_EQ(error_of("erlang(mean=1ms, k=1.5)").message, "k must be a whole number");
  EXPECT_EQ(error_of("hyperexp(mean=1ms, scv=0.5)").message, "scv must lie between 1 and 1000000");
  EXPECT_EQ(error_of("uniform(2s, 1s)").message, "high is less than low");
  EXPECT_EQ(error_of("pareto(alpha=1.5, min=1s, max=1ms)").message, "max must be more than min");
  EXPECT_EQ(error_of("erlang(mean=1ms, mean=2ms, k=2)").message, "'mean' is given twice");
}

TEST(Distribution, PointsAtTheMistake) {
  EXPECT_EQ(error_of("exp(10mss)").column, 7u);
  EXPECT_EQ(error_of("mix(99%: const(1ms), 1%: cost(100ms))").column, 26u);
  EXPECT_EQ(error_of("exp(10ms").column, 9u);
  EXPECT_EQ(error_of("exp(10ms) 5").column, 11u);
}

TEST(Distribution, SaysHowAMixIsWritten) {
  EXPECT_EQ(error_of("mix(50%: const(1ms), 49%: const(2ms))").message,
            "the shares of mix add up to 99%, not to 100%");
  EXPECT_NE(error_of("mix(const(1ms))").message.find("mix takes shares"), std::string::npos);
  EXPECT_NE(error_of("mix(100%: const(1ms) + 1ns/B)").message.find("by size"), std::string::npos);
}

TEST(Distribution, SuggestsConstForABareQuantity) {
  EXPECT_EQ(error_of("10ms").message, "expected a distribution; write const(10ms)");
  EXPECT_EQ(error_of("").message, "the text ends too early");
}

TEST(Distribution, RefusesWorkBySizeOfASize) {
  EXPECT_EQ(error_of("const(1KiB) + 4ns/B", Quantity::size).message,
            "only a time can grow with the size");
}

TEST(Distribution, SurvivesDeepNesting) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "mix(100%: ";
  EXPECT_EQ(error_of(text).message, "brackets are nested too deep");
}

TEST(SpecialFunctions, GammaAgreesWithTheLibrary) {
  for (double x = 0.05; x < 50; x += 0.037) {
    const auto exact = static_cast<double>(std::tgamma(static_cast<long double>(x)));
    ASSERT_NEAR(gamma_function(x) / exact, 1, 1e-14) << x;
  }
  EXPECT_NEAR(gamma_function(0.5), std::sqrt(std::numbers::pi), 1e-14);
}

TEST(SpecialFunctions, NormalQuantileAgreesWithTheLibrary) {
  const boost::math::normal normal;
  for (double p = 0.0005; p < 1; p += 0.0005) {
    ASSERT_NEAR(normal_quantile(p), boost::math::quantile(normal, p), 4e-15) << p;
  }
  for (double p = 0.001; p > 1e-300; p /= 7) {
    const double exact = boost::math::quantile(normal, p);
    ASSERT_NEAR(normal_quantile(p) / exact, 1, 1e-14) << p;
  }
}

// Recorded under clang 19; every compiler and processor must find the same.
TEST(Distribution, GivesTheSameBitsEverywhere) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::string& text : shapes) {
    for (const double value : samples(read(text), 100'000)) {
      hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001b3u;
    }
  }
  EXPECT_EQ(hash, 3392817694745640895u);
}

}  // namespace
