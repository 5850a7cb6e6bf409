// weir plan as its users see it, with M/M/c to tell whether the answer is right.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/folder.h"
#include "weir/sim/theory_markov.h"

namespace weir::cli {
namespace {

using Json = nlohmann::json;

// Offered load of four workers: 400 requests a second of 10 ms, one line.
constexpr double erlangs = 4;

const std::string central = R"toml(weir = 1
name = "central"
seed = 5
[horizon]
time = "40s"
warmup = "5s"
replications = 4
[[load]]
name = "web"
arrival = "poisson(400/s)"
service = "exp(10ms)"
[balancer]
policy = "central_queue"
[[workers]]
name = "worker"
count = 6
)toml";

class PlanCommand : public testing::Test {
 protected:
  Ended plan(std::vector<std::string> more) const {
    more.insert(more.begin(), {"plan", file_, "--quiet"});
    return run_program(more);
  }

  Json plan_json(std::vector<std::string> more, int code = 0) const {
    more.insert(more.end(), {"--json", "-"});
    const Ended ended = plan(more);
    EXPECT_EQ(ended.code, code) << ended.errors;
    EXPECT_EQ(ended.errors, "");
    return Json::parse(ended.output);
  }

  // The one line, without "weir: " before it and the newline behind.
  std::string complaint(const std::vector<std::string>& more) const {
    const Ended ended = plan(more);
    EXPECT_EQ(ended.code, 2);
    EXPECT_EQ(ended.output, "");
    EXPECT_EQ(std::ranges::count(ended.errors, '\n'), 1) << ended.errors;
    return ended.errors.substr(6, ended.errors.size() - 7);
  }

  Folder folder_;
  std::string file_ = folder_.write("central.toml", central);
};

// The fewest for which theory meets a bound on a figure in units of the service time.
template <class Figure>
int fewest(double bound, const Figure& figure) {
  int servers = static_cast<int>(erlangs) + 1;
  while (figure(sim::theory::Erlang(servers, erlangs / servers)) > bound) ++servers;
  return servers;
}

double mean_wait(const sim::theory::Erlang& system) {
  return system.wait();
}
double p99(const sim::theory::Erlang& system) {
  return system.response_quantile(0.99);
}

// Bounds that lie half-way, by ratio, between the exact figures of two neighbours.
TEST_F(PlanCommand, FindsTheFewestWorkersThatTheoryAsksFor) {
  const auto answer = [&](const std::string& slo) {
    return plan_json({"--slo", slo})["answer"].get<int>();
  };
  EXPECT_EQ(fewest(0.25, mean_wait), 6);
  EXPECT_EQ(answer("web.wait.mean<2.5ms"), 6);
  EXPECT_EQ(fewest(0.09, mean_wait), 7);
  EXPECT_EQ(answer("web.wait.mean<0.9ms"), 7);
  EXPECT_EQ(fewest(5.4, p99), 6);
  EXPECT_EQ(answer("p99<54ms"), 6);
}

TEST_F(PlanCommand, FindsTheFewestWorkersWithSomeMissing) {
  const Json json = plan_json({"--slo", "web.wait.mean<0.9ms", "--down", "2"});
  EXPECT_EQ(json["answer"], fewest(0.09, mean_wait) + 2);
  EXPECT_EQ(json["down"], 2);
}

TEST_F(PlanCommand, FindsTheRateThatTheoryBears) {
  const Json json = plan_json({"--slo", "web.wait.mean<5ms", "--rate"});
  const double answer = json["answer"].get<double>();
  const auto wait = [](double rate) {
    return sim::theory::Erlang(6, rate * 0.01 / 6).wait() * 0.01;
  };
  EXPECT_EQ(json["vary"], "load.web.arrival");
  EXPECT_LT(wait(0.97 * answer), 0.005);
  EXPECT_GT(wait(1.10 * answer), 0.005) << answer;
}

TEST_F(PlanCommand, GivesTheSchemaAndTheProbesByValue) {
  const Json json = plan_json({"--slo", "p99<54ms"});
  EXPECT_EQ(json["schema"], "weir-plan/1");
  EXPECT_EQ(json["slo"], Json({{"metric", "web.response.p99"}, {"max", 0.054}}));
  EXPECT_EQ(json["vary"], "workers.worker.count");
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["met"], true);
  EXPECT_EQ(json["workers"][0]["work"], "wait");
  EXPECT_EQ(json["workers"][0]["slots"], 6);
  EXPECT_NEAR(json["workers"][0]["utilisation"].get<double>(), erlangs / 6, 0.02);
  std::uint64_t before = 0;
  for (const Json& probe : json["probes"]) {
    EXPECT_GT(probe["value"], before);
    before = probe["value"];
    EXPECT_EQ(probe["meets"], probe["valid"] == true && probe["ci95"][1] <= 0.054) << probe;
    EXPECT_EQ(probe["meets"], probe["value"] >= json["answer"]) << probe;
  }
}

TEST_F(PlanCommand, GivesTheSameBytesWhateverTheJobs) {
  const auto bytes = [&](const std::string& jobs) {
    return plan({"--slo", "p99<54ms", "--json", "-", "--jobs", jobs}).output;
  };
  EXPECT_EQ(bytes("1"), bytes("4"));
}

TEST_F(PlanCommand, SaysWhatOneFewerDoesAndWhetherTheWorkersCompute) {
  const Ended waiting = plan({"--slo", "p99<54ms"});
  EXPECT_EQ(waiting.code, 0) << waiting.errors;
  for (const char* part :
       {"✓ workers.worker.count = 6 is the least that meets web.response.p99 <= 54ms\nthere: ",
        " at 6, busy 67 %\nwith 1 fewer: ", " at 5, busy 80 %\nthe curve bends at ",
        "worker: waiting (work = \"wait\"): 6 slots: memory and connections, not "
        "cores\n"}) {
    EXPECT_NE(waiting.output.find(part), std::string::npos) << part << "\nin\n" << waiting.output;
  }

  const std::string computing =
      plan({"--slo", "p99<54ms", "--set", "workers.worker.work=cpu"}).output;
  EXPECT_NE(computing.find("worker: CPU-bound (work = \"cpu\"): 6 slots to compute in, 4.0 busy on "
                           "average; with fewer than 6 cores they wait for each other\n"),
            std::string::npos)
      << computing;
}

TEST_F(PlanCommand, FailsWhenNothingMeetsTheObjective) {
  const std::vector<std::string> never = {"--slo", "mean<1ms", "--rate"};
  const Json json = plan_json(never, 1);
  EXPECT_EQ(json["met"], false);
  EXPECT_TRUE(json["answer"].is_null());
  EXPECT_EQ(json["probes"].front()["value"], 1);

  const Ended ended = plan(never);
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.output.find("✗ web.response.mean <= 1ms cannot be met by any "
                              "load.web.arrival from 1/s to 400/s\n"),
            std::string::npos)
      << ended.output;
}

// All that are answered succeed, whatever the load, since nobody is ever turned away.
TEST_F(PlanCommand, TakesNoAnswerUnderWhichLinesGrowForEver) {
  const std::vector<std::string> asked = {"--slo", "success>99%", "--set",
                                          "load.web.arrival=poisson(420/s)"};
  const Json json = plan_json(asked);
  EXPECT_EQ(json["answer"], 5);  // 4.2 erlangs
  bool told = false;
  for (const Json& probe : json["probes"]) {
    if (probe["value"] != 3) continue;
    told = true;
    EXPECT_EQ(probe["figure"], 1.0);
    EXPECT_EQ(probe["overloaded"], true);
    EXPECT_EQ(probe["meets"], false);
  }
  EXPECT_TRUE(told);
  EXPECT_NE(plan(asked).output.find("✗ overloaded"), std::string::npos);
}

TEST_F(PlanCommand, SaysInALineWhatIsWrong) {
  EXPECT_EQ(complaint({}), "weir plan takes --slo, such as --slo 'p99<200ms'");
  EXPECT_EQ(complaint({"--slo", "p98<1s"}),
            "--slo p98<1s: unknown figure 'p98'; did you mean 'p90'?");
  EXPECT_EQ(complaint({"--slo", "p99<-5ms"}),
            "--slo p99<-5ms: '-5ms' is negative; write a time such as 10ms");
  EXPECT_EQ(complaint({"--slo", "p99<1s", "--load", "mail"}), "--load names no load: 'mail'");
  EXPECT_EQ(complaint({"--slo", "p99<1s", "--replications", "1"}),
            "weir plan takes two replications or more: one has no interval to go by");
  EXPECT_EQ(complaint({"--slo", "p99<1s", "--rate", "--down", "6"}),
            "--down 6 leaves no worker of worker");
  EXPECT_EQ(complaint({"--slo", "p99<1s", "--vary", "workers.none.count"}),
            "--vary takes workers.NAME.count of a group that is there, or load.NAME.clients of a "
            "closed load, not 'workers.none.count'");
}

TEST_F(PlanCommand, GivesWhatItHasOnControlC) {
  if (!has_terminals()) GTEST_SKIP() << "no terminal can be had here: devpts is not mounted";
  Program program(
      {"plan", file_, "--slo", "p99<54ms", "--set", "horizon.time=1000h", "--json", "-"},
      {.errors = Errors::terminal});
  ASSERT_TRUE(program.wait_for_error("0 of 4 replications"));
  program.send(SIGINT);
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 130);
  const Json json = Json::parse(ended.output);
  EXPECT_EQ(json["complete"], false);
  EXPECT_TRUE(json["met"].is_null());
  EXPECT_TRUE(json["answer"].is_null());
}

}  // namespace
}  // namespace weir::cli
