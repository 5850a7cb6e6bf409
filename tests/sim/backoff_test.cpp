#include "weir/sim/backoff.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

std::string complaint(std::string_view text) {
  const auto backoff = parse_backoff(text);
  if (backoff) return "";
  return std::to_string(backoff.error().column) + ": " + backoff.error().message;
}

TEST(Backoff, ReadsEveryParameter) {
  const Backoff expected{.base = 50ms, .factor = 1.5, .cap = 1s, .jitter = Backoff::Jitter::none};
  EXPECT_EQ(parse_backoff("exp(50ms, x1.5, cap=1s, jitter=none)"), expected);
}

TEST(Backoff, DoublesUpToTenTimesThePauseUnlessTold) {
  const Backoff expected{.base = 50ms, .factor = 2, .cap = 500ms, .jitter = Backoff::Jitter::full};
  EXPECT_EQ(parse_backoff("exp(50ms)"), expected);
  EXPECT_EQ(parse_backoff("exp(25ms)"), Backoff{});
}

TEST(Backoff, MayBeNone) {
  EXPECT_EQ(parse_backoff("none")->base, 0ms);
  EXPECT_EQ(parse_backoff("none")->text(), "none");
}

TEST(Backoff, IsReadBackFromItsText) {
  for (const char* text : {"exp(50ms, x2, cap=1s, jitter=full)", "exp(1s, x1, cap=1s, jitter=none)",
                           "exp(3ms, x1.5)"}) {
    const Backoff backoff = *parse_backoff(text);
    EXPECT_EQ(parse_backoff(backoff.text()), backoff) << backoff.text();
  }
}

TEST(Backoff, SaysWhatToWriteInstead) {
  EXPECT_EQ(complaint("exp(1s, 2)"), "9: write the factor as x2");
  EXPECT_EQ(complaint("exp(1s, x0.5)"), "9: the factor must be between 1 and 1000");
  EXPECT_EQ(complaint("exp(1s, x2, cap=1ms)"), "1: the cap is below the first pause");
  EXPECT_EQ(complaint("exp(1s, x2, jitter=half)"), "20: jitter must be full or none");
  EXPECT_EQ(complaint("exp(1s, x2, kap=2s)"), "13: unknown parameter 'kap'; did you mean 'cap'?");
  EXPECT_EQ(complaint("exp(48h)"), "5: a pause is at most 24h");
  EXPECT_EQ(complaint("exp(1s, x2, 5s)"),
            "13: exp takes a pause and a factor; name the others: cap=1s");
  EXPECT_EQ(complaint("50ms"), "1: write exp(50ms, x2, cap=1s, jitter=full) or none");
  EXPECT_EQ(complaint("exp(1s, x2"), "1: write exp(50ms, x2, cap=1s, jitter=full) or none");
  EXPECT_EQ(complaint("exp(5, x2)"), "5: '5' has no unit; write a time such as 10ms");
}

}  // namespace
}  // namespace weir::sim
