#include "weir/sim/toml_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "weir/sim/named_files.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

std::string again(const std::string& toml) {
  const auto tree = parse_toml(toml, "test.toml");
  return tree ? toml_text(*tree) : tree.error().text();
}

TEST(TomlText, WritesWhatItReads) {
  const std::string text =
      "weir = 1\n"
      "name = 'a \"b\" c'\n"
      "list = [1, 2.5, true, \"x\"]\n"
      "\n[horizon]\n"
      "\"odd key\" = 1.0\n"
      "stop = { rel_ci = \"2%\", of = \"a\" }\n"
      "\n[[load]]\n"
      "arrival = 'trace(\"a.csv\", column=\"t\")'\n"
      "\n[[load]]\n"
      "retry = { max = 2, on = [\"timeout\"] }\n";
  EXPECT_EQ(again(text), text);
}

TEST(TomlText, EscapesWhatCannotStandByItself) {
  EXPECT_EQ(again("a = \"\\\"'\\\\ \\u0007\"\n"), "a = \"\\\"'\\\\ \\u0007\"\n");
}

TEST(TomlText, LosesNothingOfTheShippedScenarios) {
  const std::filesystem::path folder = std::filesystem::path(WEIR_SOURCE_DIR) / "scenarios";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream file(entry.path());
    const std::string toml{std::istreambuf_iterator<char>(file), {}};
    const auto tree = scenario_tree(toml, entry.path().string());
    ASSERT_TRUE(tree) << tree.error().text();
    const auto before = read_scenario(toml, entry.path().string());
    const auto after = read_scenario(toml_text(*tree), entry.path().string());
    ASSERT_TRUE(before && after) << entry.path();
    EXPECT_EQ(*before, *after) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 20u);
}

TEST(NamedFiles, AreThoseOfTracesAndEmpiricalDistributions) {
  const auto tree = parse_toml(
      "[[load]]\narrival = 'phases([1s: trace(\"b.csv\"), poisson(1/s)])'\n"
      "service = 'mix(50%: empirical(file=\"a.csv\", column=\"c.csv\"), 50%: const(1ms))'\n"
      "name = 'the \"best\"'\nsize = 'empirical(\"b.csv\") + 1ns/B'\n",
      "test.toml");
  ASSERT_TRUE(tree);
  EXPECT_EQ(named_files(*tree), (std::vector<std::string>{"a.csv", "b.csv"}));
}

}  // namespace
}  // namespace weir::sim
