// The program as its users see it: exit codes, what goes where, and signals.

#include "tests/cli/program.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/cli/tiny_scenario.h"
#include "tests/support/folder.h"

namespace weir::cli {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

// More than anybody waits for. One at a time: of several, a later one may be the first to end.
const Arguments endless = {"run", "pike", "--replications", "100000", "--jobs", "1", "--json", "-"};

TEST(Program, PassesWhenExpectationsHold) {
  const Folder folder;
  const Ended ended = run_program({"run", folder.write("tiny.toml", tiny_scenario())});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors, "");
  EXPECT_NE(ended.output.find("tiny"), std::string::npos);
}

TEST(Program, ReportsAMissedExpectation) {
  const Folder folder;
  const Ended ended = run_program({"run", folder.write("tiny.toml", tiny_scenario("1us"))});

  EXPECT_EQ(ended.code, 1);
  EXPECT_EQ(ended.errors, "");
}

TEST(Program, LeavesStandardOutputToTheJson) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_program({"run", file, "--json", "-", "--seed", "18446744073709551615"});

  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["schema"], "weir-run/1");
  EXPECT_EQ(json["scenario"], "tiny");
  EXPECT_EQ(json["seed"], 18446744073709551615U);
  EXPECT_EQ(json["replications"], 4);
}

TEST(Program, WritesJsonBesideTheTable) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_program({"run", file, "--json", folder.path("result.json")});

  EXPECT_EQ(ended.code, 0);
  EXPECT_NE(ended.output, "");
  EXPECT_EQ(Json::parse(folder.read("result.json"))["schema"], "weir-run/1");
}

TEST(Program, GivesTheSameFiguresWhateverTheJobs) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const auto result = [&](const char* jobs) {
    Json json = Json::parse(run_program({"run", file, "--json", "-", "--jobs", jobs}).output);
    json.erase("wall_s");
    return json;
  };

  EXPECT_EQ(result("1"), result("3"));
}

TEST(Program, RunsUnderThePolicyOfTheCommandLine) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_program({"run", file, "--json", "-", "--policy", "p2c(d=1)"});

  EXPECT_EQ(Json::parse(ended.output)["policy"], "p2c(d=1)");
}

TEST(Program, ComparesPoliciesInTheirOrder) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended =
      run_program({"compare", file, "--policies", "random,p2c(d=1), round_robin", "--json", "-"});

  const Json json = Json::parse(ended.output);
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(json["schema"], "weir-compare/1");
  EXPECT_EQ(json["baseline"], "random");
  EXPECT_EQ(json["policies"][1]["policy"], "p2c(d=1)");
  EXPECT_EQ(json["policies"][2]["policy"], "round_robin");
}

TEST(Program, RunsShippedScenariosInAnyFolder) {
  const Folder folder;
  const Ended ended = run_program({"run", "pike", "--replications", "2", "--set",
                                   "horizon.time=2000s", "--json", "-", "--quiet"},
                                  {.folder = folder.path()});

  EXPECT_EQ(Json::parse(ended.output)["scenario"], "Pike's balancer");
}

TEST(Program, ListsScenariosAndPolicies) {
  const Ended ended = run_program({"list"});

  EXPECT_EQ(ended.code, 0);
  for (const char* part : {"pike", "strategies", "Which strategy", "p2c", "central_queue"}) {
    EXPECT_NE(ended.output.find(part), std::string::npos) << part;
  }
}

TEST(Program, ChecksAScenarioAndSaysWhatWillBeRun) {
  const Ended ended = run_program({"check", "pike", "--set", "horizon.replications=100000"});

  EXPECT_EQ(ended.code, 0);
  const std::string time = "time      about ";
  const std::size_t begin = ended.output.find(time);
  ASSERT_NE(begin, std::string::npos) << ended.output;
  EXPECT_EQ(ended.output.substr(0, begin),
            "pike is in order: 'Pike's balancer', 1 load, 10 workers, policy least_loaded, "
            "100000 replications, 3 expectations\n"
            "horizon   steady, 100000s, warm-up 1000s\n"
            "load      requesters: 100 clients, think uniform(0s, 20s), service uniform(0s, 10s)\n"
            "balancer  least_loaded, fifo queue unlimited\n"
            "workers   pool: 10, concurrency 1\n"
            "expect    requesters.throughput_per_s, at least 1.995/s, at most 2.005/s\n"
            "expect    requesters.response.mean, at least 39.7s, at most 40.3s\n"
            "expect    worker.pool.mean_in_flight, at least 7.95, at most 8.05\n"
            "runs      100000 replications, about 2e+10 requests in all\n");
  EXPECT_EQ(ended.output.substr(ended.output.find('\n', begin) + 1),
            "theory: requesters.throughput_per_s ≤ 2/s, asymptotes (Denning and Buzen): any "
            "service, any policy\n"
            "theory: requesters.response.mean ≥ 40s, asymptotes (Denning and Buzen): any service, "
            "any policy\n");
}

TEST(Program, ChecksHowMuchASweepIs) {
  const Folder folder;
  const Ended ended = run_program(
      {"check",
       folder.write("swept.toml", tiny_scenario() + "[sweep]\naxes.policy = { set = "
                                                    "\"balancer.policy\", values = [\"p2c\", "
                                                    "\"random\"] }\n")});

  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_NE(ended.output.find(" at each of 2 points of the sweep, about "), std::string::npos)
      << ended.output;
}

TEST(Program, RunsAScenarioThatExtendsAShippedOne) {
  const Folder folder;
  const Ended ended =
      run_program({"check", folder.write("mine.toml", "extends = \"pike\"\nname = \"mine\"\n")});

  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_NE(ended.output.find("is in order: 'mine', 1 load, 10 workers, policy least_loaded"),
            std::string::npos)
      << ended.output;
}

TEST(Program, ChecksInALineIfItIsToBeQuiet) {
  const Ended ended = run_program({"check", "pike", "--quiet"});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.output,
            "pike is in order: 'Pike's balancer', 1 load, 10 workers, policy least_loaded, "
            "10 replications, 3 expectations\n");
}

TEST(Program, AnswersWithHelpAndVersion) {
  EXPECT_EQ(run_program({"--help"}).code, 0);
  EXPECT_EQ(run_program({"--version"}).code, 0);
  EXPECT_EQ(run_program({"run", "--help"}).errors, "");
}

TEST(Program, ShowsProgressOnATerminalAndWipesIt) {
  if (!has_terminals()) GTEST_SKIP() << "no terminal can be had here: devpts is not mounted";
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_program({"run", file}, {.errors = Errors::terminal});

  EXPECT_TRUE(ended.errors.ends_with("\r\033[K")) << ended.errors;
}

TEST(Program, IsSilentOnATerminalWhenQuiet) {
  if (!has_terminals()) GTEST_SKIP() << "no terminal can be had here: devpts is not mounted";
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());

  EXPECT_EQ(run_program({"run", file, "--quiet"}, {.errors = Errors::terminal}).errors, "");
}

TEST(Program, WritesNoEscapesIntoAPipe) {
  const Folder folder;
  const Ended ended = run_program({"run", folder.write("tiny.toml", tiny_scenario("1us"))});

  EXPECT_EQ(ended.output.find('\033'), std::string::npos);
}

TEST(Program, ColoursATerminal) {
  if (!has_terminals()) GTEST_SKIP() << "no terminal can be had here: devpts is not mounted";
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const auto has_escapes = [&](const std::string& variable) {
    const Ended ended =
        run_program({"run", file}, {.output = Output::terminal, .environment = {variable}});
    return ended.output.find('\033') != std::string::npos;
  };

  EXPECT_TRUE(has_escapes("TERM=xterm"));
  EXPECT_TRUE(has_escapes("NO_COLOR="));
  EXPECT_FALSE(has_escapes("NO_COLOR=1"));
  EXPECT_FALSE(has_escapes("TERM=dumb"));
}

// Until it is seen: nothing here waits for a time.
std::string monitored(std::vector<std::string> arguments, const std::string& expression) {
  arguments.push_back("--monitor");
  Program program(arguments);
  EXPECT_TRUE(program.wait_for_error(expression));
  program.send(SIGINT);
  const Ended ended = program.end();
  EXPECT_EQ(ended.code, 128 + SIGINT);
  EXPECT_EQ(ended.output.find("replications;"), std::string::npos);
  return ended.errors;
}

TEST(Program, MonitorsARunInVirtualTime) {
  const std::string errors =
      monitored({"run", "pike", "--set", "horizon.time=80000h", "--replications", "1"},
                "weir: [0-9]+ %, 0 of 1 replications\n");
  EXPECT_EQ(errors.find("tasks"), std::string::npos);
}

TEST(Program, MonitorsTheRuntimeInRealTime) {
  const Folder folder;
  monitored({"run", folder.write("tiny.toml", tiny_scenario()), "--real"},
            "replications; requests [0-9]+ done, [0-9]+/s, [0-9]+ pending; tasks [0-9]+, ready "
            "[0-9]+, parked [0-9]+; threads [0-9]+, busy [0-9]");
}

TEST(Program, WritesALineForEveryRequest) {
  const Folder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_program(
      {"run", scenario, "--json", "-", "--replications", "3", "--log", folder.path("log.jsonl")});

  EXPECT_EQ(ended.code, 0) << ended.errors;
  std::istringstream log(folder.read("log.jsonl"));
  std::uint64_t completed = 0;
  for (std::string line; std::getline(log, line);) {
    const Json request = Json::parse(line);
    if (request["counted"] == true && request["outcome"] == "completed") ++completed;
  }
  const Json result = Json::parse(ended.output);
  std::uint64_t expected = 0;
  const Json loads = result["loads"];
  for (const Json& load : loads) expected += load["completed"].get<std::uint64_t>();
  EXPECT_EQ(completed, expected);
  EXPECT_GT(completed, 0u);
}

// The names of the slices of a trace, or what is in its place.
std::set<std::string> names_of_slices(const Folder& folder, const std::string& file) {
  std::set<std::string> names;
  const Json trace = Json::parse(folder.read(file));  // g++ 12 would end its life too early below.
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] == "X") names.insert(event["name"]);
  }
  return names;
}

TEST(Program, TracesTheFirstReplicationInVirtualTime) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const auto hash = [&](const std::vector<std::string>& trace) {
    Arguments words = {"run", file, "--json", "-"};
    words.insert(words.end(), trace.begin(), trace.end());
    const Ended ended = run_program(words);
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.errors, "");
    return Json::parse(ended.output)["run_hash"].get<std::string>();
  };

  EXPECT_EQ(hash({"--trace", folder.path("trace.json")}), hash({}));
  const std::set<std::string> names = names_of_slices(folder, "trace.json");
  for (const char* name : {"load web", "web 0", "web 1500", "one[0]"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(Program, TracesARunInRealTime) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  run_program({"run", file, "--real", "--set", "horizon.time=300ms", "--replications", "1",
               "--trace", folder.path("trace.json")});

  const std::set<std::string> names = names_of_slices(folder, "trace.json");
  EXPECT_TRUE(names.contains("load web"));
  EXPECT_TRUE(names.contains("one[0]"));
}

TEST(Program, SaysSoWhenATraceCannotBeWrittenAfterAll) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "there is no device that is full";
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended = run_program({"run", file, "--trace", "/dev/full"});

  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors, "weir: no trace is written to /dev/full: No space left on device\n");
}

class Interrupted : public testing::TestWithParam<int> {
  void SetUp() override {
    if (!has_terminals()) GTEST_SKIP() << "no terminal can be had here: devpts is not mounted";
  }
};

TEST_P(Interrupted, ReportsWhatIsComplete) {
  Program program(endless, {.errors = Errors::terminal});
  ASSERT_TRUE(program.wait_for_error("[1-9][0-9]* of 100000 replications"));
  program.send(GetParam());
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 128 + GetParam());
  const Json json = Json::parse(ended.output);
  EXPECT_GE(json["replications"], 1);
  EXPECT_LT(json["replications"], 100000);
  EXPECT_NE(ended.errors.find("stopping"), std::string::npos);
}

TEST_P(Interrupted, EndsEvenIfNothingIsComplete) {
  Program program({"run", "pike", "--set", "horizon.time=80000h", "--replications", "1", "--json",
                   "-", "--jobs", "1"},
                  {.errors = Errors::terminal});
  ASSERT_TRUE(program.wait_for_error("0 of 1 replications"));
  program.send(GetParam());
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 128 + GetParam());
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["replications"], 0);
  EXPECT_TRUE(json["loads"]["requesters"]["response"]["p99"].is_null());
}

// A step of such a horizon takes four hours, a request one: neither is waited for.
TEST_P(Interrupted, IsHeardAtOnceInRealTime) {
  const Folder folder;
  Program program({"run", folder.write("tiny.toml", tiny_scenario()), "--real", "--monitor",
                   "--set", "horizon.time=1000h", "--set", "load.web.service=const(1h)", "--json",
                   "-"});
  ASSERT_TRUE(program.wait_for_error("0 of 1 replications; requests 0 done, 0/s, [1-9]"));
  program.send(GetParam());
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 128 + GetParam());
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["replications"], 1);  // as far as it has come
  EXPECT_EQ(json["loads"]["web"]["in_flight"], json["loads"]["web"]["offered"]);
  EXPECT_NE(ended.errors.find("stopping"), std::string::npos);
}

// A second of it is enough for intervals: batches are cut however far the run comes.
TEST_P(Interrupted, ReportsTheBatchesOfARunInRealTime) {
  const Folder folder;
  Program program({"run", folder.write("tiny.toml", tiny_scenario()), "--real", "--monitor",
                   "--set", "horizon.kind=steady", "--set", "horizon.warmup=none", "--set",
                   "load.web.arrival=poisson(200/s)", "--set", "load.web.service=exp(1ms)",
                   "--json", "-"});
  ASSERT_TRUE(program.wait_for_error("0 of 1 replications; requests [1-9]"));
  program.send(GetParam());
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 128 + GetParam());
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["mode"], "real");
  EXPECT_EQ(json["replications"], 1);
  EXPECT_GE(json["real"]["batches"]["count"], 10);
  EXPECT_LT(json["virtual_s"], 100);
  EXPECT_TRUE(json["loads"]["web"]["goodput_per_s"].is_number());
}

INSTANTIATE_TEST_SUITE_P(Program, Interrupted, testing::Values(SIGINT, SIGTERM));

// A thousand million requests a second are sent by no machine, and nobody waits until they are.
TEST(Program, SaysSoWhenTheGeneratorFallsBehind) {
  const Folder folder;
  const Ended ended = run_program(
      {"run", folder.write("tiny.toml", tiny_scenario()), "--real", "--set", "horizon.time=300ms",
       "--set", "load.web.arrival=const(1000000000/s)", "--set", "balancer.queue.limit=1"});

  EXPECT_EQ(ended.code, 3) << ended.errors;
  EXPECT_NE(ended.output.find("generator behind: "), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("lower the rate or give it more processors"), std::string::npos);
}

// What is asked of a machine that may be busy with other things: that it agrees with the model, or
// that it says that it was in no state to. A run that is valid and disagrees fails at once.
TEST(Program, AgreesInRealAndVirtualTimeOrSaysThatItCannot) {
  int code = 3;
  for (int attempt = 0; code == 3 && attempt < 3; ++attempt) {
    const Ended ended = run_program(
        {"compare", "light", "--modes", "virtual,real", "--json", "-", "--set", "horizon.time=4s"});
    code = ended.code;
    const Json json = Json::parse(ended.output);
    ASSERT_EQ(json["policies"].size(), 2U);
    const Json virtual_run = json["policies"][0];
    const Json real_run = json["policies"][1];
    EXPECT_EQ(virtual_run["mode"], "virtual");
    EXPECT_EQ(real_run["mode"], "real");
    EXPECT_FALSE(virtual_run.contains("real"));
    EXPECT_TRUE(real_run["real"]["timer_lag"]["max"].is_number());
    if (code == 3) continue;
    EXPECT_EQ(code, 0) << ended.errors;
    const double model = virtual_run["loads"]["web"]["response"]["p50"];
    const double machine = real_run["loads"]["web"]["response"]["p50"];
    EXPECT_NEAR(machine / model, 1, 0.1);
    EXPECT_EQ(virtual_run["loads"]["web"]["offered"], real_run["loads"]["web"]["offered"]);
  }
}

TEST(Program, RunsForRealIfTheScenarioSaysSo) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", "mode = \"real\"\n" + tiny_scenario());
  const auto run = [&](const std::vector<std::string>& options) {
    Arguments words = {"run", file, "--json", "-", "--set", "horizon.time=200ms"};
    words.insert(words.end(), options.begin(), options.end());
    return run_program(words);
  };

  const Json real = Json::parse(run({}).output);
  EXPECT_EQ(real["mode"], "real");
  EXPECT_EQ(real["replications"], 4);  // as written there
  EXPECT_TRUE(real.contains("real"));
  const Json quick = Json::parse(run({"--virtual"}).output);
  EXPECT_EQ(quick["mode"], "virtual");
  EXPECT_FALSE(quick.contains("real"));
  const Ended refused = run({"--jobs", "2"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.errors,
            "weir: --jobs means nothing in real time, which 'tiny' asks for: one replication at a "
            "time\n");
}

TEST(Program, RepeatsARealRunOnlyIfAskedTo) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const auto replications = [&](const std::vector<std::string>& options) {
    Arguments words = {"run", file, "--real", "--json", "-", "--set", "horizon.time=100ms"};
    words.insert(words.end(), options.begin(), options.end());
    return Json::parse(run_program(words).output)["replications"].get<int>();
  };

  EXPECT_EQ(replications({}), 1);
  EXPECT_EQ(replications({"--replications", "3"}), 3);
  EXPECT_EQ(replications({"--set", "horizon.replications=2"}), 2);
}

TEST(Program, ToleratesAReaderThatHasGone) {
  const Ended ended = run_program({"list"}, {.output = Output::nobody_reads});

  EXPECT_EQ(ended.code, 0) << "signal " << ended.signal;
  EXPECT_EQ(ended.errors, "");
}

TEST(Program, ToleratesAClosedStandardOutput) {
  const Folder folder;
  const std::string file = folder.write("tiny.toml", tiny_scenario());
  const Ended ended =
      run_program({"run", file, "--json", folder.path("result.json")}, {.output = Output::closed});

  EXPECT_EQ(ended.code, 0) << "signal " << ended.signal;
  EXPECT_EQ(Json::parse(folder.read("result.json"))["schema"], "weir-run/1");
}

}  // namespace
}  // namespace weir::cli
