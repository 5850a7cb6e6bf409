// The functions against the C library's long double, which carries eleven bits more.

#include "weir/base/elementary.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "weir/base/random.h"

namespace {

using namespace weir;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double smallest = std::numeric_limits<double>::denorm_min();

// Distance in units of the last place of the exact value.
double ulps(double value, long double exact) {
  const double rounded = static_cast<double>(exact);
  if (value == rounded) return 0;
  int exponent = 0;
  std::frexp(rounded, &exponent);
  const long double ulp = std::ldexp(1.0L, std::max(exponent - 53, -1074));
  return static_cast<double>(std::fabs(static_cast<long double>(value) - exact) / ulp);
}

Random points() {
  return Random({.seed = 42}, "points");
}

// A positive double with uniform bits: every exponent is as likely as the next.
double any_positive(Random& random) {
  for (;;) {
    const double x = std::bit_cast<double>(random.next() >> 1);
    if (std::isfinite(x)) return x;
  }
}

TEST(Logarithm, IsWithinTwoUlpsOverTheWholeRange) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double x = any_positive(random);
    worst = std::max(worst, ulps(elementary::log(x), std::log(static_cast<long double>(x))));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Logarithm, IsWithinTwoUlpsWhereItCrossesZero) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double span = std::ldexp(1.0, -static_cast<int>(random.below(50)));
    const double x = 1 + (random.uniform() - 0.5) * span;
    worst = std::max(worst, ulps(elementary::log(x), std::log(static_cast<long double>(x))));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Logarithm, KeepsTheSpecialCases) {
  EXPECT_EQ(elementary::log(1), 0);
  EXPECT_EQ(elementary::log(0.0), -infinity);
  EXPECT_EQ(elementary::log(-0.0), -infinity);
  EXPECT_EQ(elementary::log(infinity), infinity);
  EXPECT_TRUE(std::isnan(elementary::log(-1)));
  EXPECT_TRUE(std::isnan(elementary::log(-infinity)));
  EXPECT_TRUE(std::isnan(elementary::log(nan)));
  EXPECT_LT(ulps(elementary::log(smallest), std::log(static_cast<long double>(smallest))), 1.0);
}

TEST(Exponential, IsWithinTwoUlpsOverTheWholeRange) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double x = -746 + random.uniform() * (710 + 746);
    worst = std::max(worst, ulps(elementary::exp(x), std::exp(static_cast<long double>(x))));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Exponential, IsWithinTwoUlpsNearZero) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double span = std::ldexp(1.0, -static_cast<int>(random.below(60)));
    const double x = (random.uniform() - 0.5) * span;
    worst = std::max(worst, ulps(elementary::exp(x), std::exp(static_cast<long double>(x))));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Exponential, KeepsTheSpecialCases) {
  EXPECT_EQ(elementary::exp(0), 1);
  EXPECT_EQ(elementary::exp(smallest), 1);
  EXPECT_EQ(elementary::exp(infinity), infinity);
  EXPECT_EQ(elementary::exp(-infinity), 0);
  EXPECT_EQ(elementary::exp(709.79), infinity);
  EXPECT_LT(elementary::exp(709.78), infinity);
  EXPECT_EQ(elementary::exp(-745.14), 0);
  EXPECT_EQ(elementary::exp(-745.13), smallest);
  EXPECT_TRUE(std::isnan(elementary::exp(nan)));
}

TEST(Power, IsWithinTwoUlpsForModerateArguments) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double x = random.uniform() * 20;
    const double y = (random.uniform() - 0.5) * 40;
    const auto exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    worst = std::max(worst, ulps(elementary::pow(x, y), exact));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Power, IsWithinTwoUlpsUpToTheEdgesOfTheRange) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double x = any_positive(random);
    const double reach = 740 / std::fabs(std::log(x));
    const double y = (random.uniform() * 2 - 1) * reach;
    const auto exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    if (static_cast<double>(exact) == infinity) continue;
    worst = std::max(worst, ulps(elementary::pow(x, y), exact));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Power, IsWithinTwoUlpsForBasesNearOneAndGreatExponents) {
  Random random = points();
  double worst = 0;
  for (int i = 0; i < 400'000; ++i) {
    const double x =
        1 + (random.uniform() - 0.5) * std::ldexp(1.0, -static_cast<int>(random.below(48)));
    if (x == 1) continue;
    const double y = (random.uniform() * 2 - 1) * 700 / std::fabs(std::log(x));
    const auto exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    worst = std::max(worst, ulps(elementary::pow(x, y), exact));
  }
  RecordProperty("worst_ulps", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
}

TEST(Power, AgreesWithTheLibraryOnEveryPairOfSpecialValues) {
  const double values[] = {0.0,    -0.0,       1.0,       -1.0,     2.0,       -2.0,
                           3.0,    -3.0,       0.5,       -0.5,     1e300,     -1e300,
                           1e-300, smallest,   -smallest, infinity, -infinity, nan,
                           0x1p53, 0x1p53 - 1, -0x1p60,   1e20};
  for (const double x : values) {
    for (const double y : values) {
      const double value = elementary::pow(x, y);
      const double exact = std::pow(x, y);
      if (std::isnan(exact)) {
        EXPECT_TRUE(std::isnan(value)) << x << " ^ " << y;
      } else {
        EXPECT_LE(ulps(value, exact), 1.0) << x << " ^ " << y;
        EXPECT_EQ(std::signbit(value), std::signbit(exact)) << x << " ^ " << y;
      }
    }
  }
}

TEST(SineOfTurns, IsExactAtTheQuarters) {
  for (int turn = -3; turn <= 3; ++turn) {
    EXPECT_EQ(elementary::sine_of_turns(turn), 0);
    EXPECT_EQ(elementary::sine_of_turns(turn + 0.25), 1);
    EXPECT_EQ(elementary::sine_of_turns(turn + 0.5), 0);
    EXPECT_EQ(elementary::sine_of_turns(turn + 0.75), -1);
    EXPECT_EQ(elementary::cosine_of_turns(turn), 1);
    EXPECT_EQ(elementary::cosine_of_turns(turn + 0.25), 0);
    EXPECT_EQ(elementary::cosine_of_turns(turn + 0.5), -1);
  }
}

TEST(SineOfTurns, IsCloseEverywhere) {
  Random random = points();
  for (int i = 0; i < 200'000; ++i) {
    const double x = (random.uniform() - 0.5) * 4;
    const long double radians = 2 * 3.14159265358979323846264338327950288L * x;
    ASSERT_NEAR(elementary::sine_of_turns(x), static_cast<double>(std::sin(radians)), 2e-16) << x;
    ASSERT_NEAR(elementary::cosine_of_turns(x), static_cast<double>(std::cos(radians)), 2e-16) << x;
  }
}

// Recorded under clang 19; every compiler and processor must find the same.
TEST(Elementary, GivesTheSameBitsEverywhere) {
  Random random = points();
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto add = [&hash](double value) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001b3u;
  };
  for (int i = 0; i < 100'000; ++i) {
    const double x = any_positive(random);
    const double y = (random.uniform() - 0.5) * 4;
    add(elementary::log(x));
    add(elementary::exp(y * 300));
    add(elementary::pow(x, y));
    add(elementary::sine_of_turns(y));
  }
  EXPECT_EQ(hash, 10220123469944831004u);
}

}  // namespace
