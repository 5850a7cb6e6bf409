#include "weir/base/text.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Text, LosesTheBlanksAroundIt) {
  EXPECT_EQ(trimmed(" \t a b\t \r"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \t\r "), "");
}

TEST(Text, LosesOnlyTheBlanksThatAreNamed) {
  EXPECT_EQ(trimmed(" \ta ", " "), "\ta");
  EXPECT_EQ(trimmed("\" a\"", "\""), " a");
}

}  // namespace
}  // namespace weir
