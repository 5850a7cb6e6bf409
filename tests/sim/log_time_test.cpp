#include "weir/sim/log_time.h"

#include <gtest/gtest.h>

namespace weir::sim {
namespace {

std::string time_of(const std::string& text, LogUnit unit = LogUnit::automatic) {
  const auto time = parse_log_time(text, unit);
  if (!time) return time.error();
  return std::to_string(time->ns) + (time->fine ? " fine" : "");
}

std::string duration_of(const std::string& text, LogUnit unit = LogUnit::automatic) {
  const auto duration = parse_log_duration(text, unit);
  return duration ? std::to_string(*duration) : duration.error();
}

TEST(LogTime, ReadsTheCommonLogFormatWithItsZone) {
  EXPECT_EQ(time_of("[10/Oct/2000:13:55:36 -0700]"), "971211336000000000");
  EXPECT_EQ(time_of("10/Oct/2000:20:55:36 +0000"), "971211336000000000");
  EXPECT_EQ(time_of("[10/Oct/2000:20:55:36.25 +0000]"), "971211336250000000 fine");
}

TEST(LogTime, ReadsIsoTimes) {
  EXPECT_EQ(time_of("2000-10-10T20:55:36Z"), "971211336000000000");
  EXPECT_EQ(time_of("2000-10-10 22:25:36.123456789+01:30"), "971211336123456789 fine");
  EXPECT_EQ(time_of("2000-10-10T20:55:36,5"), "971211336500000000 fine");
  EXPECT_EQ(time_of("2000-02-29T00:00:00 +0000"), "951782400000000000");
}

TEST(LogTime, TakesNumbersBySizeForSecondsOrFinerUnits) {
  EXPECT_EQ(time_of("971211336"), "971211336000000000");
  EXPECT_EQ(time_of("971211336.000"), "971211336000000000 fine");
  EXPECT_EQ(time_of("971211336250"), "971211336250000000 fine");
  EXPECT_EQ(time_of("971211336250001"), "971211336250001000 fine");
  EXPECT_EQ(time_of("971211336250001002"), "971211336250001002 fine");
  EXPECT_EQ(time_of("1763837632123456789"), "1763837632123456789 fine");
  EXPECT_EQ(time_of("0.000000001"), "1 fine");
}

TEST(LogTime, BelievesAUnitThatIsSaid) {
  EXPECT_EQ(time_of("1500", LogUnit::ms), "1500000000 fine");
  EXPECT_EQ(time_of("1500", LogUnit::s), "1500000000000");
  EXPECT_EQ(time_of("1.5e3", LogUnit::us), "1500000 fine");
}

TEST(LogTime, SaysWhatIsWrong) {
  EXPECT_EQ(time_of("yesterday"), "'yesterday' is no time");
  EXPECT_EQ(time_of(""), "'' is no time");
  EXPECT_EQ(time_of("-5"), "'-5' is no time");
  EXPECT_EQ(time_of("[10/Okt/2000:13:55:36 -0700]"), "'10/Okt/2000:13:55:36 -0700' is no time");
  EXPECT_EQ(time_of("2001-02-29T00:00:00Z"),
            "the time '2001-02-29T00:00:00Z' has a date that no calendar knows");
  EXPECT_EQ(time_of("2001-02-28T24:00:00Z"),
            "the time '2001-02-28T24:00:00Z' has a time of day that no clock shows");
  EXPECT_EQ(time_of("10/Oct/0020:13:55:36 +0000"),
            "the time '10/Oct/0020:13:55:36 +0000' is of the year 20, not from 1970 to 2200");
  EXPECT_EQ(time_of("99999999999", LogUnit::s),
            "the time '99999999999' lies beyond the year 2200: is its unit right?");
  EXPECT_EQ(time_of(std::string(100, 'x')), "'" + std::string(60, 'x') + "…' is no time");
}

TEST(LogTime, ReadsDurationsExactly) {
  EXPECT_EQ(duration_of("0.123456789"), "123456789");
  EXPECT_EQ(duration_of("123456", LogUnit::us), "123456000");
  EXPECT_EQ(duration_of("12.5", LogUnit::ms), "12500000");
  EXPECT_EQ(duration_of("12.5ms"), "12500000");
  EXPECT_EQ(duration_of("1.2e-05"), "12000");
  EXPECT_EQ(duration_of("0"), "0");
  EXPECT_EQ(duration_of("123456789012"),
            "the duration '123456789012' is more than a day: is its unit right?");
}

TEST(LogTime, RefusesDurationsThatCannotBe) {
  EXPECT_EQ(duration_of("-0.5"), "the duration '-0.5' is negative");
  EXPECT_EQ(duration_of("86401"), "the duration '86401' is more than a day: is its unit right?");
  EXPECT_EQ(duration_of("1e99"), "the duration '1e99' is more than a day: is its unit right?");
  EXPECT_EQ(duration_of("soon"), "'soon' is no duration");
}

TEST(LogTime, SpellsATimeAsItReadsIt) {
  for (const std::string text : {"2000-10-10T20:55:36Z", "2026-11-22T18:53:52.25Z"}) {
    EXPECT_EQ(spell_log_time(parse_log_time(text, LogUnit::automatic)->ns), text);
  }
}

}  // namespace
}  // namespace weir::sim
