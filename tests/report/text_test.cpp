#include "weir/report/text.h"

#include <gtest/gtest.h>

#include "tests/support/small_run.h"

namespace weir::report {
namespace {

using test::small_run;
using test::small_scenario;
using test::SmallReplication;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string run_report(const sim::Scenario& scenario, const sim::RunRecord& record,
                       bool colour = false) {
  return run_text(scenario, sim::summarise(record, scenario), {.colour = colour});
}

sim::Scenario with_bound(double max) {
  sim::Scenario scenario = small_scenario();
  scenario.expects = {{.metric = *sim::parse_metric("web.response.mean"), .max = max}};
  return scenario;
}

TEST(RunText, IsReadFromTheTop) {
  const sim::Scenario scenario = with_bound(0.03);

  EXPECT_EQ(run_report(scenario, small_run(scenario, {{.completed = 98, .response_ms = 20},
                                                      {.completed = 99, .response_ms = 21}})),
            R"(small: p2c
open loop web: poisson(100/s), service exp(10ms); workers: 2 fast
virtual time, 2 replications of 10 s, seed 7, run 7c56ba189e560623

✓ the expectation holds

   expected                         found
✓  web.response.mean  at most 30ms  21 ± 6 ms

requests  offered   success      goodput  throughput  timed out
web           200  98 ± 6 %  9.9 ± 0.6/s      10.0/s          3

completed requests       mean      p50      p90      p95  p99  p99.9      max
web response        21 ± 6 ms  21.0 ms  21.0 ms  21.0 ms    –      –  21.0 ms
web wait              10.0 ms  10.0 ms  10.0 ms  10.0 ms    –      –  10.0 ms
web service           10.0 ms  10.0 ms  10.0 ms  10.0 ms    –      –  10.0 ms

worker   completed  failed  rejected  busy  in flight     sd  queue  longest
fast[0]        120       0         0  50 %       1.00  0.250  0.500        6
fast[1]         80       0         0  50 %       1.00  0.250  0.500        4
balancer's line: 0.500 waiting on average, 3 at most

±: 95 % confidence over replications; –: too few data
)");
}

TEST(RunText, AMissedExpectationIsMarked) {
  const sim::Scenario scenario = with_bound(0.015);
  const std::string text = run_report(scenario, small_run(scenario, {{}, {}}));

  EXPECT_TRUE(contains(text, "✗ 1 of 1 expectations missed")) << text;
  EXPECT_TRUE(contains(text, "✗  web.response.mean  at most 15ms")) << text;
}

TEST(RunText, AnInvalidRunSaysSoFirst) {
  const sim::Scenario scenario = with_bound(0.03);
  sim::RunRecord record = small_run(scenario, {{}, {}});
  record.warmup_uncertain = true;
  const std::string text = run_report(scenario, record);

  EXPECT_TRUE(contains(text, "✗ invalid: do not rely on these figures\n! run too short")) << text;
  EXPECT_FALSE(contains(text, "the expectation holds"));
}

TEST(RunText, ManyWorkersAreShownByGroup) {
  sim::Scenario scenario = small_scenario();
  scenario.workers[0].count = 20;
  sim::RunRecord record = sim::RunRecord::of(scenario);
  sim::ReplicationRecord replication = SmallReplication().record();
  replication.workers.resize(20);
  record.add(replication);
  const std::string text = run_report(scenario, record);

  EXPECT_TRUE(contains(text, "fast (20)")) << text;
  EXPECT_FALSE(contains(text, "fast[0]"));
}

TEST(RunText, WithoutAReplicationShowsNoTables) {
  const sim::Scenario scenario = small_scenario();
  sim::RunRecord record = sim::RunRecord::of(scenario);
  record.interrupted = true;
  const std::string text = run_report(scenario, record);

  EXPECT_TRUE(contains(text, "! interrupted: 0 of 2 replications\n")) << text;
  EXPECT_FALSE(contains(text, "offered"));
}

TEST(RunText, ColourOnlyAddsSequences) {
  const sim::Scenario scenario = with_bound(0.015);
  const sim::RunRecord record = small_run(scenario, {{}, {}});
  std::string coloured = run_report(scenario, record, true);
  const std::string plain = run_report(scenario, record);

  EXPECT_NE(coloured, plain);
  EXPECT_FALSE(contains(plain, "\x1b"));
  for (std::size_t at = 0; (at = coloured.find('\x1b')) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  EXPECT_EQ(coloured, plain);
}

// Enough requests for a p99 in every replication.
sim::RunRecord long_run(const std::string& policy, std::vector<SmallReplication> replications) {
  sim::Scenario scenario = small_scenario();
  scenario.balancer.policy = policy;
  sim::RunRecord record = sim::RunRecord::of(scenario);
  for (const SmallReplication& replication : replications) {
    sim::ReplicationRecord each = replication.record();
    each.loads[0].latencies.response = test::milliseconds(400, replication.response_ms);
    record.add(each);
  }
  return record;
}

std::string comparison_of(const std::vector<sim::RunRecord>& records) {
  const sim::Scenario scenario = small_scenario();
  return comparison_text(scenario, sim::compare(records, scenario));
}

TEST(ComparisonText, SaysWhichPolicyCutsTheTail) {
  EXPECT_EQ(
      comparison_of(
          {long_run("random", {{.response_ms = 200}, {.response_ms = 401}, {.response_ms = 300}}),
           long_run("p2c", {{.response_ms = 100}, {.response_ms = 200}, {.response_ms = 151}})}),
      R"(small: 2 policies, the same requests for all
open loop web: poisson(100/s), service exp(10ms); workers: 2 fast
virtual time, 3 replications of 10 s, seed 7

p2c cuts the p99 of web by 49.9 % [49.3, 50.5] against random.

web              p50           p99          mean  goodput  success  p99, change
random  300 ± 250 ms  401 ± 395 ms  300 ± 250 ms   10.0/s    100 %  baseline
p2c     151 ± 124 ms  200 ± 195 ms  150 ± 124 ms   10.0/s    100 %  -49.9 % [-50.5, -49.3] *

* beyond chance, 5 differences considered; ± and [ ]: 95 % confidence over replications
)");
}

// Two equal loads of one class, with enough requests for a p99 in every replication.
TEST(ComparisonText, ClassesHaveTheirTableBelowThoseOfLoads) {
  sim::Scenario scenario = small_scenario();
  scenario.loads.push_back(scenario.loads.front());
  scenario.loads.back().name = "api";
  for (sim::Load& load : scenario.loads) load.class_name = "interactive";
  const auto run = [&](const std::string& policy, std::int64_t response_ms) {
    scenario.balancer.policy = policy;
    sim::RunRecord record = sim::RunRecord::of(scenario);
    for (const std::int64_t more_ms : {0, 2, 5}) {
      sim::ReplicationRecord each = SmallReplication{}.record();
      each.loads[0].latencies.response = test::milliseconds(400, response_ms + more_ms);
      each.loads.push_back(each.loads[0]);
      record.add(each);
    }
    return record;
  };
  const std::vector<sim::RunRecord> records = {run("random", 300), run("p2c", 200)};
  const sim::PolicyComparison comparison = sim::compare(records, scenario);
  const std::string text = comparison_text(scenario, comparison);

  ASSERT_EQ(comparison.differences.size(), 15U);
  EXPECT_EQ(comparison.differences[12].metric.text(), "interactive.response.p99");
  EXPECT_TRUE(comparison.differences[12].significant);
  EXPECT_TRUE(contains(text, "p2c cuts the p99 of class interactive by 33.1 %")) << text;
  EXPECT_TRUE(contains(text, "\nclass interactive  ")) << text;
  EXPECT_TRUE(contains(text, "* beyond chance, 15 differences considered")) << text;
}

TEST(ComparisonText, ClaimsNothingThatMayBeChance) {
  const std::string text = comparison_of(
      {long_run("random", {{.response_ms = 200}, {.response_ms = 400}, {.response_ms = 300}}),
       long_run("p2c", {{.response_ms = 190}, {.response_ms = 420}, {.response_ms = 250}})});

  EXPECT_TRUE(contains(text, "No policy has a lower p99 of web than random, beyond chance."))
      << text;
  EXPECT_FALSE(contains(text, "] *")) << text;
}

TEST(ComparisonText, SaysWhenTheBaselineIsBest) {
  const std::string text = comparison_of(
      {long_run("p2c", {{.response_ms = 100}, {.response_ms = 200}, {.response_ms = 151}}),
       long_run("random", {{.response_ms = 200}, {.response_ms = 401}, {.response_ms = 300}})});

  EXPECT_TRUE(contains(text, "p2c has the lowest p99 of web.")) << text;
}

TEST(ComparisonText, ABetterTailThatLosesRequestsIsNotPraisedAlone) {
  const std::string text = comparison_of(
      {long_run("random", {{.response_ms = 200}, {.response_ms = 401}, {.response_ms = 300}}),
       long_run("first_fit", {{.completed = 50, .response_ms = 100},
                              {.completed = 50, .response_ms = 200},
                              {.completed = 50, .response_ms = 151}})});

  EXPECT_TRUE(contains(text, "but success falls from 100 % to 50 %.")) << text;
}

TEST(ComparisonText, OneReplicationTellsNothing) {
  const std::string text = comparison_of(
      {long_run("random", {{.response_ms = 200}}), long_run("p2c", {{.response_ms = 100}})});

  EXPECT_TRUE(contains(text, "The data cannot tell whose p99 of web is lower.")) << text;
  EXPECT_TRUE(contains(text, "-50.0 %")) << text;
}

TEST(ComparisonText, ANoteOnAllPoliciesIsGivenOnce) {
  const std::string text =
      comparison_of({long_run("random", {{.utilisation = 0.99}, {.utilisation = 0.99}}),
                     long_run("p2c", {{.utilisation = 0.99}, {.utilisation = 0.99}})});

  EXPECT_TRUE(contains(text, "! saturated")) << text;
  EXPECT_FALSE(contains(text, "p2c: saturated")) << text;
}

TEST(ComparisonText, ANoteOnOnePolicyNamesIt) {
  const std::string text =
      comparison_of({long_run("random", {{.utilisation = 0.99}, {.utilisation = 0.99}}),
                     long_run("p2c", {{}, {}})});

  EXPECT_TRUE(contains(text, "! random: saturated")) << text;
}

}  // namespace
}  // namespace weir::report
