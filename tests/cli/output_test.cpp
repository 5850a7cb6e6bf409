// What a run leaves in files because its scenario says so, and where the command line wins.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/cli/tiny_scenario.h"
#include "tests/support/folder.h"

namespace weir::cli {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

std::string with_output(const std::string& keys) {
  return tiny_scenario() + "[output]\n" + keys;
}

// In `folder`, where its relative paths begin.
Ended run_in(const Folder& folder, Words words) {
  return run_program(words, {.folder = folder.path()});
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

// All files below the folder but the scenario.
std::vector<std::string> files_in(const Folder& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) {
      files.push_back(std::filesystem::relative(entry.path(), folder.path()).string());
    }
  }
  std::erase(files, "tiny.toml");
  std::ranges::sort(files);
  return files;
}

TEST(Output, LeavesTheFilesThatTheScenarioNames) {
  const Folder folder;
  folder.write("tiny.toml",
               with_output("dir = \"out/{name}/{seed}\"\njson = true\ncsv = \"f.csv\"\n"
                           "log = \"full\"\n"));
  const Ended ended = run_in(folder, {"run", "tiny.toml", "--seed", "5"});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors,
            "weir: wrote out/tiny/5/result.json, out/tiny/5/f.csv and out/tiny/5/requests.csv\n");
  EXPECT_EQ(files_in(folder),
            (Words{"out/tiny/5/f.csv", "out/tiny/5/requests.csv", "out/tiny/5/result.json"}));
  const Json json = Json::parse(folder.read("out/tiny/5/result.json"));
  EXPECT_EQ(json["schema"], "weir-run/1");
  EXPECT_EQ(json["seed"], 5);
  EXPECT_TRUE(folder.read("out/tiny/5/f.csv").starts_with("policy,metric,value,low,high\n"));
  const auto requests = json["loads"]["web"]["offered"].get<std::size_t>();
  EXPECT_EQ(lines_of(folder.read("out/tiny/5/requests.csv")), requests + 1);
}

TEST(Output, GivesAComparisonAsRows) {
  const Folder folder;
  folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_in(folder, {"compare", "tiny.toml", "--policies", "random,p2c(d=1)",
                                      "--csv", "-", "--json", "all.json"});
  const Json json = Json::parse(folder.read("all.json"));

  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(ended.output.starts_with("policy,metric,value,low,high\nrandom,web.offered,"));
  for (const Json& policy : json["policies"]) {
    const Json& response = policy["loads"]["web"]["response"];
    const std::string row = "\n" + policy["policy"].get<std::string>() + ",web.response.mean," +
                            response["mean"].dump() + "," + response["ci95"]["mean"][0].dump() +
                            "," + response["ci95"]["mean"][1].dump() + "\n";
    EXPECT_NE(ended.output.find(row), std::string::npos) << row;
  }
}

TEST(Output, IsTheSameAsOnTheCommandLine) {
  const Folder folder;
  folder.write("tiny.toml", with_output("csv = true\nlog = \"sampled(10%)\"\n"));
  run_in(folder, {"run", "tiny.toml"});
  run_in(folder, {"run", "tiny.toml", "--csv", "b.csv", "--log", "b.log.csv", "--log-sample", "10%",
                  "--set", "output.csv=false"});

  EXPECT_EQ(folder.read("figures.csv"), folder.read("b.csv"));
  EXPECT_EQ(folder.read("requests.csv"), folder.read("b.log.csv"));
  EXPECT_GT(lines_of(folder.read("requests.csv")), 100U);
}

TEST(Output, GivesWayToTheCommandLine) {
  const Folder folder;
  folder.write("tiny.toml",
               with_output("dir = \"out\"\njson = true\ncsv = true\nlog = \"full\"\n"));
  const Ended ended = run_in(folder, {"run", "tiny.toml", "--json", "-", "--log", "mine.jsonl"});

  EXPECT_EQ(Json::parse(ended.output)["schema"], "weir-run/1");
  EXPECT_EQ(ended.errors, "weir: wrote out/figures.csv\n");
  EXPECT_EQ(files_in(folder), (Words{"mine.jsonl", "out/figures.csv"}));
}

TEST(Output, SaysNothingWhenQuiet) {
  const Folder folder;
  folder.write("tiny.toml", with_output("json = true\n"));

  EXPECT_EQ(run_in(folder, {"run", "tiny.toml", "--quiet"}).errors, "");
  EXPECT_EQ(files_in(folder), Words{"result.json"});
}

TEST(Output, NamesAFolderForAllPoliciesOfAComparison) {
  const Folder folder;
  folder.write("tiny.toml", with_output("dir = \"{policy}\"\njson = true\nlog = \"full\"\n"));
  const Ended ended = run_in(folder, {"compare", "tiny.toml", "--policies", "random,p2c(d=1)"});

  EXPECT_EQ(ended.errors, "weir: wrote random+p2c(d=1)/result.json\n");
  EXPECT_EQ(files_in(folder), Words{"random+p2c(d=1)/result.json"});
}

TEST(Output, HoldsASweepAndAPlan) {
  const Folder folder;
  folder.write("tiny.toml",
               with_output("dir = \"out\"\njson = true\ncsv = true\nlog = \"full\"\n"));
  const Ended swept = run_in(folder, {"sweep", "tiny.toml", "--axis", "workers.one.count=1,2"});
  EXPECT_EQ(swept.errors, "weir: wrote out/result.json and out/figures.csv\n");
  EXPECT_EQ(Json::parse(folder.read("out/result.json"))["schema"], "weir-sweep/1");
  EXPECT_TRUE(folder.read("out/figures.csv").starts_with("point,"));

  const Ended planned = run_in(folder, {"plan", "tiny.toml", "--slo", "mean<1s"});
  EXPECT_EQ(planned.errors, "weir: wrote out/result.json\n");
  EXPECT_EQ(Json::parse(folder.read("out/result.json"))["schema"], "weir-plan/1");
}

TEST(Output, LeavesASweepToItsOwnFolder) {
  const Folder folder;
  folder.write("tiny.toml", with_output("dir = \"out\"\njson = true\n"));
  const Ended ended =
      run_in(folder, {"sweep", "tiny.toml", "--axis", "workers.one.count=1,2", "--out", "journal"});

  EXPECT_EQ(ended.errors, "");
  EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
}

TEST(Output, IsShownByCheck) {
  const Folder folder;
  folder.write("tiny.toml",
               with_output("dir = \"out/{name}\"\njson = true\nlog = \"sampled(1%)\"\n"));
  const Ended ended = run_in(folder, {"check", "tiny.toml"});

  EXPECT_NE(
      ended.output.find("\noutput    out/tiny: result.json, requests.csv (1% of the requests)\n"),
      std::string::npos)
      << ended.output;
  EXPECT_EQ(files_in(folder), Words{});
  const Ended nothing = run_in(
      folder, {"check", "tiny.toml", "--set", "output.json=false", "--set", "output.log=none"});
  EXPECT_NE(nothing.output.find("\noutput    out/tiny: nothing\n"), std::string::npos);
}

TEST(Output, SaysWhereNothingCanBeWritten) {
  const Folder folder;
  folder.write("tiny.toml", with_output("dir = \"tiny.toml/out\"\njson = true\n"));
  const Ended ended = run_in(folder, {"run", "tiny.toml"});

  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(ended.errors, "weir: cannot make the folder 'tiny.toml/out': Not a directory\n");
}

TEST(Output, RefusesOneFileForTwoResults) {
  const Folder folder;
  folder.write("tiny.toml", with_output("csv = true\n"));
  const Ended ended = run_in(folder, {"run", "tiny.toml", "--json", "figures.csv"});

  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.errors, "weir: 'figures.csv' is where [output] writes, and an option too\n");
}

}  // namespace
}  // namespace weir::cli
