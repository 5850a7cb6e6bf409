#include "weir/sim/toml_tree.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::sim {
namespace {

TomlNode parse(std::string_view text) {
  auto tree = parse_toml(text, "a.toml");
  EXPECT_TRUE(tree) << tree.error().text();
  return tree.value_or(TomlNode{});
}

std::string complaint(std::string_view text) {
  const auto tree = parse_toml(text, "a.toml");
  return tree ? "" : tree.error().text();
}

TEST(TomlTree, RemembersWhereThingsStand) {
  const TomlNode root = parse("x = 1\n[a]\n  b = 'two'\n[[c]]\n[[c]]\nd = 2.5\n");
  EXPECT_EQ(root.find("x")->place, (Place{"a.toml", 1, 5}));
  EXPECT_EQ(root.members[0].place, (Place{"a.toml", 1, 1}));
  EXPECT_EQ(root.find("a")->find("b")->place, (Place{"a.toml", 3, 7}));
  EXPECT_EQ(root.find("c")->items[1].place, (Place{"a.toml", 5, 1}));
  EXPECT_EQ(root.find("c")->items[1].find("d")->real, 2.5);
}

TEST(TomlTree, KeepsTheOrderOfTheText) {
  const TomlNode root = parse("z = 1\ny = 2\n[x]\n");
  EXPECT_EQ(root.members[0].name, "z");
  EXPECT_EQ(root.members[1].name, "y");
  EXPECT_EQ(root.members[2].name, "x");
}

TEST(TomlTree, KnowsWhichTextsStandLetterByLetter) {
  EXPECT_TRUE(parse("a = \"exp(1s)\"").find("a")->plain);
  EXPECT_TRUE(parse("a = 'exp(1s)'").find("a")->plain);
  EXPECT_FALSE(parse("a = \"exp\\u0028\"").find("a")->plain);
  EXPECT_FALSE(parse("a = \"\"\"\nexp\"\"\"").find("a")->plain);
  EXPECT_FALSE(parse("a = \"é\"").find("a")->plain);
}

TEST(TomlTree, SaysWhereTheSyntaxIsWrong) {
  EXPECT_TRUE(complaint("a = 1\nb = ").starts_with("a.toml:2:5: syntax error in "));
  EXPECT_TRUE(complaint("a = 1\na = 2").starts_with("a.toml:2:5: syntax error in "));
  EXPECT_TRUE(complaint("\xff\xfe").starts_with("a.toml:1:1: syntax error: "));
}

TEST(TomlTree, TellsWhoForgotTheQuotes) {
  EXPECT_TRUE(complaint("time = 10ms")
                  .ends_with("; a number with a unit stands in quotes, such as \"10ms\""));
  EXPECT_TRUE(complaint("time = 1.5s")
                  .ends_with("; a number with a unit stands in quotes, such as \"10ms\""));
}

// Each of these would use the stack up inside the library if it were let in.
TEST(TomlTree, RefusesWhatNoScenarioNeeds) {
  std::string deep = "a";
  for (int i = 0; i < 20; ++i) deep += ".a";
  EXPECT_EQ(complaint(deep + " = 1"),
            "a.toml:1:33: tables are nested more than 16 deep; a scenario needs four");
  for (int i = 0; i < 4000; ++i) deep += ".a";
  EXPECT_EQ(complaint(deep + " = 1"),
            "a.toml:1:33: tables are nested more than 16 deep; a scenario needs four");
  for (int i = 0; i < 100'000; ++i) deep += ".a";
  EXPECT_EQ(complaint("x = 1\n" + deep + " = 1"),
            "a.toml:2:1: the line is longer than 10,000 characters");
  EXPECT_EQ(complaint(std::string(1 << 21, '\n')),
            "a.toml:1:1: larger than 1 MiB; this is not a scenario");
  EXPECT_NE(complaint("a = " + std::string(9000, '[')), "");
}

TEST(TomlTree, WritesErrorsOnOneLine) {
  const ScenarioError error{"a\nb", 1, 2, "c\nd\t\x1b[31m"};
  EXPECT_EQ(error.text(), "a b:1:2: c d  [31m");
}

}  // namespace
}  // namespace weir::sim
