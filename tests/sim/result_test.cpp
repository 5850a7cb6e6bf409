#include "weir/sim/result.h"

#include <gtest/gtest.h>

#include "tests/support/small_run.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using test::milliseconds;
using test::small_run;
using test::small_scenario;
using test::SmallReplication;

TEST(LoadCounts, AddMemberByMember) {
  LoadCounts sum{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  sum += {100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200};

  EXPECT_EQ(sum, (LoadCounts{101, 202, 303, 404, 505, 606, 707, 808, 909, 1010, 1111, 1212}));
}

TEST(LoadCounts, SuccessLeavesOutWhatIsStillInFlight) {
  const LoadCounts counts{.offered = 100, .completed = 72, .timed_out = 8, .in_flight = 20};

  EXPECT_EQ(counts.success(), 0.9);
}

TEST(LoadCounts, SuccessOfNothingIsUnknown) {
  EXPECT_EQ(LoadCounts{}.success(), std::nullopt);
  EXPECT_EQ((LoadCounts{.offered = 3, .in_flight = 3}.success()), std::nullopt);
}

TEST(LatencyPoints, HoldOnlyQuantilesThatTheCountSupports) {
  const LatencyPoints points = LatencyPoints::of(milliseconds(100, 1));

  EXPECT_EQ(points, (LatencyPoints{.count = 100,
                                   .mean = 0.001,
                                   .sd = 0,
                                   .p50 = 0.001,
                                   .p90 = 0.001,
                                   .p95 = 0.001,
                                   .p99 = -1,
                                   .p999 = -1}));
}

TEST(LatencyPoints, OfNothingAreUnknown) {
  EXPECT_EQ(LatencyPoints::of(Histogram()), LatencyPoints{});
}

TEST(RunRecord, BeginsWithTheNamesOfTheScenario) {
  Scenario scenario = small_scenario();
  scenario.workers.push_back({.name = "slow"});

  const RunRecord record = RunRecord::of(scenario);

  EXPECT_EQ(record.scenario, "small");
  EXPECT_EQ(record.policy, "p2c");
  EXPECT_EQ(record.seed, 7U);
  ASSERT_EQ(record.loads.size(), 1U);
  EXPECT_EQ(record.loads[0].name, "web");
  ASSERT_EQ(record.workers.size(), 3U);
  EXPECT_EQ(record.workers[1].name, "fast[1]");
  EXPECT_EQ(record.workers[1].group, "fast");
  EXPECT_EQ(record.workers[2].name, "slow[0]");
}

TEST(RunRecord, SumsCountsAndKeepsPointsOfEachReplication) {
  const RunRecord record = small_run(small_scenario(), {{.completed = 100, .response_ms = 10},
                                                        {.completed = 50, .response_ms = 40}});

  EXPECT_EQ(record.replications, 2U);
  EXPECT_EQ(record.virtual_s, 24);
  EXPECT_EQ(record.windows_s, (std::vector<double>{10, 10}));
  EXPECT_EQ(record.loads[0].counts.completed, 150U);
  EXPECT_EQ(record.loads[0].response.pooled.count(), 150U);
  ASSERT_EQ(record.loads[0].response.replications.size(), 2U);
  EXPECT_EQ(record.loads[0].response.replications[1].mean, 0.04);
  EXPECT_EQ(record.workers[1].replications.size(), 2U);
}

TEST(RunRecord, HashHangsOnEveryReplicationAndTheirOrder) {
  const auto hash = [](std::initializer_list<std::uint64_t> hashes) {
    RunRecord record = RunRecord::of(small_scenario());
    for (const std::uint64_t each : hashes) {
      ReplicationRecord replication = SmallReplication().record();
      replication.hash = each;
      record.add(replication);
    }
    return record.run_hash;
  };

  EXPECT_EQ(hash({1, 2}), hash({1, 2}));
  EXPECT_NE(hash({1, 2}), hash({2, 1}));
  EXPECT_NE(hash({1, 2}), hash({1}));
  EXPECT_NE(hash({0}), hash({0, 0}));
}

TEST(RunRecord, AddsUpHowItWentInRealTime) {
  RunRecord record = RunRecord::of(small_scenario());
  for (const double late : {0.001, 0.004, 0.002}) {
    ReplicationRecord replication = SmallReplication().record();
    RealFigures figures{.given_up_after_s = late, .sent = 10, .due_s = 2, .took_s = 2 + late};
    figures.behind.record(from_seconds(late).count());
    replication.real = figures;
    record.add(replication);
  }

  ASSERT_TRUE(record.real.has_value());
  EXPECT_EQ(record.real->behind.max(), 4'000'000);
  EXPECT_EQ(record.real->given_up_after_s, 0.004);
  EXPECT_EQ(record.real->sent, 30U);
  const RunSummary summary = summarise(record);
  EXPECT_DOUBLE_EQ(*summary.real->offered_per_s, 5);
  EXPECT_NEAR(*summary.real->achieved_per_s, 30 / 6.007, 1e-9);
}

TEST(RunRecordDeathTest, RefusesAReplicationOfAnotherScenario) {
  RunRecord record = RunRecord::of(small_scenario());
  ReplicationRecord other = SmallReplication().record();
  other.workers.pop_back();

  EXPECT_DEATH(record.add(other), "other workers");
}

}  // namespace
}  // namespace weir::sim
