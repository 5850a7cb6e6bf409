#include "weir/report/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/small_run.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;
using test::small_run;
using test::small_scenario;
using test::SmallReplication;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> result;
  for (const auto& [key, value] : object.items()) result.push_back(key);
  return result;
}

using Keys = std::vector<std::string>;

sim::Scenario with_expectation() {
  sim::Scenario scenario = small_scenario();
  scenario.expects = {{.metric = *sim::parse_metric("web.response.mean"), .max = 0.225}};
  return scenario;
}

Json run_of(const std::vector<SmallReplication>& replications) {
  const sim::Scenario scenario = with_expectation();
  return Json::parse(run_json(sim::summarise(small_run(scenario, replications), scenario)));
}

TEST(RunJson, HasTheKeysOfTheSchemaInItsOrder) {
  const Json run = run_of({{}, {}});

  EXPECT_EQ(keys(run),
            (Keys{"schema", "scenario", "mode", "policy", "seed", "replications", "run_hash",
                  "virtual_s", "wall_s", "loads", "workers", "balancer", "expect"}));
  const Json& load = run["loads"]["web"];
  EXPECT_EQ(keys(load), (Keys{"offered", "completed", "failed", "timed_out", "rejected",
                              "cancelled", "in_flight", "attempts", "retries", "hedges", "success",
                              "throughput_per_s", "goodput_per_s", "response", "wait", "service"}));
  for (const std::string latency : {"response", "wait", "service"}) {
    EXPECT_EQ(keys(load[latency]), (Keys{"count", "mean", "sd", "min", "p50", "p90", "p95", "p99",
                                         "p999", "max", "ci95"}));
    EXPECT_EQ(keys(load[latency]["ci95"]), (Keys{"mean", "p50", "p90", "p99", "p999"}));
  }
  EXPECT_EQ(keys(run["workers"][0]),
            (Keys{"name", "completed", "failed", "rejected", "utilisation", "mean_in_flight",
                  "sd_in_flight", "mean_queue", "max_queue"}));
  EXPECT_EQ(keys(run["balancer"]), (Keys{"mean_queue", "max_queue"}));
  EXPECT_EQ(keys(run["expect"][0]), (Keys{"metric", "pass", "value", "ci95", "min", "max"}));
}

TEST(RunJson, HoldsTheFiguresInSeconds) {
  const Json run = run_of({{.completed = 100, .response_ms = 10}, {.completed = 50}});

  EXPECT_EQ(run["schema"], "weir-run/1");
  EXPECT_EQ(run["scenario"], "small");
  EXPECT_EQ(run["mode"], "virtual");
  EXPECT_EQ(run["policy"], "p2c");
  EXPECT_EQ(run["seed"], 7);
  EXPECT_EQ(run["replications"], 2);
  EXPECT_EQ(run["virtual_s"], 24);
  EXPECT_EQ(run["loads"]["web"]["completed"], 150);
  EXPECT_EQ(run["loads"]["web"]["success"], 0.75);
  EXPECT_EQ(run["loads"]["web"]["response"]["min"], 0.01);
  EXPECT_EQ(run["loads"]["web"]["response"]["max"], 0.02);
  EXPECT_EQ(run["workers"][1]["name"], "fast[1]");
  EXPECT_EQ(run["workers"][1]["completed"], 80);
  EXPECT_EQ(run["balancer"]["max_queue"], 3);
  EXPECT_EQ(run["expect"][0]["metric"], "web.response.mean");
  EXPECT_EQ(run["expect"][0]["pass"], true);
  EXPECT_EQ(run["expect"][0]["max"], 0.225);
  EXPECT_TRUE(run["expect"][0]["min"].is_null());
}

TEST(RunJson, WhatTheDataCannotSupportIsNull) {
  const Json response = run_of({{}})["loads"]["web"]["response"];

  EXPECT_FALSE(response["p95"].is_null());
  EXPECT_TRUE(response["p99"].is_null());
  EXPECT_TRUE(response["ci95"]["mean"].is_null());
}

TEST(RunJson, TheHashIsSixteenHexadecimalDigits) {
  sim::RunSummary summary;
  summary.run_hash = 0xABC;

  EXPECT_EQ(Json::parse(run_json(summary))["run_hash"], "0000000000000abc");
}

TEST(RunJson, EqualRecordsGiveEqualBytes) {
  const sim::Scenario scenario = with_expectation();
  const auto text = [&] {
    return run_json(sim::summarise(small_run(scenario, {{}, {.response_ms = 33}}), scenario));
  };

  EXPECT_EQ(text(), text());
}

// The last bit of every double counts: this is what two compilers have to agree on.
TEST(RunJson, IsTheSameTextEverywhere) {
  const std::string text = run_json(sim::summarise(
      small_run(small_scenario(), {{.completed = 97, .response_ms = 33}, {.response_ms = 20}})));

  const std::size_t begin = text.find("      \"response\"");
  EXPECT_EQ(text.substr(begin, text.find("      \"wait\"") - begin), R"(      "response": {
        "count": 197,
        "mean": 0.026401015228426396,
        "sd": 0.006515804881192109,
        "min": 0.02,
        "p50": 0.02,
        "p90": 0.033,
        "p95": 0.033,
        "p99": null,
        "p999": null,
        "max": 0.033,
        "ci95": {
          "mean": [
            -0.05609033078490757,
            0.10909033078490757
          ],
          "p50": [
            -0.09680036591689643,
            0.13680036591689643
          ],
          "p90": [
            -0.08380036591689644,
            0.14980036591689644
          ],
          "p99": null,
          "p999": null
        }
      },
)");
}

TEST(RunJson, SurvivesANameThatIsNoUtf8) {
  sim::RunSummary summary;
  summary.scenario = "a\xFF";

  EXPECT_EQ(Json::parse(run_json(summary))["scenario"], "a\uFFFD");
}

TEST(ComparisonJson, HasTheKeysOfTheSchemaInItsOrder) {
  sim::Scenario other = with_expectation();
  other.balancer.policy = "random";
  const std::vector<sim::RunRecord> records = {
      small_run(with_expectation(), {{.response_ms = 20}, {.response_ms = 40}}),
      small_run(other, {{.response_ms = 10}, {.response_ms = 20}})};

  const Json comparison = Json::parse(comparison_json(sim::compare(records, with_expectation())));

  EXPECT_EQ(keys(comparison), (Keys{"schema", "baseline", "policies", "differences"}));
  EXPECT_EQ(comparison["schema"], "weir-compare/1");
  EXPECT_EQ(comparison["baseline"], "p2c");
  EXPECT_EQ(comparison["policies"][1]["schema"], "weir-run/1");
  EXPECT_EQ(comparison["policies"][1]["policy"], "random");
  ASSERT_EQ(comparison["differences"].size(), 5U);
  const Json& first = comparison["differences"][0];
  EXPECT_EQ(keys(first), (Keys{"policy", "metric", "change", "ci95", "significant"}));
  EXPECT_EQ(first["policy"], "random");
  EXPECT_EQ(first["metric"], "web.response.mean");
  EXPECT_NEAR(first["change"].get<double>(), -0.5, 1e-12);
  EXPECT_EQ(first["ci95"].size(), 2U);
  EXPECT_EQ(first["significant"], true);
}

}  // namespace
}  // namespace weir::report
