#include "weir/sim/arrival.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using namespace weir;
using namespace weir::sim;

// One of every kind, in the canonical spelling.
const std::vector<std::string> kinds = {
    "const(100/s)",
    "poisson(700/s)",
    "batch(poisson(10/s), size=geom(4))",
    "batch(const(10/s), size=uniform(1, 10))",
    "batch(poisson(10/s), size=5)",
    "onoff(on=exp(1s)@100/s, off=exp(4s)@0/s)",
    "mmpp([1.6/s, 0.2/s], [0.1/s, 0.1/s])",
    "weibull(100/s, k=0.6)",
    "ramp(10/s, 100/s, 60s)",
    "ramp(100/s, 0/s, 60s)",
    "steps([100/s, 200/s], every=30s)",
    "sine(mean=100/s, amplitude=50/s, period=1h)",
    "spike(base=40/s, peak=80/s, at=20s, for=5s)",
    "phases([30s: poisson(10/s), 60s: ramp(10/s, 100/s, 60s), poisson(5/s)])",
    "phases([30s: const(10/s), 10s: poisson(20/s)])",
};

ArrivalProcess read(std::string_view text) {
  const auto result = ArrivalProcess::parse(text);
  EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error().message);
  return result.value_or(ArrivalProcess());
}

ParseError error_of(std::string_view text) {
  const auto result = ArrivalProcess::parse(text);
  return result ? ParseError{"no error", 0} : result.error();
}

Random stream(std::uint64_t entity = 0) {
  return Random({.seed = 9, .replication = 2}, "arrival", entity);
}

std::vector<Duration> arrivals_until(const ArrivalProcess& process, Duration end,
                                     std::uint64_t entity = 0) {
  Arrivals arrivals(process, stream(entity));
  std::vector<Duration> times;
  for (Duration at = arrivals.next(); at < end; at = arrivals.next()) times.push_back(at);
  return times;
}

// Greatest distance from the unit exponential, times √n: beyond 1.95 in one case of a thousand.
double distance_from_exponential(std::vector<double> values) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double exact = 1 - std::exp(-values[i]);
    distance = std::max(
        {distance, exact - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - exact});
  }
  return distance * std::sqrt(n);
}

double lag_one_correlation(const std::vector<double>& values) {
  double sum = 0, squares = 0, products = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    squares += (values[i] - mean) * (values[i] - mean);
    if (i > 0) products += (values[i] - mean) * (values[i - 1] - mean);
  }
  return products / squares;
}

TEST(ArrivalProcess, SpellsItselfCanonically) {
  for (const std::string& text : kinds) EXPECT_EQ(read(text).text(), text);
}

TEST(ArrivalProcess, TakesArgumentsByPlaceOrByName) {
  EXPECT_EQ(read("poisson(rate=60/m)").text(), "poisson(1/s)");
  EXPECT_EQ(read("spike(40/s, 80/s, 20s, 5s)"),
            read("spike(for=5s, at=20s, peak=80/s, base=40/s)"));
  EXPECT_EQ(read("batch(poisson(10/s), const(5))"), read("batch(poisson(10/s), size=5)"));
}

TEST(Arrivals, NeverGoBack) {
  for (const std::string& text : kinds) {
    Arrivals arrivals(read(text), stream());
    Duration last{0};
    for (int i = 0; i < 20'000; ++i) {
      const Duration at = arrivals.next();
      ASSERT_GE(at, last) << text;
      last = at;
    }
  }
}

TEST(Arrivals, AreAFunctionOfTheStream) {
  for (const std::string& text : kinds) {
    EXPECT_EQ(arrivals_until(read(text), 60s), arrivals_until(read(text), 60s)) << text;
  }
  EXPECT_NE(arrivals_until(read("poisson(10/s)"), 60s, 1),
            arrivals_until(read("poisson(10/s)"), 60s, 2));
}

TEST(Arrivals, OfConstAreAMetronomeFromZero) {
  EXPECT_EQ(arrivals_until(read("const(4/s)"), 1s),
            (std::vector<Duration>{0ms, 250ms, 500ms, 750ms}));
  EXPECT_EQ(arrivals_until(read("const(3/s)"), 1000s).size(), 3000u);
}

TEST(Arrivals, WithoutARateNeverCome) {
  for (const char* text :
       {"const(0/s)", "poisson(0/s)", "ramp(0/s, 0/s, 1s)",
        "onoff(on=exp(1s)@0/s, off=exp(1s)@0/s)", "sine(mean=0/s, amplitude=0/s, period=1s)"}) {
    Arrivals arrivals(read(text), stream());
    EXPECT_EQ(arrivals.next(), Duration::max()) << text;
    EXPECT_EQ(arrivals.next(), Duration::max()) << text;
  }
}

// Time rescaling: under its own integrated rate every Poisson process has unit exponential gaps.
TEST(Arrivals, OfPoissonProcessesFollowTheIntegratedRate) {
  for (const char* text :
       {"poisson(700/s)", "ramp(10/s, 5000/s, 60s)", "ramp(5000/s, 0/s, 60s)",
        "steps([500/s, 20/s, 2000/s], every=20s)", "sine(mean=1000/s, amplitude=1000/s, period=7s)",
        "spike(base=100/s, peak=8000/s, at=20s, for=5s)"}) {
    const ArrivalProcess process = read(text);
    std::vector<double> gaps;
    double last = 0;
    for (const Duration at : arrivals_until(process, 70s)) {
      const double mass = process.expected_count(at);
      gaps.push_back(mass - last);
      last = mass;
    }
    ASSERT_GT(gaps.size(), 40'000u) << text;
    EXPECT_LT(distance_from_exponential(gaps), 1.95) << text;
    EXPECT_LT(std::fabs(lag_one_correlation(gaps)), 4 / std::sqrt(gaps.size())) << text;
  }
}

TEST(ArrivalProcess, ExpectsTheAreaUnderTheRate) {
  EXPECT_DOUBLE_EQ(read("poisson(700/s)").expected_count(10s), 7000);
  EXPECT_DOUBLE_EQ(read("ramp(10/s, 100/s, 60s)").expected_count(60s), 3300);
  EXPECT_DOUBLE_EQ(read("ramp(10/s, 100/s, 60s)").expected_count(30s), 975);
  EXPECT_DOUBLE_EQ(read("ramp(10/s, 100/s, 60s)").expected_count(70s), 4300);
  EXPECT_DOUBLE_EQ(read("steps([100/s, 200/s], every=30s)").expected_count(90s), 15'000);
  EXPECT_DOUBLE_EQ(read("spike(base=40/s, peak=80/s, at=20s, for=5s)").expected_count(60s), 2600);
  EXPECT_DOUBLE_EQ(read("sine(mean=100/s, amplitude=50/s, period=1h)").expected_count(1h), 360'000);
  EXPECT_DOUBLE_EQ(read("batch(poisson(10/s), size=geom(4))").expected_count(10s), 400);
  EXPECT_DOUBLE_EQ(read("phases([30s: poisson(10/s), poisson(5/s)])").expected_count(60s), 450);
  EXPECT_DOUBLE_EQ(read("phases([30s: poisson(10/s), 10s: const(5/s)])").expected_count(60s), 350);
}

TEST(ArrivalProcess, HasALongRunRate) {
  EXPECT_DOUBLE_EQ(read("const(100/s)").mean_rate(), 100);
  EXPECT_DOUBLE_EQ(read("onoff(on=exp(1s)@100/s, off=exp(4s)@0/s)").mean_rate(), 20);
  EXPECT_DOUBLE_EQ(read("mmpp([1.6/s, 0.2/s], [0.1/s, 0.3/s])").mean_rate(), 1.25);
  EXPECT_DOUBLE_EQ(read("weibull(100/s, k=0.6)").mean_rate(), 100);
  EXPECT_DOUBLE_EQ(read("batch(poisson(10/s), size=uniform(1, 10))").mean_rate(), 55);
  EXPECT_DOUBLE_EQ(read("ramp(10/s, 100/s, 60s)").mean_rate(), 100);
  EXPECT_DOUBLE_EQ(read("steps([100/s, 200/s], every=30s)").mean_rate(), 200);
  EXPECT_DOUBLE_EQ(read("spike(base=40/s, peak=80/s, at=20s, for=5s)").mean_rate(), 40);
}

// Counts in long windows: mean λ̄T and variance IDC·λ̄T.
struct WindowCounts {
  double mean = 0;
  double dispersion = 0;
};

WindowCounts count_windows(const ArrivalProcess& process, Duration window, int windows) {
  std::vector<double> counts(static_cast<std::size_t>(windows));
  for (const Duration at : arrivals_until(process, window * windows)) {
    ++counts[static_cast<std::size_t>(at / window)];
  }
  double sum = 0, squares = 0;
  for (const double count : counts) sum += count;
  const double mean = sum / windows;
  for (const double count : counts) squares += (count - mean) * (count - mean);
  return {mean, squares / (windows - 1) / mean};
}

// IDC = 1 + 2(λ₁-λ₂)² r₁₂ r₂₁ / ((r₁₂+r₂₁)² (λ₁ r₂₁ + λ₂ r₁₂)).
TEST(Arrivals, OfMmppHaveTheRightBurstiness) {
  const auto [mean, dispersion] =
      count_windows(read("mmpp([1.6/s, 0.2/s], [0.1/s, 0.1/s])"), 1000s, 4000);
  EXPECT_NEAR(mean, 900, 4 * std::sqrt(900 * 6.44 / 4000));
  EXPECT_NEAR(dispersion, 6.444, 0.6);
}

TEST(Arrivals, OfOnoffHaveTheRightBurstiness) {
  const auto [mean, dispersion] =
      count_windows(read("onoff(on=exp(1s)@100/s, off=exp(4s)@0/s)"), 500s, 2000);
  EXPECT_NEAR(mean, 10'000, 4 * std::sqrt(10'000 * 129 / 2000));
  EXPECT_NEAR(dispersion, 129, 18);
}

TEST(Arrivals, OfOnoffKeepToTheirStates) {
  const auto times = arrivals_until(read("onoff(on=const(1s)@1000/s, off=const(1s)@0/s)"), 100s);
  ASSERT_GT(times.size(), 40'000u);
  const auto first_half = (times.front() / 1s) % 2;
  for (const Duration at : times) ASSERT_EQ((at / 1s) % 2, first_half);
}

TEST(Arrivals, OfOnoffBeginOnByTheShareOfTime) {
  int on = 0;
  const ArrivalProcess process = read("onoff(on=const(1s)@1000/s, off=const(3s)@0/s)");
  for (std::uint64_t run = 0; run < 2000; ++run) {
    on += arrivals_until(process, 500ms, run).empty() ? 0 : 1;
  }
  EXPECT_NEAR(on, 500, 4 * std::sqrt(2000 * 0.25 * 0.75));
}

TEST(Arrivals, OfWeibullHaveTheMeanAndSpreadOfTheirGaps) {
  const auto times = arrivals_until(read("weibull(100/s, k=0.6)"), 3000s);
  const auto n = static_cast<double>(times.size());
  // SCV = Γ(1+2/k)/Γ(1+1/k)² - 1.
  const double scv = std::tgamma(1 + 2 / 0.6) / std::pow(std::tgamma(1 + 1 / 0.6), 2) - 1;
  EXPECT_NEAR(n, 300'000, 4 * std::sqrt(300'000 * scv));
  double squares = 0;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double gap = to_seconds(times[i] - times[i - 1]) * 100;
    squares += (gap - 1) * (gap - 1);
  }
  EXPECT_NEAR(squares / n, scv, 0.15);
}

TEST(Arrivals, OfABatchShareTheInstant) {
  const auto times = arrivals_until(read("batch(const(1/s), size=3)"), 3s);
  EXPECT_EQ(times, (std::vector<Duration>{0s, 0s, 0s, 1s, 1s, 1s, 2s, 2s, 2s}));
}

TEST(Arrivals, OfABatchHaveGeometricSizes) {
  const auto times = arrivals_until(read("batch(const(1/s), size=geom(4))"), 100'000s);
  EXPECT_NEAR(static_cast<double>(times.size()), 400'000, 4 * std::sqrt(100'000 * 12.0));
  std::vector<int> sizes(100'000);
  for (const Duration at : times) ++sizes[static_cast<std::size_t>(at / 1s)];
  EXPECT_NEAR(static_cast<double>(std::ranges::count(sizes, 1)), 25'000, 600);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(sizes, 2)), 18'750, 600);
  EXPECT_EQ(std::ranges::count(sizes, 0), 0);
}

TEST(Arrivals, OfABatchHaveUniformSizesWithBothEnds) {
  std::vector<int> sizes(10'000);
  for (const Duration at : arrivals_until(read("batch(const(1/s), size=uniform(2, 4))"), 10'000s)) {
    ++sizes[static_cast<std::size_t>(at / 1s)];
  }
  for (int size = 2; size <= 4; ++size) {
    EXPECT_NEAR(static_cast<double>(std::ranges::count(sizes, size)), 10'000 / 3.0, 200);
  }
}

TEST(Arrivals, OfPhasesFollowOneAnotherAndEnd) {
  Arrivals arrivals(read("phases([2s: const(1/s), 1s: const(2/s)])"), stream());
  for (const Duration expected : {Duration(0s), Duration(1s), Duration(2s), Duration(2500ms)}) {
    EXPECT_EQ(arrivals.next(), expected);
  }
  EXPECT_EQ(arrivals.next(), Duration::max());
  EXPECT_EQ(arrivals.next(), Duration::max());
}

TEST(Arrivals, CanBeMovedOnTheWay) {
  Arrivals one(read("sine(mean=10/s, amplitude=5/s, period=1s)"), stream());
  Arrivals same(read("sine(mean=10/s, amplitude=5/s, period=1s)"), stream());
  EXPECT_EQ(one.next(), same.next());
  Arrivals moved = std::move(one);
  EXPECT_EQ(moved.next(), same.next());
}

TEST(ArrivalProcess, SaysWhatIsWrong) {
  EXPECT_EQ(error_of("poison(10/s)").message,
            "unknown arrival process 'poison'; did you mean 'poisson'?");
  EXPECT_EQ(error_of("700/s").message, "expected an arrival process; write poisson(700/s)");
  EXPECT_EQ(error_of("poisson(10)").message, "rate: '10' has no unit; write a rate such as 100/s");
  EXPECT_EQ(error_of("poisson(10ms)").message,
            "rate: '10ms' has no unit; write a rate such as 100/s");
  EXPECT_EQ(error_of("poisson()").message, "poisson needs 'rate'; write poisson(rate)");
  EXPECT_EQ(error_of("ramp(10/s, 100/s, 0s)").message, "over must be more than 0");
  EXPECT_EQ(error_of("sine(mean=1/s, amplitude=2/s, period=1h)").message,
            "amplitude is more than the mean");
  EXPECT_EQ(error_of("steps(100/s, every=30s)").message,
            "rates is a list of rates, such as [100/s, 200/s]");
  EXPECT_EQ(error_of("onoff(on=exp(1s), off=exp(4s)@0/s)").message,
            "on: expected a stay and a rate, such as exp(1s)@100/s");
  EXPECT_EQ(error_of("batch(poisson(1/s), size=gem(4))").message,
            "the size of a batch is geom(4), uniform(1, 10) or a number");
  EXPECT_EQ(error_of("batch(poisson(1/s), size=0)").message, "size must lie between 1 and 1000000");
  EXPECT_EQ(error_of("mmpp([1/s], [1/s])").message,
            "mmpp takes two lists of equal length, the rates and how often each is left");
  EXPECT_EQ(error_of("mmpp([1/s, 2/s], [0/s, 1/s])").message,
            "leave: every state must be left some time");
  EXPECT_EQ(error_of("phases([poisson(1/s), 3s: poisson(1/s)])").message,
            "only the last phase may go on for ever; write 30s: poisson(...)");
}

TEST(ArrivalProcess, PointsAtTheMistake) {
  EXPECT_EQ(error_of("onoff(on=exp(1s)@100/s, off=epx(4s)@0/s)").column, 29u);
  EXPECT_EQ(error_of("phases([30s: poisson(10/q)])").column, 25u);
}

// Recorded under clang 19; every compiler and processor must find the same.
TEST(Arrivals, AreTheSameBitsEverywhere) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::string& text : kinds) {
    Arrivals arrivals(read(text), stream());
    for (int i = 0; i < 100'000; ++i) {
      hash = (hash ^ static_cast<std::uint64_t>(arrivals.next().count())) * 0x100000001b3u;
    }
  }
  EXPECT_EQ(hash, 15284023091577841698u);
}

}  // namespace
