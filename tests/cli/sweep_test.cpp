// weir sweep and weir merge as their users see them, also when the program dies.

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/cli/tiny_scenario.h"
#include "tests/support/folder.h"

namespace weir::cli {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

const std::string swept = tiny_scenario() + R"toml(
[sweep]
baseline = { policy = "random" }
axes.policy = { set = "balancer.policy", values = ["random", "p2c"] }
axes.rate = { set = "load.web.arrival", values = "poisson({10..40 step 10}/s)" }
)toml";

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(Sweep, RunsEveryPointAndComparesItWithItsBaseline) {
  const Folder folder;
  const Ended ended =
      run_program({"sweep", folder.write("swept.toml", swept), "--json", "-", "--quiet"});

  EXPECT_EQ(ended.code, 0) << ended.errors;
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["schema"], "weir-sweep/1");
  EXPECT_EQ(json["complete"], true);
  ASSERT_EQ(json["points"].size(), 8u);
  EXPECT_EQ(json["points"][5]["point"], 5);
  EXPECT_EQ(json["points"][5]["axes"]["policy"], "p2c");
  EXPECT_EQ(json["points"][5]["axes"]["rate"], "poisson(20/s)");
  EXPECT_EQ(json["points"][5]["policy"], "p2c");
  EXPECT_EQ(json["points"][5]["loads"]["web"]["response"]["count"],
            json["points"][5]["loads"]["web"]["completed"]);
  EXPECT_FALSE(json["points"][5].contains("wall_s"));
  EXPECT_EQ(json["differences"].size(), 4u * 4u);
  EXPECT_EQ(json["differences"][4]["baseline"], 1);
}

TEST(Sweep, GivesThePointThatARunGives) {
  const Folder folder;
  const std::string file = folder.write("swept.toml", swept);
  const Json sweep = Json::parse(
      run_program({"sweep", file, "--json", "-", "--axis", "rate=poisson(30/s)"}).output);
  const Json run =
      Json::parse(run_program({"run", file, "--json", "-", "--set", "balancer.policy=p2c", "--set",
                               "load.web.arrival=poisson(30/s)"})
                      .output);

  EXPECT_EQ(sweep["points"][1]["run_hash"], run["run_hash"]);
  EXPECT_EQ(sweep["points"][1]["loads"], run["loads"]);
  EXPECT_EQ(sweep["points"][1]["workers"], run["workers"]);
}

TEST(Sweep, GivesTheSameBytesWhateverTheJobs) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--json", "-"};

  EXPECT_EQ(run_program(with(sweep, {"--jobs", "1"})).output,
            run_program(with(sweep, {"--jobs", "4"})).output);
}

TEST(Sweep, ShowsTheFiguresAskedForInATable) {
  const Folder folder;
  const Ended ended = run_program({"sweep", folder.write("swept.toml", swept), "--metric",
                                   "web.wait.mean,worker.one.utilisation"});

  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_NE(ended.output.find("web.wait.mean"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("worker.one.utilisation"), std::string::npos);
  EXPECT_NE(ended.output.find("baseline"), std::string::npos);
}

TEST(Sweep, WritesARowForEachPoint) {
  const Folder folder;
  const Ended ended = run_program(
      {"sweep", folder.write("swept.toml", swept), "--metric", "web.response.mean", "--csv", "-"});

  EXPECT_EQ(count_lines(ended.output), 9u);
  EXPECT_TRUE(ended.output.starts_with(
      "point,policy,rate,replications,valid,passes,web.response.mean,web.response.mean low,"
      "web.response.mean high\n0,random,poisson(10/s),4,true,true,0.0"))
      << ended.output;
}

TEST(Sweep, ListsThePointsWithoutRunningThem) {
  const Folder folder;
  const Ended ended = run_program({"sweep", folder.write("swept.toml", swept), "-x", "--axis",
                                   "rate=poisson({7,8}/s)", "--out", folder.path("out")});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.output,
            "tiny: 4 points\n"
            "    0  policy=random, rate=poisson(7/s)  (4 replications)\n"
            "    1  policy=random, rate=poisson(8/s)  (4 replications)\n"
            "    2  policy=p2c, rate=poisson(7/s)  (4 replications)\n"
            "    3  policy=p2c, rate=poisson(8/s)  (4 replications)\n");
  EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
}

TEST(Sweep, FailsWhereAPointMissesAnExpectation) {
  const Folder folder;
  const std::string file = folder.write("swept.toml", swept);
  const Ended ended = run_program({"sweep", file, "--axis", "rate=poisson({10,95}/s)"});

  EXPECT_EQ(ended.code, 0) << ended.output;
  EXPECT_EQ(run_program({"sweep", file, "--set", "expect.0.max=11ms"}).code, 1);
}

TEST(Sweep, JudgesAHypothesisWhereItSpeaks) {
  const Folder folder;
  const std::string claim = swept + R"toml(
[[expect]]
compare = "slow > quick"
metric = "web.response.mean"
where = "rate >= 30"
)toml";
  std::string text = claim;
  text.replace(text.find("balancer.policy\", values = [\"random\", \"p2c\"]"), 44,
               "load.web.service\", values = [\"exp(9ms)\", \"exp(10ms)\"]");
  text.replace(text.find("slow > quick"), 12, "exp(9ms) < exp(10ms)");
  text.replace(text.find("\"random\" }"), 10, "\"exp(9ms)\" }");
  const Ended ended = run_program({"sweep", folder.write("a.toml", text), "--json", "-"});
  EXPECT_EQ(ended.code, 0) << ended.errors;
  const Json json = Json::parse(ended.output);
  ASSERT_EQ(json["comparisons"].size(), 1u);
  EXPECT_EQ(json["comparisons"][0]["pass"], true);
  EXPECT_EQ(json["comparisons"][0]["cases"].size(), 2u);
  EXPECT_EQ(json["comparisons"][0]["cases"][1]["place"], "rate=poisson(40/s)");

  text.replace(text.find("exp(9ms) < exp(10ms)"), 20, "exp(10ms) < exp(9ms)");
  const Ended wrong = run_program({"sweep", folder.write("b.toml", text)});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.output.find("✗ web.response.mean: exp(10ms) < exp(9ms) where rate >= 30"),
            std::string::npos)
      << wrong.output;
}

// Slow enough to be killed on the way: each of the points takes some tens of milliseconds.
Arguments long_sweep(const Folder& folder) {
  return {"sweep",
          folder.write("swept.toml", swept),
          "--set",
          "horizon.time=400s",
          "--axis",
          "rate=poisson({30..69 step 3}/s)",
          "--quiet",
          "--json",
          folder.path("result.json")};
}

std::size_t lines_of_journal(const Folder& folder) {
  return count_lines(folder.read("out/journal.jsonl"));
}

// Kills the child as soon as its journal holds so many lines, or lets it end.
void kill_at(const Folder& folder, const Arguments& words, std::size_t lines) {
  Program program(words);
  while (lines_of_journal(folder) < lines) {
    if (program.has_ended()) break;
  }
  program.send(SIGKILL);
  program.end();
}

TEST(Sweep, GoesOnAfterBeingKilledToTheSameBytes) {
  const Folder folder;
  ASSERT_EQ(run_program(long_sweep(folder)).code, 0);
  const std::string whole = folder.read("result.json");
  const Arguments journaled = with(long_sweep(folder), {"--out", folder.path("out")});

  kill_at(folder, journaled, 2);
  for (const std::size_t lines : {5u, 6u, 14u, 20u}) {
    const std::size_t before = lines_of_journal(folder);
    kill_at(folder, with(journaled, {"--resume"}), lines);
    EXPECT_GE(lines_of_journal(folder) + 1, before) << "a point was lost";
  }
  const std::size_t kept = lines_of_journal(folder);
  EXPECT_GE(kept, 20u);
  const Ended ended = run_program(with(journaled, {"--resume"}));

  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_EQ(folder.read("result.json"), whole);
  EXPECT_EQ(folder.read("out/sweep.json"), whole);
  EXPECT_EQ(lines_of_journal(folder), 29u);
}

TEST(Sweep, RunsNothingTwice) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--out", folder.path("out")};
  ASSERT_EQ(run_program(sweep).code, 0);
  const std::string journal = folder.read("out/journal.jsonl");

  EXPECT_EQ(run_program(with(sweep, {"--resume"})).code, 0);
  EXPECT_EQ(folder.read("out/journal.jsonl"), journal);
}

TEST(Sweep, TakesALineThatWasTornOff) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--out", folder.path("out")};
  ASSERT_EQ(run_program(sweep).code, 0);
  const std::string journal = folder.read("out/journal.jsonl");
  const std::string result = folder.read("out/sweep.json");

  for (const std::size_t kept : {journal.size() - 1, journal.size() - 100, journal.size() / 2,
                                 std::size_t{40}, std::size_t{7}, std::size_t{0}}) {
    folder.write("out/journal.jsonl", journal.substr(0, kept));
    const Ended ended = run_program(with(sweep, {"--resume"}));
    EXPECT_EQ(ended.code, 0) << kept << ": " << ended.errors;
    EXPECT_EQ(folder.read("out/sweep.json"), result) << kept;
    EXPECT_EQ(count_lines(folder.read("out/journal.jsonl")), 9u) << kept;
  }
}

TEST(Sweep, LeavesTheJournalWholeOnControlC) {
  const Folder folder;
  const Arguments words = with(long_sweep(folder), {"--out", folder.path("out"), "--jobs", "1"});
  Program program(words);
  while (lines_of_journal(folder) < 3) ASSERT_FALSE(program.has_ended());
  program.send(SIGINT);
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 130);
  EXPECT_NE(ended.errors.find("of 28 points; they are in '" + folder.path("out/journal.jsonl") +
                              "': repeat the command with --resume to go on\n"),
            std::string::npos)
      << ended.errors;
  EXPECT_TRUE(folder.read("out/journal.jsonl").ends_with("\n"));
  EXPECT_EQ(Json::parse(folder.read("result.json"))["complete"], false);
}

TEST(Sweep, RefusesAJournalThatIsNotItsOwn) {
  const Folder folder;
  const std::string file = folder.write("swept.toml", swept);
  const std::string out = folder.path("out");
  const std::string journal = "'" + folder.path("out/journal.jsonl") + "'";
  ASSERT_EQ(run_program({"sweep", file, "--out", out}).code, 0);
  const auto errors = [&](const Arguments& more) {
    const Ended ended = run_program(with({"sweep", file, "--out", out}, more));
    EXPECT_EQ(ended.code, 2);
    EXPECT_EQ(ended.output, "");
    return ended.errors;
  };

  EXPECT_EQ(errors({}), "weir: " + journal +
                            " is there already: go on with it by --resume, or take another "
                            "folder\n");
  const std::string other = "weir: " + journal +
                            " is of another sweep: its scenario, files, keys, axes, seed or "
                            "metrics were others\n";
  EXPECT_EQ(errors({"--resume", "--seed", "9"}), other);
  EXPECT_EQ(errors({"--resume", "--set", "horizon.time=90s"}), other);
  EXPECT_EQ(errors({"--resume", "--replications", "5"}), other);
  EXPECT_EQ(errors({"--resume", "--axis", "rate=poisson(10/s)"}), other);
  EXPECT_EQ(errors({"--resume", "--metric", "web.success"}), other);
  EXPECT_EQ(errors({"--resume", "--shard", "1/2"}), "weir: " + journal + " is of another shard\n");
  folder.write("out/journal.jsonl", "hello\nworld\n");
  EXPECT_EQ(errors({"--resume"}),
            "weir: " + journal + ": is no sweep and no journal of one; take another folder\n");
}

TEST(Sweep, RefusesAJournalOfOtherNumbersInAFile) {
  const Folder folder;
  const std::string file = folder.write("swept.toml", swept);
  const auto sweep = [&](const std::string& out, const Arguments& more) {
    const Ended ended =
        run_program(with({"sweep", file, "--out", folder.path(out), "--resume"}, more));
    return std::pair(ended.code, ended.errors.contains(" is of another sweep: "));
  };
  const Arguments inherited = {"--set", "load.web.service=empirical(\"s.csv\")"};
  const Arguments swept_over = {"--axis", "rate=trace(\"s.csv\")"};
  const std::pair fine(0, false), other(2, true);

  folder.write("s.csv", "0.01\n0.02\n");
  EXPECT_EQ(sweep("set", inherited), fine);
  EXPECT_EQ(sweep("axis", swept_over), fine);
  EXPECT_EQ(sweep("set", inherited), fine);
  EXPECT_EQ(sweep("axis", swept_over), fine);
  folder.write("s.csv", "0.01\n0.03\n");
  EXPECT_EQ(sweep("set", inherited), other);
  EXPECT_EQ(sweep("axis", swept_over), other);
}

TEST(Sweep, SaysWhichLineOfAJournalIsDamaged) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--out", folder.path("out")};
  ASSERT_EQ(run_program(sweep).code, 0);
  std::string journal = folder.read("out/journal.jsonl");
  journal.insert(journal.find('\n') + 1, "{\n");
  folder.write("out/journal.jsonl", journal);

  const Ended ended = run_program(with(sweep, {"--resume"}));
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.errors, "weir: '" + folder.path("out/journal.jsonl") +
                              "': line 2 is damaged; take another folder\n");
}

TEST(Merge, GivesTheBytesOfOneSweep) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--quiet"};
  const std::string whole = run_program(with(sweep, {"--json", "-"})).output;
  const std::string table = run_program(sweep).output;
  Arguments folders;
  Arguments results;
  for (const char* part : {"1", "2", "3"}) {
    folders.push_back(folder.path(std::string("part") + part));
    results.push_back(folders.back() + ".json");
    ASSERT_EQ(run_program(with(sweep, {"--shard", std::string(part) + "/3", "--out", folders.back(),
                                       "--json", results.back()}))
                  .code,
              0);
  }

  EXPECT_EQ(run_program(with({"merge", "--json", "-"}, folders)).output, whole);
  EXPECT_EQ(run_program(with({"merge"}, folders)).output, table);
  EXPECT_EQ(run_program(with({"merge", "--json", "-"}, results)).output, whole);
  EXPECT_EQ(
      run_program({"merge", "--json", "-", results[2], folders[0] + "/journal.jsonl", folders[1]})
          .output,
      whole);
}

TEST(Merge, SaysWhatIsMissing) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--quiet"};
  ASSERT_EQ(run_program(with(sweep, {"--shard", "2/3", "--out", folder.path("part")})).code, 0);

  const Ended ended = run_program({"merge", folder.path("part"), "--json", "-"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors, "weir: 3 of 8 points are here; the others are missing\n");
  EXPECT_EQ(Json::parse(ended.output)["complete"], false);
}

TEST(Merge, RefusesWhatDoesNotBelongTogether) {
  const Folder folder;
  const Arguments sweep = {"sweep", folder.write("swept.toml", swept), "--quiet"};
  const std::string a = folder.path("a");
  const std::string b = folder.path("b");
  ASSERT_EQ(run_program(with(sweep, {"--shard", "1/2", "--out", a})).code, 0);
  ASSERT_EQ(run_program(with(sweep, {"--shard", "2/2", "--out", b, "--seed", "7"})).code, 0);
  const auto errors = [](const Arguments& files) {
    const Ended ended = run_program(with({"merge"}, files));
    EXPECT_EQ(ended.code, 2);
    return ended.errors;
  };

  EXPECT_EQ(errors({a, b}), "weir: '" + b + "' is of another sweep than the files before it\n");
  EXPECT_EQ(errors({a, a}), "weir: '" + a + "' holds point 0, which another file holds too\n");
  EXPECT_EQ(errors({folder.path("none")}),
            "weir: there is no file '" + folder.path("none") + "'\n");
  EXPECT_EQ(errors({folder.path()}), "weir: there is no journal in '" + folder.path() + "'\n");
  EXPECT_EQ(errors({folder.path("swept.toml")}),
            "weir: '" + folder.path("swept.toml") + "' is no sweep and no journal of one\n");
}

}  // namespace
}  // namespace weir::cli
