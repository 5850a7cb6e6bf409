#include "weir/sim/expression.h"

#include <gtest/gtest.h>

#include <array>

#include "weir/base/random.h"
#include "weir/base/suggestion.h"

namespace {

using namespace weir;
using namespace weir::sim;

using Kind = Expression::Kind;

Expression read(std::string_view text) {
  const auto result = parse_expression(text);
  EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error().message);
  return result.value_or(Expression());
}

TEST(Expression, IsACallWithArgumentsByPlaceAndByName) {
  const Expression call = read("p2c(3, tie=random)");
  EXPECT_EQ(call.kind, Kind::call);
  EXPECT_EQ(call.word, "p2c");
  ASSERT_EQ(call.arguments.size(), 2u);
  EXPECT_EQ(call.arguments[0].key, "");
  EXPECT_EQ(call.arguments[0].value.word, "3");
  EXPECT_EQ(call.arguments[1].key, "tie");
  EXPECT_EQ(call.arguments[1].value.word, "random");
}

TEST(Expression, TakesABareNameForACallWithoutArguments) {
  EXPECT_EQ(read("p2c").kind, Kind::call);
  EXPECT_TRUE(read("p2c()").arguments.empty());
}

TEST(Expression, KeepsALiteralAsText) {
  for (const char* text : {"10ms", "100/s", "99.9%", "4ns/B", "1e-3s", "1e+3s", "-5ms", ".5s"}) {
    EXPECT_EQ(read(text).kind, Kind::literal);
    EXPECT_EQ(read(text).word, text);
  }
}

TEST(Expression, LetsALiteralHaveBlanksBeforeItsUnitAndAroundASlash) {
  EXPECT_EQ(parse_expression("exp(10 ms)")->arguments[0].value.word, "10 ms");
  EXPECT_EQ(parse_expression("poisson(700 / s )")->arguments[0].value.word, "700 / s");
  EXPECT_EQ(parse_expression("mix(99 % : const(1ms))")->arguments[0].value.kind,
            Expression::Kind::pair);
  EXPECT_FALSE(parse_expression("[1/s 2/s]"));
}

TEST(Expression, BindsAtBeforePlusBeforeColon) {
  const Expression pair = read("99%: a + b@c");
  ASSERT_EQ(pair.kind, Kind::pair);
  const Expression& sum = pair.arguments[1].value;
  ASSERT_EQ(sum.kind, Kind::sum);
  EXPECT_EQ(sum.arguments[0].value.word, "a");
  EXPECT_EQ(sum.arguments[1].value.kind, Kind::at);
}

TEST(Expression, ReadsListsAndQuotedText) {
  const Expression call = read("trace('a, b).csv', [1/s, 2/s], x=[])");
  EXPECT_EQ(call.arguments[0].value.kind, Kind::text);
  EXPECT_EQ(call.arguments[0].value.word, "a, b).csv");
  EXPECT_EQ(call.arguments[1].value.arguments.size(), 2u);
  EXPECT_TRUE(call.arguments[2].value.arguments.empty());
}

TEST(Expression, RemembersColumns) {
  const Expression call = read("  exp( mean = 10ms )");
  EXPECT_EQ(call.column, 3u);
  EXPECT_EQ(call.arguments[0].value.column, 15u);
}

TEST(Expression, SaysWhereAndWhatIsWrong) {
  const auto error = [](std::string_view text) { return parse_expression(text).error(); };
  EXPECT_EQ(error("exp(10ms"), (ParseError{"expected ',' or ')', found the end", 9}));
  EXPECT_EQ(error("exp 10ms"), (ParseError{"expected the end, found '1'", 5}));
  EXPECT_EQ(error("exp(,)"), (ParseError{"unexpected ','", 5}));
  EXPECT_EQ(error("trace(\"x)"), (ParseError{"the quote is never closed", 7}));
  EXPECT_EQ(error(""), (ParseError{"the text ends too early", 1}));
}

// Whatever comes in, an answer comes out: random strings of the grammar's own characters.
TEST(Expression, SurvivesAnyText) {
  constexpr std::string_view letters = "exp(10ms,)[]:@+=\"' .-%/";
  Random random({.seed = 8}, "fuzz");
  int well_formed = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    const std::size_t length = random.below(12);
    for (std::size_t c = 0; c < length; ++c) text += letters[random.below(letters.size())];
    const auto result = parse_expression(text);
    if (result) ++well_formed;
    if (!result) {
      ASSERT_FALSE(result.error().message.empty()) << text;
      ASSERT_LE(result.error().column, text.size() + 1) << text;
    }
  }
  EXPECT_GT(well_formed, 100);
}

constexpr std::array<std::string_view, 4> known = {"least_loaded", "p2c", "random", "round_robin"};

TEST(Suggestion, FindsTheNearestWord) {
  EXPECT_EQ(nearest_word("least_laoded", known), "least_loaded");
  EXPECT_EQ(nearest_word("roundrobin", known), "round_robin");
  EXPECT_EQ(nearest_word("p2", known), "p2c");
}

TEST(Suggestion, IsSilentWhenNothingIsNear) {
  EXPECT_FALSE(nearest_word("xyzzy", known));
  EXPECT_FALSE(nearest_word("", known));
  EXPECT_EQ(did_you_mean("xyzzy", known), "; known: least_loaded, p2c, random, round_robin");
}

}  // namespace
