#include "weir/sim/output_reader.h"

#include <gtest/gtest.h>

#include "tests/support/base_scenario.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

std::optional<Output> output_of(const std::string& table,
                                const std::vector<std::string>& overrides = {}) {
  const auto scenario = read_scenario(std::string(base) + table, "a.toml", overrides);
  if (!scenario) ADD_FAILURE() << scenario.error().text();
  return scenario ? scenario->output : std::nullopt;
}

TEST(OutputReader, NoTableIsNoOutput) {
  EXPECT_EQ(output_of(""), std::nullopt);
}

TEST(OutputReader, ReadsEveryKey) {
  EXPECT_EQ(
      output_of("[output]\ndir = \"out/{name}\"\njson = \"a.json\"\ncsv = true\n"
                "log = \"sampled(1%)\"\n"),
      (Output{.dir = "out/{name}", .json = "a.json", .csv = "figures.csv", .log_share = 0.01}));
}

TEST(OutputReader, NamesTheFilesThatAreOnlyAskedFor) {
  EXPECT_EQ(output_of("[output]\njson = true\n"), (Output{.json = "result.json"}));
  EXPECT_EQ(output_of("[output]\nlog = \"full\"\n"), (Output{.log_share = 1}));
}

TEST(OutputReader, LeavesOutWhatIsRefused) {
  EXPECT_EQ(output_of("[output]\njson = false\ncsv = false\nlog = \"none\"\n"), Output{});
}

TEST(OutputReader, IsSetFromTheCommandLineToo) {
  EXPECT_EQ(output_of("", {"output.json=true", "output.log=sampled(5%)"}),
            (Output{.json = "result.json", .log_share = 0.05}));
}

TEST(OutputReader, FillsInThePlacesOfTheFolder) {
  const Output output{.dir = "out/{name}-{seed}/{policy}/{name}"};
  EXPECT_EQ(folder_of(output, {.name = "a b", .seed = "7", .policy = "p2c(d=3)"}),
            "out/a b-7/p2c(d=3)/a b");
  EXPECT_EQ(folder_of({.dir = "plain"}, {}), "plain");
}

TEST(OutputReader, LetsNoNameLeaveItsPartOfThePath) {
  EXPECT_EQ(folder_of({.dir = "out/{name}"}, {.name = "../../etc"}), "out/..-..-etc");
  EXPECT_EQ(folder_of({.dir = "out/{name}"}, {.name = ".."}), "out/--");
  EXPECT_EQ(folder_of({.dir = "out/{name}"}, {.name = "two\nlines"}), "out/two-lines");
}

TEST(OutputReader, TakesABraceInANameForWhatItIs) {
  EXPECT_EQ(folder_of({.dir = "{name}/{seed}"}, {.name = "{seed}", .seed = "1"}), "{seed}/1");
}

}  // namespace
}  // namespace weir::sim
