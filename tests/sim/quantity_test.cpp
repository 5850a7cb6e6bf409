#include "weir/sim/quantity.h"

#include <gtest/gtest.h>

#include "weir/base/random.h"

namespace {

using namespace weir;
using namespace weir::sim;

template <typename T>
std::string message(const std::expected<T, ParseError>& result) {
  return result ? "no error" : result.error().message;
}

template <typename T>
std::size_t column(const std::expected<T, ParseError>& result) {
  return result ? 0 : result.error().column;
}

TEST(ParseDuration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("7\xC2\xB5s"), 7us);
  EXPECT_EQ(parse_duration("7ms"), 7ms);
  EXPECT_EQ(parse_duration("7s"), 7s);
  EXPECT_EQ(parse_duration("7m"), 7min);
  EXPECT_EQ(parse_duration("7min"), 7min);
  EXPECT_EQ(parse_duration("7h"), 7h);
  EXPECT_EQ(parse_duration("7d"), 168h);
}

TEST(ParseDuration, ReadsFractionsAndSums) {
  EXPECT_EQ(parse_duration("0.1ms"), 100us);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("1e-3s"), 1ms);
  EXPECT_EQ(parse_duration("1m30s"), 90s);
  EXPECT_EQ(parse_duration("0"), 0ns);
}

TEST(ParseDuration, TakesBlanksAroundAUnitButNotWithinANumber) {
  EXPECT_EQ(parse_duration(" 10 ms "), 10ms);
  EXPECT_EQ(parse_duration("1m 30\ts"), 90s);
  EXPECT_EQ(parse_rate("700 / s"), 700);
  EXPECT_EQ(parse_size("64 KiB"), 65536);
  EXPECT_EQ(parse_bandwidth("2 kB / s"), 2000);
  EXPECT_EQ(parse_time_per_byte("4 ns / B"), 4e-9);
  EXPECT_EQ(parse_percent("1 %"), 0.01);
  EXPECT_EQ(message(parse_duration("1 0ms")),
            "' ' is no unit of time; known: ns, us, ms, s, m, h, d");
}

TEST(ParseDuration, IsExactToTheNanosecond) {
  for (int n = 0; n <= 100'000; ++n) {
    ASSERT_EQ(parse_duration(std::to_string(n) + "us"), Duration{n * 1000});
  }
}

TEST(ParseDuration, SaysWhatIsWrong) {
  EXPECT_EQ(message(parse_duration("")), "expected a time such as 10ms, found nothing");
  EXPECT_EQ(message(parse_duration("soon")), "expected a time such as 10ms, found 'soon'");
  EXPECT_EQ(message(parse_duration("inf")), "expected a time such as 10ms, found 'inf'");
  EXPECT_EQ(message(parse_duration("10")), "'10' has no unit; write a time such as 10ms");
  EXPECT_EQ(message(parse_duration("-5ms")), "'-5ms' is negative; write a time such as 10ms");
  EXPECT_EQ(message(parse_duration("10mss")), "'mss' is no unit of time; did you mean 'ms'?");
  EXPECT_EQ(message(parse_duration("10KiB")),
            "'KiB' is no unit of time; known: ns, us, ms, s, m, h, d");
  EXPECT_EQ(message(parse_duration("1e9h")), "'1e9h' is longer than 292 years");
  EXPECT_EQ(message(parse_duration("1e999s")), "'1e999s' is longer than 292 years");
}

TEST(ParseDuration, KnowsTheEndsOfTheRange) {
  EXPECT_FALSE(parse_duration("1" + std::string(400, '0') + "s"));
  EXPECT_EQ(parse_duration("1e-400s"), 0ns);
  EXPECT_EQ(parse_seconds("9.1e9s"), 9.1e9);
}

TEST(ParseDuration, PointsAtTheUnit) {
  EXPECT_EQ(column(parse_duration("10mss")), 3u);
  EXPECT_EQ(column(parse_duration("1m30q")), 5u);
}

TEST(ParseRate, ReadsAnyTimeUnit) {
  EXPECT_EQ(parse_rate("100/s"), 100);
  EXPECT_EQ(parse_rate("6000/min"), 100);
  EXPECT_EQ(parse_rate("6000/m"), 100);
  EXPECT_EQ(parse_rate("3600/h"), 1);
  EXPECT_EQ(parse_rate("2/ms"), 2000);
  EXPECT_EQ(parse_rate("5k/s"), 5000);
  EXPECT_EQ(parse_rate("0/s"), 0);
}

TEST(ParseRate, SaysWhatIsWrong) {
  EXPECT_EQ(message(parse_rate("100")), "'100' has no unit; write a rate such as 100/s");
  EXPECT_EQ(message(parse_rate("100/sec")),
            "'sec' is no unit of time; known: ns, us, ms, s, m, h, d");
  EXPECT_EQ(column(parse_rate("100/sec")), 5u);
  EXPECT_EQ(message(parse_rate("-1/s")), "'-1/s' is negative; write a rate such as 100/s");
  EXPECT_EQ(message(parse_rate("1e12/s")), "'1e12/s' is more than one per nanosecond");
}

TEST(ParseSize, ReadsBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_size("512B"), 512);
  EXPECT_EQ(parse_size("64KiB"), 65536);
  EXPECT_EQ(parse_size("2MiB"), 2097152);
  EXPECT_EQ(parse_size("1GiB"), 0x1p30);
  EXPECT_EQ(parse_size("64kB"), 64000);
  EXPECT_EQ(parse_size("2MB"), 2e6);
}

TEST(ParseSize, SaysWhatIsWrong) {
  EXPECT_EQ(message(parse_size("5")), "'5' has no unit; write a size such as 64KiB");
  EXPECT_EQ(message(parse_size("5Kib")), "'Kib' is no unit of size; did you mean 'KiB'?");
  EXPECT_EQ(message(parse_size("9999999TiB")), "'9999999TiB' is absurdly large");
}

TEST(ParsePercent, IsAFraction) {
  EXPECT_EQ(parse_percent("1%"), 0.01);
  EXPECT_EQ(parse_percent("99.9%"), 0.999);
  EXPECT_EQ(parse_percent("100%"), 1);
  EXPECT_EQ(parse_percent("0"), 0);
  EXPECT_EQ(message(parse_percent("101%")), "'101%' is more than 100%");
  EXPECT_EQ(message(parse_percent("1")), "'1' has no unit; write a share such as 1%");
}

TEST(ParseBandwidthAndTimePerByte, AreEachOthersKind) {
  EXPECT_EQ(parse_bandwidth("2MiB/s"), 2097152);
  EXPECT_EQ(parse_bandwidth("60kB/m"), 1000);
  EXPECT_EQ(parse_time_per_byte("4ns/B"), 4e-9);
  EXPECT_EQ(parse_time_per_byte("1ms/KiB"), 1e-3 / 1024);
  EXPECT_EQ(message(parse_time_per_byte("4ns")),
            "'4ns' is no time per byte; write one such as 4ns/B");
}

TEST(ExactSpelling, IsShort) {
  EXPECT_EQ(exact_seconds(0.01), "10ms");
  EXPECT_EQ(exact_seconds(90), "90s");
  EXPECT_EQ(exact_seconds(600), "600s");
  EXPECT_EQ(exact_seconds(3600), "1h");
  EXPECT_EQ(exact_seconds(0.5), "500ms");
  EXPECT_EQ(exact_seconds(1.7e9), "1700000000s");
  EXPECT_EQ(exact_seconds(4e-9), "4ns");
  EXPECT_EQ(exact_rate(700), "700/s");
  EXPECT_EQ(exact_rate(0.1), "0.1/s");
  EXPECT_EQ(exact_number(1e6), "1000000");
  EXPECT_EQ(exact_number(1e300), "1e300");
  EXPECT_EQ(exact_number(-0.0125), "-0.0125");
  EXPECT_EQ(exact_number(-2.5e-9), "-2.5e-9");
  EXPECT_EQ(exact_rate(1.0 / 60), "1/m");
  EXPECT_EQ(exact_percent(0.29), "29%");
  EXPECT_EQ(exact_quantity(65536, Quantity::size), "64KiB");
  EXPECT_EQ(exact_quantity(2e6, Quantity::size), "2MB");
}

TEST(ExactSpelling, ReadsBackToTheSameBits) {
  Random random({.seed = 11}, "spelling");
  for (int i = 0; i < 5000; ++i) {
    const double seconds = random.uniform() * (i % 2 == 0 ? 1e-3 : 1e5);
    ASSERT_EQ(parse_seconds(exact_seconds(seconds)), seconds);
    ASSERT_EQ(parse_rate(exact_rate(seconds)), seconds);
    ASSERT_EQ(parse_size(exact_quantity(seconds, Quantity::size)), seconds);
    ASSERT_EQ(parse_bandwidth(exact_quantity(seconds, Quantity::bandwidth)), seconds);
    const double share = random.uniform();
    ASSERT_EQ(parse_percent(exact_percent(share)), share);
  }
}

TEST(FormatDuration, ChoosesAUnitForPeople) {
  EXPECT_EQ(format_duration(0ns), "0s");
  EXPECT_EQ(format_duration(999ns), "999ns");
  EXPECT_EQ(format_duration(12'345ns), "12.35us");
  EXPECT_EQ(format_duration(12'345'678ns), "12.35ms");
  EXPECT_EQ(format_duration(999'999'999ns), "1s");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(600s), "10m");
  EXPECT_EQ(format_duration(90min), "90m");
  EXPECT_EQ(format_duration(36h), "36h");
  EXPECT_EQ(format_duration(240h), "10d");
  EXPECT_EQ(format_duration(-5ms), "-5ms");
  EXPECT_EQ(format_duration(Duration::max()), "106752d");
}

}  // namespace
