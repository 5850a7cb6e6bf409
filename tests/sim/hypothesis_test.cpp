// Claims that one variant beats another.

#include "weir/sim/hypothesis.h"

#include <gtest/gtest.h>

namespace weir::sim {
namespace {

using Names = std::vector<std::string>;

Condition condition(std::string_view text) {
  const auto conditions = parse_conditions(text);
  EXPECT_TRUE(conditions) << text;
  return conditions ? conditions->front() : Condition{};
}

TEST(Hypothesis, OrdersItsNamesFromTheLeast) {
  EXPECT_EQ(*parse_ordering("p2c < random"), (Names{"p2c", "random"}));
  EXPECT_EQ(*parse_ordering("random>p2c"), (Names{"p2c", "random"}));
  EXPECT_EQ(*parse_ordering("a < b(x=1,y=2) < c"), (Names{"a", "b(x=1,y=2)", "c"}));
}

TEST(Hypothesis, RefusesWhatIsNoOrdering) {
  for (const char* text : {"p2c", "p2c <", "< p2c", "a < b > c", "a <= b", ""}) {
    const auto names = parse_ordering(text);
    ASSERT_FALSE(names) << text;
    EXPECT_EQ(names.error().message,
              "'" + std::string(text) + "' is no ordering; write p2c < random");
  }
  EXPECT_EQ(parse_ordering("a < a").error().message, "'a' stands on both sides");
}

TEST(Hypothesis, ComparesNumbersInTheTextsOfAnAxis) {
  EXPECT_TRUE(condition("rate >= 800").holds("poisson(800/s)"));
  EXPECT_FALSE(condition("rate > 800").holds("poisson(800/s)"));
  EXPECT_TRUE(condition("rate < 800/s").holds("poisson(79.5/s)"));
  EXPECT_TRUE(condition("rate != 800").holds("poisson(79.5/s)"));
}

TEST(Hypothesis, ComparesTextsWithoutNumbersForEquality) {
  EXPECT_TRUE(condition("policy == \"random\"").holds("random"));
  EXPECT_TRUE(condition("policy = random").holds("random"));
  EXPECT_FALSE(condition("policy == random").holds("p2c"));
  EXPECT_FALSE(condition("policy < random").holds("p2c"));
}

TEST(Hypothesis, AsksForAllOfItsConditions) {
  const auto conditions = *parse_conditions("rate >= 400 and rate <= 800");
  ASSERT_EQ(conditions.size(), 2u);
  EXPECT_EQ(conditions[1].relation, Condition::Relation::at_most);
  EXPECT_EQ(parse_conditions("rate 800").error().message,
            "'rate 800' is no condition; write rate >= 800");
}

PairedFigures pair(std::vector<double> lesser, std::vector<double> greater) {
  return {.lesser = "a",
          .greater = "b",
          .lesser_values = std::move(lesser),
          .greater_values = std::move(greater)};
}

TEST(Hypothesis, HoldsIfTheDifferenceIsBeyondChance) {
  const auto verdict = judge({}, {pair({1, 2, 3}, {2, 4, 6})}, 1);
  EXPECT_TRUE(verdict.judged);
  EXPECT_TRUE(verdict.pass);
  EXPECT_NEAR(*verdict.cases[0].change, -0.5, 1e-12);
}

TEST(Hypothesis, FailsIfChanceCouldBeAllOfIt) {
  EXPECT_FALSE(judge({}, {pair({1, 5, 3}, {2, 4, 3.5})}, 1).pass);
}

TEST(Hypothesis, FailsIfTheOppositeIsTrue) {
  EXPECT_FALSE(judge({}, {pair({2, 4, 6}, {1, 2, 3})}, 1).pass);
}

TEST(Hypothesis, FailsWithoutFigures) {
  const auto verdict = judge({}, {pair({}, {1, 2, 3})}, 1);
  EXPECT_TRUE(verdict.judged);
  EXPECT_FALSE(verdict.pass);
  EXPECT_FALSE(verdict.cases[0].change);
}

// Log-ratios 0.4, 0.5, 0.6: t = 8.66 with two degrees of freedom, 4.30 for one, 9.92 for five.
TEST(Hypothesis, IsCorrectedForTheNumberOfPairs) {
  const std::vector<PairedFigures> pairs = {pair({1, 1, 1}, {1.49182, 1.64872, 1.82212})};
  EXPECT_TRUE(judge({}, pairs, 1).pass);
  EXPECT_FALSE(judge({}, pairs, 5).pass);
}

TEST(Hypothesis, UsesTheReplicationsThatBothHave) {
  EXPECT_TRUE(judge({}, {pair({1, 2, 3, 100}, {2, 4, 6})}, 1).pass);
}

TEST(Hypothesis, HasToHoldEverywhere) {
  EXPECT_FALSE(judge({}, {pair({1, 2}, {2, 4}), pair({2, 4}, {1, 2})}, 2).pass);
}

TEST(Hypothesis, IsNotJudgedWithoutItsVariants) {
  const auto verdict = judge({}, {}, 0);
  EXPECT_FALSE(verdict.judged);
  EXPECT_FALSE(verdict.pass);
  EXPECT_TRUE(verdict.holds_or_open());
}

}  // namespace
}  // namespace weir::sim
