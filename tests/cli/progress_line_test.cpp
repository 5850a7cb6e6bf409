#include "weir/cli/progress_line.h"

#include <gtest/gtest.h>

#include <chrono>

namespace weir::cli {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start = TimePoint() + 1000s;

sim::Progress progress(double fraction) {
  return {.fraction = fraction, .finished = 3, .total = 10};
}

TEST(ProgressLine, SaysHowFarAndHowLong) {
  ProgressLine line(true, start);

  EXPECT_EQ(line.update(progress(0.25), start + 10s),
            "\r\033[K25 %, 3 of 10 replications, 30 s left");
}

TEST(ProgressLine, DoesNotGuessFromNearlyNothing) {
  ProgressLine line(true, start);

  EXPECT_EQ(line.update(progress(0.25), start + 10ms), "\r\033[K25 %, 3 of 10 replications");
  EXPECT_EQ(line.update(progress(0), start + 10s), "\r\033[K0 %, 3 of 10 replications");
}

TEST(ProgressLine, IsDrawnTenTimesASecondAtMost) {
  ProgressLine line(true, start);

  EXPECT_NE(line.update(progress(0.1), start), "");
  EXPECT_EQ(line.update(progress(0.2), start + 99ms), "");
  EXPECT_NE(line.update(progress(0.3), start + 100ms), "");
}

TEST(ProgressLine, SpeaksTwiceAMinuteWhereThereIsNoTerminal) {
  ProgressLine line(false, start);

  EXPECT_EQ(line.update(progress(0.1), start + 29s), "");
  EXPECT_EQ(line.update(progress(0.5), start + 30s),
            "weir: 50 %, 3 of 10 replications, 30 s left\n");
  EXPECT_EQ(line.update(progress(0.6), start + 59s), "");
}

TEST(ProgressLine, LeavesNothingBehind) {
  EXPECT_EQ(ProgressLine(true, start).finish(), "\r\033[K");
  EXPECT_EQ(ProgressLine(false, start).finish(), "");
}

TEST(ProgressLine, StaysWithinAHundredPercent) {
  ProgressLine line(true, start);

  EXPECT_EQ(line.update(progress(1.5), start + 2s),
            "\r\033[K100 %, 3 of 10 replications, 0 s left");
}

TEST(About, UsesTheUnitThatPeopleWould) {
  EXPECT_EQ(about(1500ms), "2 s");
  EXPECT_EQ(about(99s), "99 s");
  EXPECT_EQ(about(100s), "2 min");
  EXPECT_EQ(about(99min), "99 min");
  EXPECT_EQ(about(100min), "2 h");
}

}  // namespace
}  // namespace weir::cli
