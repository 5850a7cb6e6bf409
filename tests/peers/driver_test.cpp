// The driver as its user meets it: options, mistakes, a missing program, a signal.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench/peers/driver/arguments.h"
#include "bench/peers/driver/child.h"

namespace weir::peers {
namespace {

std::expected<Arguments, Reply> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "peers");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST(Options, MeasureEverythingSevenTimesIfNothingIsSaid) {
  const auto arguments = parse({});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->rounds, 7);
  EXPECT_TRUE(arguments->selection.ids.empty());
  EXPECT_EQ(arguments->selection.processors, (std::vector<int>{1, 2}));
  EXPECT_EQ(arguments->selection.peers, (std::vector<std::string>{"go", "fiber"}));
}

TEST(Options, TakeListsWithCommas) {
  const auto arguments =
      parse({"--only", "B1,B3", "--procs", "2,1,2", "--peers=go", "--json", "-"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->selection.ids, (std::vector<std::string>{"B1", "B3"}));
  EXPECT_EQ(arguments->selection.processors, (std::vector<int>{1, 2}));
  EXPECT_EQ(arguments->selection.peers, std::vector<std::string>{"go"});
  EXPECT_EQ(arguments->json, "-");
}

TEST(Options, AnswerAMistakeWithOneLine) {
  const std::vector<std::vector<const char*>> mistakes = {
      {"--rounds", "0"}, {"--rounds", "x"}, {"--only", "B99"},
      {"--only"},        {"--procs", "0"},  {"--peers", "java"},
      {"--color"},       {"more"},          {"--only", "B6", "--peers", "none"}};
  for (const auto& words : mistakes) {
    const auto arguments = parse(words);
    ASSERT_FALSE(arguments) << words[0];
    EXPECT_EQ(arguments.error().code, 2) << words[0];
    EXPECT_NE(arguments.error().text, "") << words[0];
    EXPECT_EQ(arguments.error().text.find('\n'), std::string::npos) << arguments.error().text;
  }
}

TEST(Options, HelpIsNoMistake) {
  const auto arguments = parse({"--help"});
  ASSERT_FALSE(arguments);
  EXPECT_EQ(arguments.error().code, 0);
  EXPECT_NE(arguments.error().text.find("--rounds"), std::string::npos);
}

TEST(Child, GivesTheFigureAndTheChecksum) {
  const auto measured = measure_child({WEIR_SHAPES, "B3", "1", "--quick"});
  ASSERT_TRUE(measured) << measured.error();
  EXPECT_GT(measured->value, 0);
  EXPECT_EQ(measured->check, 100'000LL * 99'999 / 2);
}

TEST(Child, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(measure_child({WEIR_SHAPES, "B99", "1"}).error(), "ended with code 2");
  EXPECT_EQ(measure_child({"/nowhere/shapes"}).error(), "cannot be started");
  EXPECT_EQ(measure_child({"/bin/sh", "-c", "kill -TERM $$"}).error(),
            "was ended by signal 15 (Terminated)");
  EXPECT_EQ(measure_child({"/bin/echo", "B1", "fast"}).error(),
            "printed 'B1 fast\n' instead of a figure");
}

}  // namespace
}  // namespace weir::peers
