// Texts that stand for many.

#include "weir/sim/value_range.h"

#include <gtest/gtest.h>

namespace weir::sim {
namespace {

using Values = std::vector<std::string>;

Values expanded(std::string_view text) {
  const auto values = expand_values(text);
  EXPECT_TRUE(values) << text << ": " << values.error().message;
  return values.value_or(Values{});
}

TEST(ValueRange, LeavesATextWithoutBracesAlone) {
  EXPECT_EQ(expanded("p2c(d=3)"), Values{"p2c(d=3)"});
  EXPECT_EQ(expanded(""), Values{""});
}

TEST(ValueRange, PutsEveryNumberInPlaceOfTheBraces) {
  EXPECT_EQ(expanded("poisson({400..1000 step 300}/s)"),
            (Values{"poisson(400/s)", "poisson(700/s)", "poisson(1000/s)"}));
  EXPECT_EQ(expanded("{1, 2, 5..7}ms"), (Values{"1ms", "2ms", "5ms", "6ms", "7ms"}));
}

TEST(ValueRange, EndsAtTheLastValueThatIsNotBeyond) {
  EXPECT_EQ(expanded("{1..10 step 4}"), (Values{"1", "5", "9"}));
  EXPECT_EQ(expanded("{5..5}"), Values{"5"});
}

TEST(ValueRange, CountsDownwardsToo) {
  EXPECT_EQ(expanded("{3..1}"), (Values{"3", "2", "1"}));
  EXPECT_EQ(expanded("{1..-1}"), (Values{"1", "0", "-1"}));
}

TEST(ValueRange, CountsInDecimalsWithoutRounding) {
  EXPECT_EQ(expanded("{0.1..0.5 step 0.1}"), (Values{"0.1", "0.2", "0.3", "0.4", "0.5"}));
  EXPECT_EQ(expanded("{0.25..1 step 0.25}"), (Values{"0.25", "0.50", "0.75", "1.00"}));
}

TEST(ValueRange, TakesARangeWithoutBracesIfThereIsNothingElse) {
  EXPECT_EQ(expanded("1..3"), (Values{"1", "2", "3"}));
  EXPECT_EQ(expanded("10..30 step 10"), (Values{"10", "20", "30"}));
}

TEST(ValueRange, GivesEveryPairOfTwoBraces) {
  EXPECT_EQ(expanded("{1,2}-{3,4}"), (Values{"1-3", "1-4", "2-3", "2-4"}));
}

TEST(ValueRange, SaysWhatIsNoRange) {
  EXPECT_EQ(expand_values("{1..8").error().message,
            "'{' is never closed; write a range such as {1..8} or {400..1000 step 100}");
  EXPECT_EQ(expand_values("a{b}").error().message,
            "'b' is no number and no range; write a range such as {1..8} or {400..1000 step 100}");
  EXPECT_EQ(expand_values("a{b}").error().column, 2u);
  EXPECT_EQ(expand_values("{1..8 step 0}").error().message.substr(0, 35),
            "'1..8 step 0' is no number and no r");
  EXPECT_EQ(expand_values("{1..10000000}").error().message,
            "'1..10000000' has more than 100000 values");
  EXPECT_EQ(expand_values("{1..1000}{1..1000}").error().message,
            "stands for more than 100000 values");
}

TEST(ValueRange, SplitsAListOutsideOfBrackets) {
  EXPECT_EQ(split_values("a, b(c=1,d=2) ,{1,2}, [3,4]"),
            (Values{"a", "b(c=1,d=2)", "{1,2}", "[3,4]"}));
  EXPECT_EQ(split_values(""), Values{""});
}

TEST(ValueRange, FindsTheNumberThatAValueIsAbout) {
  EXPECT_EQ(number_in("poisson(800/s)"), 800);
  EXPECT_EQ(number_in("12"), 12);
  EXPECT_EQ(number_in("-1.5ms"), -1.5);
  EXPECT_EQ(number_in("p2c(d=3)"), 3);
  EXPECT_EQ(number_in("p2c"), std::nullopt);
  EXPECT_EQ(number_in(""), std::nullopt);
}

}  // namespace
}  // namespace weir::sim
