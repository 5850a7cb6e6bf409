#include "weir/cli/shipped_scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "weir/cli/prepare.h"

namespace weir::cli {
namespace {

namespace files = std::filesystem;

const files::path folder = files::path(WEIR_SOURCE_DIR) / "scenarios";

TEST(ShippedScenario, IsTheFileByteByByte) {
  ASSERT_FALSE(shipped_scenarios().empty());
  for (const ShippedScenario& scenario : shipped_scenarios()) {
    std::ifstream file(folder / (std::string(scenario.name) + ".toml"), std::ios::binary);

    const std::string text{std::istreambuf_iterator<char>(file), {}};

    EXPECT_EQ(scenario.toml, text) << scenario.name;
  }
}

TEST(ShippedScenario, IsEveryFileOfTheFolder) {
  const auto is_scenario = [](const files::directory_entry& entry) {
    return entry.path().extension() == ".toml";
  };

  const auto count = std::count_if(files::directory_iterator(folder), {}, is_scenario);

  EXPECT_EQ(static_cast<std::size_t>(count), shipped_scenarios().size());
}

TEST(ShippedScenario, IsFoundByItsName) {
  ASSERT_NE(find_shipped("pike"), nullptr);
  EXPECT_EQ(find_shipped("pike")->name, "pike");
  EXPECT_EQ(find_shipped("pike.toml"), nullptr);
}

TEST(ShippedScenario, CanBeRead) {
  for (const ShippedScenario& scenario : shipped_scenarios()) {
    Arguments arguments;
    arguments.scenario = scenario.name;

    const auto read = load_scenario(arguments, balance::Catalog::standard());

    EXPECT_TRUE(read.has_value()) << read.error();
  }
}

TEST(ShippedScenario, OpensWithAQuestion) {
  for (const ShippedScenario& scenario : shipped_scenarios()) {
    EXPECT_TRUE(opening_question(scenario.toml).ends_with('?')) << scenario.name;
  }
}

TEST(OpeningQuestion, EndsAtTheFirstQuestionMark) {
  EXPECT_EQ(opening_question("# Ten workers.\n# Is it enough? No.\n"),
            "Ten workers. Is it enough?");
}

TEST(OpeningQuestion, EndsAtTheFullStopWhereNothingIsAsked) {
  EXPECT_EQ(opening_question("# Of 1.5 workers. And more.\nweir = 1\n"), "Of 1.5 workers.");
  EXPECT_EQ(opening_question("# All.\n"), "All.");
}

TEST(OpeningQuestion, LooksAtTheFirstParagraphOnly) {
  EXPECT_EQ(opening_question("# One\n#\n# two?\n"), "One");
}

TEST(OpeningQuestion, IsEmptyWithoutAComment) {
  EXPECT_EQ(opening_question("weir = 1\n# why?\n"), "");
  EXPECT_EQ(opening_question(""), "");
}

TEST(OpeningQuestion, NeedsNoNewlineAtTheEnd) {
  EXPECT_EQ(opening_question("# Why"), "Why");
}

}  // namespace
}  // namespace weir::cli
