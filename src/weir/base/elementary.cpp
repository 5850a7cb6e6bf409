// Range reduction to a short interval, then a polynomial.
//
// The coefficients are Chebyshev fits of the remainders named beside them, computed with 50 digits;
// each fit's error is far below the rounding of the steps around it. pow needs its logarithm to 65
// bits, so it works in pairs of doubles whose sum is the number.

#include "weir/base/elementary.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace weir::elementary {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

constexpr double ln2_high = 0x1.62e42fefa3p-1;  // 41 bits: its product with an exponent is exact
constexpr double ln2_low = 0x1.3de6af278ece6p-42;
constexpr double ln2_rest = 0x1.f97b57a079a19p-103;

constexpr std::uint64_t sign_bit = 0x8000000000000000u;
constexpr std::uint64_t exponent_of_one = 0x3ff0000000000000u;

template <std::size_t n>
double polynomial(const double (&coefficients)[n], double x) {
  double sum = coefficients[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

// x = 2^exponent (1 + fraction), with 1 + fraction between √½ and √2.
struct Split {
  double exponent;
  double fraction;
};

// Requires: x positive, finite.
Split split(double x) {
  std::int64_t shift = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    shift = 54;
  }
  // Adding the distance from √½ to 1 carries into the exponent exactly from √2 upwards.
  constexpr std::uint64_t bits_of_root_half = 0x3fe6a09e667f3bcdu;
  const std::uint64_t bits =
      std::bit_cast<std::uint64_t>(x) + (exponent_of_one - bits_of_root_half);
  const auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  const std::uint64_t mantissa = (bits & 0x000fffffffffffffu) + bits_of_root_half;
  return {static_cast<double>(exponent - shift), std::bit_cast<double>(mantissa) - 1};
}

// 2^k. Requires: -1022 <= k <= 1023.
double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

// e^(high + low) for |low| far below an ulp of high. Requires: -746 < high < 710.
double exp_of_sum(double high, double low) {
  // (e^r - 1 - r) / r² on |r| <= ln 2 / 2.
  constexpr double remainder[] = {0x1.0p-1,
                                  0x1.5555555555557p-3,
                                  0x1.5555555555556p-5,
                                  0x1.11111111100bep-7,
                                  0x1.6c16c16c162c3p-10,
                                  0x1.a01a01abf85abp-13,
                                  0x1.a01a01a6e1e2ap-16,
                                  0x1.71de01fdbf9cap-19,
                                  0x1.27e4db46cddd1p-22,
                                  0x1.af4e554377204p-26,
                                  0x1.1f7340dbc337ep-29};
  constexpr double per_ln2 = 0x1.71547652b82fep+0;
  constexpr double rounder = 0x1.8p52;
  const double k = (high * per_ln2 + rounder) - rounder;
  const double r_high = high - k * ln2_high;
  const double r_low = low - k * ln2_low;
  const double r = r_high + r_low;
  const double error = (r_high - r) + r_low;
  const double value = 1 + (r + (r * r * polynomial(remainder, r) + error));
  const auto exponent = static_cast<std::int64_t>(k);
  if (exponent >= -1021 && exponent <= 1023) return value * power_of_two(exponent);
  const std::int64_t half = exponent / 2;  // the first product is exact, the second rounds once
  return value * power_of_two(half) * power_of_two(exponent - half);
}

// A number as a sum of two, the second below half an ulp of the first.
struct Pair {
  double high;
  double low;
};

// Requires: |a| >= |b|, or a is 0.
Pair ordered_sum(double a, double b) {
  const double high = a + b;
  return {high, b - (high - a)};
}

Pair exact_sum(double a, double b) {
  const double high = a + b;
  const double from_b = high - a;
  return {high, (a - (high - from_b)) + (b - from_b)};
}

// Dekker 1971: both factors cut into halves of 26 bits. Requires: |a|, |b| < 2^996.
Pair exact_product(double a, double b) {
  constexpr double cutter = 0x1p27 + 1;
  const double a_cut = cutter * a;
  const double a_high = a_cut - (a_cut - a);
  const double a_low = a - a_high;
  const double b_cut = cutter * b;
  const double b_high = b_cut - (b_cut - b);
  const double b_low = b - b_high;
  const double high = a * b;
  const double low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low;
  return {high, low};
}

Pair product(Pair a, Pair b) {
  const Pair main = exact_product(a.high, b.high);
  return ordered_sum(main.high, main.low + (a.high * b.low + a.low * b.high));
}

Pair sum(Pair a, Pair b) {
  const Pair main = exact_sum(a.high, b.high);
  return ordered_sum(main.high, main.low + (a.low + b.low));
}

// f / (2 + f), of which twice the inverse hyperbolic tangent is log(1 + f).
Pair half_tangent(double f) {
  const Pair divisor = exact_sum(2, f);
  const double high = f / divisor.high;
  const Pair back = exact_product(high, divisor.high);
  const double low = ((f - back.high) - back.low - high * divisor.low) / divisor.high;
  return ordered_sum(high, low);
}

// Logarithm to about 65 bits. Requires: x positive, finite.
Pair log_pair(double x) {
  // (2 atanh(s) - 2s - ⅔s³) / s⁵ in s².
  constexpr double remainder[] = {0x1.999999999999ap-2, 0x1.2492492492522p-2, 0x1.c71c71c6ea5acp-3,
                                  0x1.745d177ad436ap-3, 0x1.3b1395b82701ep-3, 0x1.1118cd67251c5p-3,
                                  0x1.df7ba1f4809c3p-4, 0x1.e03a7acf07f85p-4};
  constexpr Pair two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
  const auto [exponent, fraction] = split(x);
  const Pair s = half_tangent(fraction);
  const Pair z = product(s, s);
  const Pair tail = exact_product(z.high, polynomial(remainder, z.high));
  const Pair cubic = product(product(s, z), sum(two_thirds, tail));
  const Pair mantissa = sum({2 * s.high, 2 * s.low}, cubic);
  const Pair power = ordered_sum(exponent * ln2_high, exponent * ln2_low);
  const Pair rest = {power.high, power.low + exponent * ln2_rest};
  return sum(rest, mantissa);
}

enum class Parity { fraction, even, odd };

Parity parity(double y) {
  const double size = y < 0 ? -y : y;
  if (size >= 0x1p53) return Parity::even;
  const auto whole = static_cast<std::int64_t>(size);
  if (static_cast<double>(whole) != size) return Parity::fraction;
  return whole % 2 == 0 ? Parity::even : Parity::odd;
}

// x^y for positive finite x and finite y.
double positive_pow(double x, double y) {
  if (x == 1) return 1;
  const double size = y < 0 ? -y : y;
  if (size < 0x1p-65) return 1;
  // |log x| is at least 2^-53, so such powers leave the range on one side or the other.
  if (size > 0x1p65) return (y > 0) == (x > 1) ? infinity : 0;
  const Pair logarithm = log_pair(x);
  const Pair power = exact_product(y, logarithm.high);
  const double low = power.low + y * logarithm.low;
  if (power.high >= 710) return infinity;
  if (power.high <= -746) return 0;
  return exp_of_sum(power.high, low);
}

// x^y where x is a zero or infinite, or y is infinite; neither is NaN.
double limit_pow(double x, double y) {
  const double size = x < 0 ? -x : x;
  if (y == infinity || y == -infinity) {
    if (size == 1) return 1;
    return (size > 1) == (y > 0) ? infinity : 0;
  }
  const double value = (size == 0) == (y > 0) ? 0 : infinity;
  const bool negative = (std::bit_cast<std::uint64_t>(x) & sign_bit) != 0;
  return negative && parity(y) == Parity::odd ? -value : value;
}

// Where a point stands on the circle: `quarter` turns passed, and the rest, at most 1/8.
struct Angle {
  unsigned quarter;
  double rest;
};

Angle reduce(double turns) {
  constexpr double rounder = 0x1.8p52;
  const double quarters = (turns * 4 + rounder) - rounder;
  const auto count = static_cast<std::int64_t>(quarters);
  return {static_cast<unsigned>(count & 3), turns - quarters * 0.25};
}

double sine_near_zero(double turns) {
  // (sin 2πt - 2πt) / t³ in t².
  constexpr double remainder[] = {
      -0x1.4abbce625be53p+5, 0x1.466bc6775aae1p+6, -0x1.32d2cce62b872p+6, 0x1.50783486facaap+5,
      -0x1.e3074d2614b2dp+3, 0x1.e8f036bcd3237p+1, -0x1.6cc577dadd922p-1};
  constexpr double two_pi_high = 0x1.921fb54442d18p+2;
  constexpr double two_pi_low = 0x1.1a62633145c07p-52;
  const double square = turns * turns;
  return turns * two_pi_high + turns * (two_pi_low + square * polynomial(remainder, square));
}

double cosine_near_zero(double turns) {
  // (cos 2πt - 1) / t² in t².
  constexpr double remainder[] = {
      -0x1.3bd3cc9be45dep+4, 0x1.03c1f081b5ac0p+6, -0x1.55d3c7e3cb241p+6, 0x1.e1f5068688d5bp+5,
      -0x1.a6d1eef479be1p+4, 0x1.f9ce245cada0bp+2, -0x1.b2f3eb054afcdp+0};
  const double square = turns * turns;
  return 1 + square * polynomial(remainder, square);
}

// The sine `quarter` quarters further on.
double sine_at(Angle angle) {
  const double value =
      angle.quarter % 2 == 0 ? sine_near_zero(angle.rest) : cosine_near_zero(angle.rest);
  return angle.quarter < 2 ? value : -value;
}

}  // namespace

double log(double x) {
  // (2 atanh(s) - 2s) / s³ in s².
  constexpr double remainder[] = {0x1.5555555555555p-1, 0x1.9999999999a39p-2, 0x1.2492492476a1ap-2,
                                  0x1.c71c7201a55d7p-3, 0x1.745cf8e4bba1bp-3, 0x1.3b1c3c1c81c8fp-3,
                                  0x1.0fbde0f4ad17bp-3, 0x1.0c0aff044a970p-3};
  if (!(x > 0)) return x == 0 ? -infinity : nan;
  if (x == infinity) return x;
  const auto [exponent, fraction] = split(x);
  const double s = fraction / (2 + fraction);
  const double z = s * s;
  // 2s = f - s f, and s f is small: log(1 + f) = f - (s f - s³R), rounded once where it matters.
  const double correction = s * (fraction - z * polynomial(remainder, z));
  return exponent * ln2_high + (fraction - (correction - exponent * ln2_low));
}

double exp(double x) {
  if (x != x) return x;
  if (x >= 710) return infinity;
  if (x <= -746) return 0;
  return exp_of_sum(x, 0);
}

double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return nan;
  const double size = x < 0 ? -x : x;
  if (size == 0 || size == infinity || y == infinity || y == -infinity) return limit_pow(x, y);
  if (x > 0) return positive_pow(x, y);
  const Parity odd_or_even = parity(y);
  if (odd_or_even == Parity::fraction) return nan;
  const double value = positive_pow(size, y);
  return odd_or_even == Parity::odd ? -value : value;
}

double sine_of_turns(double x) {
  return sine_at(reduce(x));
}

double cosine_of_turns(double x) {
  Angle angle = reduce(x);
  angle.quarter = (angle.quarter + 1) % 4;
  return sine_at(angle);
}

}  // namespace weir::elementary
