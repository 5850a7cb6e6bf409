// Streams against the published vectors, and against what uniform and independent mean.
//
// Every test draws from a fixed key: the bounds are those of a sound generator at four standard
// deviations, and the outcome never changes.

#include "weir/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <vector>

namespace {

using namespace weir;

using Block = std::array<std::uint32_t, 4>;

constexpr RandomKey key{.seed = 20260101, .replication = 3};

// Correlation of two equally long series.
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sum_x = 0, sum_y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum_x += x[i];
    sum_y += y[i];
    xx += x[i] * x[i];
    yy += y[i] * y[i];
    xy += x[i] * y[i];
  }
  const double covariance = xy - sum_x * sum_y / n;
  return covariance / std::sqrt((xx - sum_x * sum_x / n) * (yy - sum_y * sum_y / n));
}

std::vector<double> uniforms(Random random, std::size_t n) {
  std::vector<double> values(n);
  for (double& value : values) value = random.uniform();
  return values;
}

// Source of the vectors: random123's tests/kat_vectors.
TEST(Philox, ReproducesThePublishedVectors) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, NamesAStreamByKeyPurposeAndEntity) {
  Random one(key, "arrival", 7);
  Random same(key, "arrival", 7);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(one.next(), same.next());
}

TEST(Random, ChangesWithEveryPartOfItsName) {
  std::set<std::uint64_t> firsts;
  firsts.insert(Random(key, "arrival", 7).next());
  firsts.insert(Random(key, "arrival", 8).next());
  firsts.insert(Random(key, "arrival", 7 + (std::uint64_t{1} << 32)).next());
  firsts.insert(Random(key, "service", 7).next());
  firsts.insert(Random({.seed = key.seed + 1, .replication = 3}, "arrival", 7).next());
  firsts.insert(Random({.seed = key.seed, .replication = 4}, "arrival", 7).next());
  EXPECT_EQ(firsts.size(), 6u);
}

TEST(Random, HandsOutBothHalvesOfABlock) {
  Random random(key, "halves");
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.next());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Random, UniformHasTheRightMeanVarianceAndShape) {
  constexpr std::size_t n = 1'000'000;
  std::vector<double> values = uniforms(Random(key, "uniform"), n);
  double sum = 0, squares = 0;
  for (const double u : values) {
    sum += u - 0.5;
    squares += (u - 0.5) * (u - 0.5);
  }
  EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(squares / n, 1.0 / 12, 4 * std::sqrt(1.0 / 180 / n));

  std::ranges::sort(values);
  double distance = 0;
  for (std::size_t i = 0; i < n; ++i) {
    distance = std::max({distance, values[i] - static_cast<double>(i) / n,
                         static_cast<double>(i + 1) / n - values[i]});
  }
  // Kolmogorov's distribution: beyond 1.95 in one case of a thousand.
  EXPECT_LT(distance * std::sqrt(n), 1.95);
}

TEST(Random, UniformStaysInsideTheOpenInterval) {
  for (const double u : uniforms(Random(key, "open"), 100'000)) {
    ASSERT_GT(u, 0);
    ASSERT_LT(u, 1);
    ASSERT_EQ(1 - (1 - u), u) << "1 - u must be exact, for antithetic draws";
  }
}

TEST(Random, EveryBitIsSetHalfTheTime) {
  constexpr int n = 200'000;
  std::array<int, 64> ones{};
  Random random(key, "bits");
  for (int i = 0; i < n; ++i) {
    const std::uint64_t bits = random.next();
    for (std::size_t b = 0; b < 64; ++b) ones[b] += static_cast<int>(bits >> b & 1);
  }
  for (const int count : ones) EXPECT_NEAR(count, n / 2, 5 * std::sqrt(n) / 2);
}

TEST(Random, BelowIsUniformForEveryBound) {
  for (const std::uint64_t bound : {1u, 2u, 3u, 7u, 10u, 64u, 1000u}) {
    constexpr int per_value = 2000;
    Random random(key, "below", bound);
    std::vector<int> counts(bound);
    const auto n = static_cast<int>(bound) * per_value;
    for (int i = 0; i < n; ++i) {
      const std::uint64_t value = random.below(bound);
      ASSERT_LT(value, bound);
      ++counts[value];
    }
    double chi_square = 0;
    for (const int count : counts) {
      chi_square += (count - per_value) * (count - per_value) / double{per_value};
    }
    const auto degrees = static_cast<double>(bound - 1);
    EXPECT_LE(chi_square, degrees + 4 * std::sqrt(2 * degrees) + 4) << "bound " << bound;
  }
}

// With a bound of ¾ 2^64 a plain multiplication would hit two thirds of the values once, the
// others twice: values that are 0 modulo 3 would come in half of the draws instead of a third.
TEST(Random, BelowIsExactForHugeBounds) {
  constexpr int n = 300'000;
  constexpr std::uint64_t bound = 0xC000000000000000u;
  Random random(key, "huge");
  std::array<int, 3> remainders{};
  for (int i = 0; i < n; ++i) {
    const std::uint64_t value = random.below(bound);
    ASSERT_LT(value, bound);
    ++remainders[value % 3];
  }
  for (const int count : remainders) EXPECT_NEAR(count, n / 3, 4 * std::sqrt(n * 2.0 / 9));
}

TEST(Random, NeighbouringStreamsAreIndependent) {
  constexpr std::size_t n = 200'000;
  const double bound = 4 / std::sqrt(static_cast<double>(n));
  const auto base = uniforms(Random(key, "arrival", 100), n);
  EXPECT_LT(std::fabs(correlation(base, uniforms(Random(key, "arrival", 101), n))), bound);
  EXPECT_LT(std::fabs(correlation(base, uniforms(Random(key, "service", 100), n))), bound);
  const RandomKey next{.seed = key.seed, .replication = key.replication + 1};
  EXPECT_LT(std::fabs(correlation(base, uniforms(Random(next, "arrival", 100), n))), bound);
}

// Requests take the first draw of a stream each, so the firsts must look like one stream too.
TEST(Random, FirstDrawsOfNeighbouringStreamsAreIndependent) {
  constexpr std::size_t n = 200'000;
  std::vector<double> firsts, shifted;
  for (std::size_t entity = 0; entity <= n; ++entity) {
    const double u = Random(key, "service", entity).uniform();
    if (entity < n) firsts.push_back(u);
    if (entity > 0) shifted.push_back(u);
  }
  EXPECT_LT(std::fabs(correlation(firsts, shifted)), 4 / std::sqrt(static_cast<double>(n)));
  double sum = 0;
  for (const double u : firsts) sum += u;
  EXPECT_NEAR(sum / n, 0.5, 4 * std::sqrt(1.0 / 12 / n));
}

TEST(Random, SuccessiveDrawsAreUncorrelated) {
  constexpr std::size_t n = 500'000;
  auto values = uniforms(Random(key, "serial"), n + 1);
  const std::vector<double> later(values.begin() + 1, values.end());
  values.pop_back();
  EXPECT_LT(std::fabs(correlation(values, later)), 4 / std::sqrt(static_cast<double>(n)));
}

// Recorded under clang 19; every compiler and processor must find the same.
TEST(Random, GivesTheSameBitsEverywhere) {
  Random random({.seed = 42, .replication = 1}, "pinned", 7);
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (int i = 0; i < 10'000; ++i) {
    hash = (hash ^ random.next()) * 0x100000001b3u;
    hash = (hash ^ std::bit_cast<std::uint64_t>(random.uniform())) * 0x100000001b3u;
    hash = (hash ^ random.below(1000)) * 0x100000001b3u;
  }
  EXPECT_EQ(hash, 1612553280594584210u);
}

}  // namespace
