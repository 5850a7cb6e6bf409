#include "weir/cli/policy_list.h"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using List = std::vector<std::string>;

TEST(PolicyList, SplitsAtCommas) {
  EXPECT_EQ(split_policies("a,b,c"), (List{"a", "b", "c"}));
}

TEST(PolicyList, KeepsTheCommasInBrackets) {
  EXPECT_EQ(split_policies("a(x=1,y=2),b(z=3)"), (List{"a(x=1,y=2)", "b(z=3)"}));
}

TEST(PolicyList, KeepsTheCommasInBracketsWithinBrackets) {
  EXPECT_EQ(split_policies("a(f(1,2),g(3,4)),b"), (List{"a(f(1,2),g(3,4))", "b"}));
}

TEST(PolicyList, TakesSpacesOffTheEnds) {
  EXPECT_EQ(split_policies(" a , b(c = 1) "), (List{"a", "b(c = 1)"}));
}

TEST(PolicyList, ShowsEmptyPlaces) {
  EXPECT_EQ(split_policies(""), (List{""}));
  EXPECT_EQ(split_policies(",a,"), (List{"", "a", ""}));
}

TEST(PolicyList, SplitsBehindAClosingBracketTooMany) {
  EXPECT_EQ(split_policies("a),b"), (List{"a)", "b"}));
}

TEST(PolicyList, TakesAnOpenBracketToTheEnd) {
  EXPECT_EQ(split_policies("a(b,c"), (List{"a(b,c"}));
}

}  // namespace
}  // namespace weir::cli
