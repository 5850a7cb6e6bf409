// Scenarios that extend others: what is inherited, what is replaced, and what goes wrong where.

#include "weir/sim/scenario_base.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/base_scenario.h"
#include "tests/support/folder.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

// A folder in which base.toml is the base of all tests.
class ScenarioBase : public testing::Test {
 protected:
  ScenarioBase() { folder.write("base.toml", std::string(base)); }

  std::expected<Scenario, ScenarioError> read(const std::string& text,
                                              const std::vector<std::string>& overrides = {}) {
    return read_scenario(text, folder.path("a.toml"), overrides);
  }

  Scenario scenario(const std::string& text, const std::vector<std::string>& overrides = {}) {
    const auto result = read(text, overrides);
    EXPECT_TRUE(result) << result.error().text();
    return result.value_or(Scenario{});
  }

  // The line, without the folder.
  std::string error(const std::string& text, const std::vector<std::string>& overrides = {}) {
    const auto result = read(text, overrides);
    if (result) return "no error";
    const std::string line = result.error().text();
    return line.starts_with(folder.path("")) ? line.substr(folder.path("").size()) : line;
  }

  const Folder folder;
};

TEST_F(ScenarioBase, GivesAllThatIsNotSaidOtherwise) {
  EXPECT_EQ(scenario("extends = \"base.toml\"\n"),
            read_scenario(base, folder.path("base.toml")).value());
}

TEST_F(ScenarioBase, IsMergedTableByTableAndKeyByKey) {
  const Scenario merged = scenario("extends = \"base.toml\"\n[horizon]\nwarmup = \"10s\"\n");

  EXPECT_EQ(merged.horizon.warmup_time, std::chrono::seconds{10});
  EXPECT_EQ(merged.horizon.time, std::chrono::seconds{600});
}

TEST_F(ScenarioBase, IsMergedEntryByEntryWhereEntriesHaveNames) {
  const Scenario merged = scenario(
      "extends = \"base.toml\"\n[[workers]]\nname = \"fast\"\nspeed = 2.0\n"
      "[[workers]]\nname = \"slow\"\ncount = 3\n");

  ASSERT_EQ(merged.workers.size(), 2u);
  EXPECT_EQ(merged.workers[0].count, 9u);
  EXPECT_EQ(merged.workers[0].speed, 2);
  EXPECT_EQ(merged.workers[1].name, "slow");
}

TEST_F(ScenarioBase, LosesListsWithoutNamesToTheNewOnes) {
  folder.write("b.toml",
               "extends = \"base.toml\"\n[[expect]]\nmetric = \"web.response.p99\"\n"
               "max = \"1s\"\n[[expect]]\nmetric = \"web.response.p50\"\nmax = \"1s\"\n");
  const Scenario merged =
      scenario("extends = \"b.toml\"\n[[expect]]\nmetric = \"web.response.mean\"\nmax = \"1s\"\n");

  ASSERT_EQ(merged.expects.size(), 1u);
  EXPECT_EQ(merged.expects[0].metric.text(), "web.response.mean");
}

TEST_F(ScenarioBase, IsSoughtInTheFolderOfWhoNamesIt) {
  std::filesystem::create_directory(folder.path("below"));
  folder.write("below/b.toml", "extends = \"../base.toml\"\nseed = 7\n");

  EXPECT_EQ(scenario("extends = \"below/b.toml\"\n").seed, 7u);
}

TEST_F(ScenarioBase, GivesWayToOverrides) {
  const Scenario merged =
      scenario("extends = \"base.toml\"\nseed = 7\n", {"seed=8", "workers.fast.count=2"});

  EXPECT_EQ(merged.seed, 8u);
  EXPECT_EQ(merged.workers[0].count, 2u);
}

TEST_F(ScenarioBase, MayBeShippedWhereThereIsNoSuchFile) {
  const ScenarioText text{.name = folder.path("mine.toml"), .toml = "extends = \"mine\"\n"};
  const auto bases = find_bases(text, [](std::string_view name) {
    return std::optional(ScenarioText{.name = std::string(name) + ".toml", .toml = "seed = 2\n"});
  });

  ASSERT_TRUE(bases) << bases.error().text();
  ASSERT_EQ(bases->size(), 1u);
  EXPECT_EQ(bases->front().name, "mine.toml");
}

TEST_F(ScenarioBase, IsBlamedForItsOwnErrors) {
  folder.write("b.toml", "extends = \"base.toml\"\n[horizon]\nwarmup = 3\n");

  EXPECT_EQ(error("extends = \"b.toml\"\n"),
            "b.toml:3:10: 'warmup' must be \"auto\", \"none\" or a time such as \"60s\", not 3");
}

TEST_F(ScenarioBase, LeavesANameThatStandsTwiceAnError) {
  EXPECT_EQ(error("extends = \"base.toml\"\n[[workers]]\nname = \"fast\"\n"
                  "[[workers]]\nname = \"fast\"\n"),
            "a.toml:5:8: 'name' 'fast' is taken; choose another");
}

TEST_F(ScenarioBase, HasToBeThere) {
  EXPECT_EQ(error("weir = 1\nextends = \"bas.toml\"\n"),
            "a.toml:2:11: 'extends' 'bas.toml': there is no such file, nor is it shipped");
}

TEST_F(ScenarioBase, DoesNotGoRoundInACircle) {
  folder.write("a.toml", "extends = \"b.toml\"\n");
  folder.write("b.toml", "seed = 1\nextends = \"./a.toml\"\n");

  EXPECT_EQ(error(folder.read("a.toml")),
            "b.toml:2:11: 'extends' './a.toml' goes round in a circle");
}

TEST_F(ScenarioBase, GoesDownEightScenariosAndNoMore) {
  folder.write("0.toml", std::string(base));
  for (int i = 1; i <= 8; ++i) {
    folder.write(std::to_string(i) + ".toml", "extends = \"" + std::to_string(i - 1) + ".toml\"\n");
  }
  EXPECT_EQ(error("extends = \"7.toml\"\n"), "no error");
  EXPECT_EQ(error("extends = \"8.toml\"\n"),
            "1.toml:1:11: 'extends' goes down more than 8 scenarios");
}

TEST_F(ScenarioBase, CannotComeFromAnOverride) {
  EXPECT_EQ(error(std::string(base), {"extends=base.toml"}),
            "--set extends=base.toml: 'extends' has to stand in the file: it is read before --set");
}

}  // namespace
}  // namespace weir::sim
