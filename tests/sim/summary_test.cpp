#include "weir/sim/summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/small_run.h"

namespace weir::sim {
namespace {

using test::milliseconds;
using test::small_run;
using test::small_scenario;
using test::SmallReplication;

// Half width of the 95 % interval of the mean of two values at a distance d from each other: with
// one degree of freedom t is 12.7062, the standard error is d/2.
double half_width_of_two(double distance) {
  return 12.706204736 * distance / 2;
}

RunSummary two_replications() {
  return summarise(small_run(small_scenario(), {{.completed = 100, .response_ms = 10},
                                                {.completed = 50, .response_ms = 40}}));
}

std::optional<Figure> figure_named(const RunSummary& summary, const std::string& name) {
  const auto metric = parse_metric(name);
  EXPECT_TRUE(metric) << name;
  return figure(summary, *metric);
}

TEST(Summary, PoolsLatenciesAndTakesIntervalsFromReplications) {
  const LatencySummary response = two_replications().loads[0].response;

  EXPECT_EQ(response.count, 150U);
  EXPECT_DOUBLE_EQ(response.mean.value(), 0.02);  // (100 · 10 + 50 · 40) / 150
  EXPECT_DOUBLE_EQ(response.sd.value(), std::sqrt((100 * 1e-4 + 50 * 4e-4) / 149));
  EXPECT_EQ(response.min, 0.01);
  EXPECT_NEAR(response.p50.value(), 0.01, 5e-6);
  EXPECT_NEAR(response.p90.value(), 0.04, 2e-5);
  EXPECT_EQ(response.max, 0.04);
  ASSERT_TRUE(response.ci95.mean);
  EXPECT_NEAR(response.ci95.mean->low, 0.025 - half_width_of_two(0.03), 1e-8);
  EXPECT_NEAR(response.ci95.mean->high, 0.025 + half_width_of_two(0.03), 1e-8);
}

TEST(Summary, QuantileIntervalIsCentredAtThePooledQuantile) {
  const LatencySummary response = two_replications().loads[0].response;

  ASSERT_TRUE(response.ci95.p50);
  const double p50 = response.p50.value();
  EXPECT_NEAR((response.ci95.p50->low + response.ci95.p50->high) / 2, p50, 1e-12);
  // Sections at 10 and 40 ms about 10 ms: s = 30 ms, so t · s / √2.
  EXPECT_NEAR(response.ci95.p50->half_width(), 12.7062 * 0.03 / std::sqrt(2), 3e-4);
}

TEST(Summary, QuantilesThatTheCountCannotCarryAreEmpty) {
  const LatencySummary response = two_replications().loads[0].response;

  EXPECT_TRUE(response.p95);
  EXPECT_FALSE(response.p99);
  EXPECT_FALSE(response.p999);
  EXPECT_FALSE(response.ci95.p99);
}

TEST(Summary, AQuantileMayStandWithoutAnInterval) {
  std::vector<SmallReplication> four(4);  // 400 values carry a p99, 100 do not

  const LatencySummary response = summarise(small_run(small_scenario(), four)).loads[0].response;

  EXPECT_TRUE(response.p99);
  EXPECT_FALSE(response.ci95.p99);
  EXPECT_TRUE(response.ci95.p90);
}

TEST(Summary, OneReplicationHasNoIntervals) {
  const RunSummary summary = summarise(small_run(small_scenario(), {{}}));

  EXPECT_TRUE(summary.loads[0].response.mean);
  EXPECT_FALSE(summary.loads[0].response.ci95.mean);
  EXPECT_FALSE(summary.loads[0].goodput_per_s->interval);
  EXPECT_FALSE(summary.workers[0].averages.utilisation->interval);
}

TEST(Summary, NoReplicationHasNoFigures) {
  const RunSummary summary = summarise(RunRecord::of(small_scenario()));

  EXPECT_FALSE(summary.loads[0].success);
  EXPECT_FALSE(summary.loads[0].goodput_per_s);
  EXPECT_FALSE(summary.loads[0].response.mean);
  EXPECT_FALSE(summary.workers[0].averages.utilisation);
  EXPECT_FALSE(summary.line_mean_queue);
}

TEST(Summary, ALoadWithoutCompletedRequestsHasNoTimes) {
  const RunSummary summary = summarise(small_run(small_scenario(), {{.completed = 0}, {}}));

  const LatencySummary& response = summary.loads[0].response;
  EXPECT_EQ(response.mean, 0.02);
  EXPECT_FALSE(response.ci95.mean);  // the first replication has none
}

TEST(Summary, RatesAreMeansOverReplications) {
  const LoadSummary load = two_replications().loads[0];

  EXPECT_EQ(load.throughput_per_s->value, 10);
  EXPECT_EQ(load.goodput_per_s->value, 7.5);
  EXPECT_NEAR(load.goodput_per_s->interval->half_width(), half_width_of_two(5), 1e-6);
  EXPECT_EQ(load.success->value, 0.75);
  EXPECT_NEAR(load.success->interval->half_width(), half_width_of_two(0.5), 1e-6);
}

TEST(Summary, WindowsOfDifferentLengthWeighTheirOwnRates) {
  RunRecord record = RunRecord::of(small_scenario());
  for (const double window : {10.0, 5.0}) {
    ReplicationRecord replication = SmallReplication().record();
    replication.window_s = window;
    record.add(replication);
  }

  EXPECT_EQ(summarise(record).loads[0].goodput_per_s->value, 15);  // 10/s and 20/s
}

TEST(Summary, WorkersSumCountsAndAverageTimes) {
  const RunSummary summary =
      summarise(small_run(small_scenario(), {{.utilisation = 0.25}, {.utilisation = 0.75}}));

  const WorkerSummary& worker = summary.workers[1];
  EXPECT_EQ(worker.completed, 80U);
  EXPECT_EQ(worker.averages.utilisation->value, 0.5);
  EXPECT_NEAR(worker.averages.utilisation->interval->half_width(), half_width_of_two(0.5), 1e-6);
  EXPECT_EQ(worker.max_queue, 4U);
}

TEST(Summary, AGroupIsItsMeanWorker) {
  Scenario scenario = small_scenario();
  scenario.workers = {{.name = "a"}, {.name = "b"}};
  const RunSummary apart = summarise(small_run(scenario, {{}, {}}));
  const RunSummary together = summarise(small_run(small_scenario(), {{}, {}}));

  ASSERT_EQ(apart.groups.size(), 2U);
  EXPECT_EQ(apart.groups[1].completed, 80);
  ASSERT_EQ(together.groups.size(), 1U);
  EXPECT_EQ(together.groups[0].workers, 2U);
  EXPECT_EQ(together.groups[0].completed, 100);
  EXPECT_EQ(together.groups[0].max_queue, 6U);
  EXPECT_EQ(together.groups[0].averages.utilisation->value, 0.5);
}

TEST(Figure, IsFoundByEveryNameOfALoad) {
  const RunSummary summary = two_replications();

  EXPECT_EQ(figure_named(summary, "web.offered")->value, 200);
  EXPECT_EQ(figure_named(summary, "web.timed_out")->value, 50);
  EXPECT_EQ(figure_named(summary, "web.success")->value, 0.75);
  EXPECT_EQ(figure_named(summary, "web.goodput_per_s")->value, 7.5);
  EXPECT_EQ(figure_named(summary, "web.response.count")->value, 150);
  EXPECT_EQ(figure_named(summary, "web.response.max")->value, 0.04);
  EXPECT_EQ(figure_named(summary, "web.wait.max")->value, 0.02);
  EXPECT_TRUE(figure_named(summary, "web.service.mean")->interval);
}

TEST(Figure, IsFoundForWorkersGroupsAndTheBalancer) {
  const RunSummary summary = two_replications();

  EXPECT_EQ(figure_named(summary, "worker.fast[1].completed")->value, 80);
  EXPECT_EQ(figure_named(summary, "worker.fast.completed")->value, 100);
  EXPECT_EQ(figure_named(summary, "worker.fast.utilisation")->value, 0.5);
  EXPECT_EQ(figure_named(summary, "worker.fast[0].max_queue")->value, 6);
  EXPECT_EQ(figure_named(summary, "balancer.mean_queue")->value, 0.5);
  EXPECT_EQ(figure_named(summary, "balancer.max_queue")->value, 3);
}

// The list is metric.cpp's; a name that is added there has to be found here.
TEST(Figure, EveryNameThatMetricsKnowIsFound) {
  const RunSummary summary =
      summarise(small_run(small_scenario(), std::vector<SmallReplication>(40)));

  for (const std::string name :
       {"offered", "completed", "failed", "timed_out", "rejected", "cancelled", "in_flight",
        "attempts", "retries", "hedges", "success", "throughput_per_s", "goodput_per_s"}) {
    EXPECT_TRUE(figure_named(summary, "web." + name)) << name;
  }
  for (const std::string latency : {"response.", "wait.", "service."}) {
    for (const std::string name :
         {"count", "mean", "sd", "min", "p50", "p90", "p95", "p99", "p999", "max"}) {
      EXPECT_TRUE(figure_named(summary, "web." + latency + name)) << name;
    }
  }
  for (const std::string name : {"completed", "failed", "rejected", "utilisation", "mean_in_flight",
                                 "sd_in_flight", "mean_queue", "max_queue"}) {
    EXPECT_TRUE(figure_named(summary, "worker.fast." + name)) << name;
    EXPECT_TRUE(figure_named(summary, "worker.fast[1]." + name)) << name;
  }
}

TEST(Figure, IsEmptyWhereThereIsNoSuchThing) {
  const RunSummary summary = two_replications();

  EXPECT_FALSE(figure_named(summary, "other.success"));
  EXPECT_FALSE(figure_named(summary, "worker.fast[2].utilisation"));
  EXPECT_FALSE(figure_named(summary, "worker.slow.utilisation"));
  EXPECT_FALSE(figure_named(summary, "web.response.p99"));
}

// Goodputs of 10, 10, 10 and 9 a second: 9.75 ± 3.182446 · 0.5 / 2 = ± 0.795612.
RunSummary four_goodputs(const std::vector<Expect>& expects) {
  Scenario scenario = small_scenario();
  scenario.expects = expects;
  return summarise(small_run(scenario, {{}, {}, {}, {.completed = 90}}), scenario);
}

const Metric goodput = *parse_metric("web.goodput_per_s");

TEST(Verdict, HoldsIfTheWholeIntervalIsWithinTheBounds) {
  const auto verdict = four_goodputs({{.metric = goodput, .min = 8.95, .max = 10.55},
                                      {.metric = goodput, .min = 8.96},
                                      {.metric = goodput, .max = 10.54}})
                           .verdicts;

  EXPECT_TRUE(verdict[0].pass);
  EXPECT_FALSE(verdict[1].pass);
  EXPECT_FALSE(verdict[2].pass);
  EXPECT_EQ(verdict[1].figure->value, 9.75);
  EXPECT_NEAR(verdict[0].judged_by->low, 9.75 - 0.795612, 1e-6);
}

// With three degrees of freedom t is 2.353363 at 95 % of one tail, so at 90 % of two.
TEST(Verdict, TakesTheIntervalAtTheConfidenceAskedFor) {
  const auto verdict = four_goodputs({{.metric = goodput, .min = 9.16, .confidence = 0.9},
                                      {.metric = goodput, .min = 9.17, .confidence = 0.9}})
                           .verdicts;

  EXPECT_NEAR(verdict[0].judged_by->low, 9.75 - 2.353363 * 0.25, 1e-6);
  EXPECT_TRUE(verdict[0].pass);
  EXPECT_FALSE(verdict[1].pass);
  EXPECT_NEAR(verdict[0].figure->interval->low, 9.75 - 0.795612, 1e-6);
}

TEST(Verdict, HoldsOnItsBoundsWhereThereIsNoInterval) {
  const Metric rejected = *parse_metric("web.timed_out");
  const auto verdict = four_goodputs({{.metric = rejected, .min = 10, .max = 10},
                                      {.metric = rejected, .min = 11},
                                      {.metric = rejected, .max = 9}})
                           .verdicts;

  EXPECT_TRUE(verdict[0].pass);
  EXPECT_FALSE(verdict[1].pass);
  EXPECT_FALSE(verdict[2].pass);
  EXPECT_FALSE(verdict[0].judged_by);
}

TEST(Verdict, TakesTheBareFigureOfASingleReplicationAndSaysSo) {
  Scenario scenario = small_scenario();
  scenario.expects = {{.metric = goodput, .min = 10, .max = 10}};

  const RunSummary summary = summarise(small_run(scenario, {{}}), scenario);

  EXPECT_TRUE(summary.passes());
  ASSERT_FALSE(summary.notes.empty());
  EXPECT_TRUE(summary.notes[0].sentence.ends_with(
      "so there are no intervals, and expectations are judged by the bare figures"));
}

TEST(Verdict, AnUnknownFigureHoldsNothing) {
  Scenario scenario = small_scenario();
  scenario.expects = {{.metric = *parse_metric("web.response.p99"), .max = 1}};

  const RunSummary summary = summarise(small_run(scenario, {{}}), scenario);

  EXPECT_FALSE(summary.verdicts[0].figure);
  EXPECT_FALSE(summary.passes());
}

}  // namespace
}  // namespace weir::sim
