// weir bench as its users see it. Nothing here depends on how fast anything is.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/folder.h"

namespace weir::cli {
namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

// As little as there can be.
Words tiny(Words words, const Words& more = {"--json", "-", "--quiet"}) {
  words.insert(words.begin(), "bench");
  words.insert(words.end(), {"--rounds", "1", "--seconds", "0.0001"});
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words keys(const Json& object) {
  Words found;
  for (const auto& [key, value] : object.items()) found.push_back(key);
  return found;
}

std::string complaint(Words words) {
  words.insert(words.begin(), "bench");
  const Ended ended = run_program(words);
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.output, "");
  return ended.errors;
}

TEST(Bench, ListsItsSubjects) {
  const Ended ended = run_program({"bench", "--list"});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors, "");
  EXPECT_EQ(ended.output,
            "runtime  spawn         start and end a task, 100,000 at once\n"
            "         ping_pong     there and back over two channels without buffer\n"
            "         one_to_one    an item through a channel of 128\n"
            "         many_to_many  the same, four producers and four consumers\n"
            "         select        an item out of a select over four channels\n"
            "         balancer      a request in Rob Pike's balancer, without work\n"
            "         pool          an empty job through a pool of two workers\n"
            "virtual  one_server    a simulated request of M/M/1, full statistics\n"
            "         ten_workers   the same, p2c over ten, timeouts and retries\n"
            "workers  cpu           jobs that compute, with each kind of pool\n"
            "         io            jobs that wait, with each kind of pool\n");
}

TEST(Bench, MeasuresEverythingInTheFormOfItsSchema) {
  const Ended ended = run_program(tiny({"--processors", "2,1,2", "--workers", "4,1"}));

  ASSERT_EQ(ended.code, 0) << ended.errors;
  EXPECT_EQ(ended.errors, "");
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(keys(json), (Words{"schema", "version", "machine", "rounds", "seconds", "complete",
                               "rows", "findings"}));
  EXPECT_EQ(json["schema"], "weir-bench/1");
  EXPECT_EQ(keys(json["machine"]),
            (Words{"processors", "model", "compiler", "build", "optimised", "sanitizer", "load"}));
  EXPECT_EQ(json["rounds"], 1);
  EXPECT_EQ(json["seconds"], 0.0001);
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["findings"].size(), 6U);
  // Seven shapes on one and two processors; two scenarios; two kinds of jobs with three pools of
  // one and four workers, and without bounds; and plain threads.
  ASSERT_EQ(json["rows"].size(), 7U * 2 + 2 + 2 * (3 * 2 + 1) + 1);
  const Json& first = json["rows"][0];
  EXPECT_EQ(keys(first), (Words{"group", "subject", "what", "processors", "rounds", "operations",
                                "ns", "per_second", "doubtful"}));
  EXPECT_EQ(first["subject"], "spawn");
  EXPECT_EQ(first["processors"], 1);
  EXPECT_EQ(json["rows"][1]["processors"], 2);
  EXPECT_TRUE(json["rows"][14]["processors"].is_null());
  EXPECT_EQ(keys(json["rows"][16]),
            (Words{"group", "subject", "what", "processors", "pool", "workers", "rounds",
                   "operations", "ns", "per_second", "doubtful"}));
}

TEST(Bench, DoesWholeBatchesOfJobs) {
  const Json json =
      Json::parse(run_program(tiny({"cpu", "--workers", "1,3", "--processors", "2"})).output);

  const std::vector<std::pair<std::string, int>> expected = {
      {"pool", 1},     {"pool", 3},     {"semaphore", 1}, {"semaphore", 3},
      {"balancer", 1}, {"balancer", 3}, {"unbounded", 0}, {"threads", 2}};
  ASSERT_EQ(json["rows"].size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Json& row = json["rows"][i];
    EXPECT_EQ(row["pool"], expected[i].first);
    EXPECT_EQ(row["workers"].is_null() ? 0 : row["workers"].get<int>(), expected[i].second);
    EXPECT_EQ(row["operations"].get<int>() % 128, 0);
    EXPECT_EQ(row["rounds"], 1);
    EXPECT_GT(row["ns"]["median"], 0);
  }
}

TEST(Bench, MeasuresAGroupOrASubject) {
  const Json json =
      Json::parse(run_program(tiny({"virtual", "spawn", "--processors", "1"})).output);

  ASSERT_EQ(json["rows"].size(), 3U);
  EXPECT_EQ(json["rows"][0]["subject"], "spawn");
  EXPECT_EQ(json["rows"][1]["subject"], "one_server");
  EXPECT_EQ(json["rows"][2]["subject"], "ten_workers");
}

TEST(Bench, GivesRowsForASpreadsheet) {
  const Ended ended =
      run_program(tiny({"io", "spawn", "--workers", "2", "--processors", "1"}, {"--csv", "-"}));

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors, "weir: measuring 5 lines, about 1 s\n");
  EXPECT_TRUE(ended.output.starts_with(
      "group,subject,processors,pool,workers,rounds,operations,ns,ns_min,ns_max\n"
      "runtime,spawn,1,,,1,"))
      << ended.output;
  EXPECT_NE(ended.output.find("\nworkers,io,1,pool,2,1,"), std::string::npos);
  EXPECT_NE(ended.output.find("\nworkers,io,1,unbounded,,1,"), std::string::npos);
  EXPECT_EQ(std::ranges::count(ended.output, '\n'), 6);
}

TEST(Bench, ShowsATableAndLeavesFiles) {
  const Folder folder;
  const Ended ended =
      run_program(tiny({"io", "--workers", "1,2"},
                       {"--json", folder.path("b.json"), "--csv", folder.path("b.csv")}));

  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(ended.output.starts_with("weir 0.")) << ended.output;
  EXPECT_NE(ended.output.find("! one round: nobody knows how far to trust it\n"),
            std::string::npos);
  EXPECT_NE(ended.output.find("\nio with pool: "), std::string::npos);
  EXPECT_EQ(Json::parse(folder.read("b.json"))["schema"], "weir-bench/1");
  EXPECT_TRUE(folder.read("b.csv").starts_with("group,"));
}

TEST(Bench, ReportsWhatIsCompleteWhenInterrupted) {
  Program program({"bench", "ping_pong", "virtual", "--seconds", "3600", "--json", "-"});
  ASSERT_TRUE(program.wait_for_error("measuring"));
  program.send(SIGINT);
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 130);
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["rows"].size(), 0U);
}

TEST(Bench, EndsBySigterm) {
  Program program({"bench", "io", "--seconds", "3600"});
  ASSERT_TRUE(program.wait_for_error("measuring"));
  program.send(SIGTERM);
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 143);
  EXPECT_NE(ended.output.find("! interrupted before anything was complete\n"), std::string::npos)
      << ended.output;
}

TEST(Bench, SaysWhatIsWrongWithItsWords) {
  EXPECT_EQ(complaint({"pingpong"}),
            "weir: there is no subject 'pingpong'; did you mean 'ping_pong'?\n");
  EXPECT_EQ(complaint({"spawn", "everything"}),
            "weir: there is no subject 'everything'; 'weir bench --list' names those there are\n");
  EXPECT_EQ(complaint({"--processors", "1,two"}),
            "weir: --processors takes a whole number from 1 to 1024, not 'two'\n");
  EXPECT_EQ(complaint({"--workers", "1,,2"}),
            "weir: --workers takes a whole number from 1 to 10000, not ''\n");
  EXPECT_EQ(complaint({"--rounds", "0"}),
            "weir: --rounds takes a whole number from 1 to 1000, not '0'\n");
  for (const std::string seconds : {"0", "-1", "3601", "1s", "nan", ""}) {
    EXPECT_EQ(complaint({"--seconds", seconds}),
              "weir: --seconds takes a number above 0, at most 3600, not '" + seconds + "'\n");
  }
  EXPECT_EQ(complaint({"--second", "1"}),
            "weir: there is no option '--second' of weir bench; did you mean '--seconds'?\n");
  EXPECT_EQ(complaint({"--json", "/none/such.json"}),
            "weir: cannot write '/none/such.json': No such file or directory\n");
}

}  // namespace
}  // namespace weir::cli
