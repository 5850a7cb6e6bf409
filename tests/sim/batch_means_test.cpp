// Batches of one run: they are cut at the same borders by everybody, add up to the run, and give
// its figures intervals. In virtual time, where all of it is exact.

#include "weir/sim/batch_means.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/experiment.h"
#include "tests/support/small_run.h"
#include "weir/runtime/run.h"
#include "weir/sim/metric_series.h"
#include "weir/sim/simulation.h"
#include "weir/sim/summary.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;
using test::small_scenario;
using test::SmallReplication;

TimePoint at(Duration time) {
  return TimePoint(time);
}

TEST(BatchGrid, HoldsTimesInBatchesOfEqualLength) {
  const BatchGrid grid(at(5s), 2560s);
  EXPECT_EQ(grid.length(), 1s);
  EXPECT_EQ(grid.holding(at(5s)), 0U);
  EXPECT_EQ(grid.holding(at(6999ms)), 1U);
  EXPECT_EQ(grid.full_at(at(3s)), 0U);
  EXPECT_EQ(grid.full_at(at(7s)), 2U);
  EXPECT_TRUE(grid.covers(at(44999ms)));
  EXPECT_FALSE(grid.covers(at(45s)));
}

TEST(BatchGrid, GetsCoarserAsARunGetsLonger) {
  BatchGrid grid(at(0s), 2560s);
  while (!grid.covers(at(2559s))) grid.widen();
  EXPECT_EQ(grid.length(), 64s);
  EXPECT_EQ(grid.full_at(at(2560s)), BatchGrid::most);
}

Experiment busy_worker(const std::string& horizon) {
  return make_experiment("weir = 1\n[horizon]\n" + horizon +
                         "\n[[load]]\nname = 'web'\narrival = 'poisson(50/s)'\n"
                         "service = 'exp(10ms)'\n[[workers]]\nname = 'w'\ncount = 2\n"
                         "[balancer]\npolicy = 'central_queue'\n");
}

// `stop_after`: when a user stops it, as in real time.
SimulationResult cut_run(const Experiment& experiment, Duration warmup,
                         std::optional<Duration> stop_after = std::nullopt) {
  const auto root = [](const Experiment& what, Duration cut,
                       std::optional<Duration> after) -> Task<SimulationResult> {
    const CancelScope stop = with_cancel(background());
    WaitGroup user;
    if (after) {
      user.go(
          [](Cancel ends, Duration time) -> Task<> {
            co_await sleep(time);
            ends();
          },
          stop.cancel, *after);
    }
    SimulationOptions options;
    options.warmup = cut;
    options.stop = stop.context;
    options.real = after.has_value();
    options.cuts_batches = true;
    auto simulated = co_await simulate(what, options);
    co_await user.wait();
    co_return simulated;
  };
  return run_virtual(root(experiment, warmup, stop_after), {.seed = experiment.scenario.seed});
}

TEST(BatchMeans, BatchesAddUpToTheRun) {
  const ReplicationRecord run = cut_run(busy_worker("time = '110s'\nwarmup = '10s'"), 10s).record;

  ASSERT_GE(run.batches.size(), 10U);
  LoadCounts counts;
  Histogram responses;
  std::uint64_t served = 0;
  double busy = 0, line = 0, length = 0;
  for (const ReplicationRecord& batch : run.batches) {
    counts += batch.loads[0].counts;
    responses.merge(batch.loads[0].latencies.response);
    served += batch.workers[1].completed;
    busy += batch.workers[1].utilisation / static_cast<double>(run.batches.size());
    line += batch.line.mean_queue / static_cast<double>(run.batches.size());
    length += batch.window_s;
  }
  EXPECT_NEAR(length, 100, 1e-9);
  EXPECT_EQ(counts, run.loads[0].counts);
  EXPECT_EQ(responses, run.loads[0].latencies.response);
  EXPECT_EQ(served, run.workers[1].completed);
  EXPECT_NEAR(busy, run.workers[1].utilisation, 1e-9);
  EXPECT_NEAR(line, run.line.mean_queue, 1e-9);
}

TEST(BatchMeans, CuttingChangesNothingInTheRun) {
  const Experiment experiment = busy_worker("time = '20s'\nwarmup = 'none'");
  const ReplicationRecord cut = cut_run(experiment, 0s).record;
  const ReplicationRecord whole = run_replication(experiment, 0, 0s);
  EXPECT_EQ(cut.loads[0].counts, whole.loads[0].counts);
  EXPECT_EQ(cut.loads[0].latencies.response, whole.loads[0].latencies.response);
  EXPECT_EQ(cut.workers, whole.workers);
  EXPECT_EQ(cut.line, whole.line);
  EXPECT_TRUE(whole.batches.empty());
}

// Three that share the workers and see a part each: what they saw adds up, too.
TEST(BatchMeans, OfSeveralBalancersAddUpToTheRun) {
  const Experiment experiment = make_experiment(
      "weir = 1\n[horizon]\ntime = '110s'\nwarmup = '10s'\n[[load]]\nname = 'web'\n"
      "arrival = 'poisson(50/s)'\nservice = 'exp(10ms)'\n[[workers]]\nname = 'w'\ncount = 2\n"
      "queue = { limit = 2 }\n[balancer]\npolicy = 'p2c'\ncount = 3\n");
  const ReplicationRecord run = cut_run(experiment, 10s).record;
  const ReplicationRecord whole = run_replication(experiment, 0, 10s);

  EXPECT_EQ(run.workers, whole.workers);
  EXPECT_EQ(run.loads[0].counts, whole.loads[0].counts);
  ASSERT_GE(run.batches.size(), 10U);
  std::uint64_t served = 0, rejected = 0, replies = 0;
  double busy = 0, waiting = 0;
  for (const ReplicationRecord& batch : run.batches) {
    ASSERT_EQ(batch.workers.size(), 2U);
    served += batch.workers[1].completed;
    rejected += batch.workers[1].rejected;
    replies += batch.loads[0].counts.replies;
    busy += batch.workers[1].utilisation / static_cast<double>(run.batches.size());
    waiting += batch.workers[1].mean_queue / static_cast<double>(run.batches.size());
  }
  EXPECT_EQ(served, run.workers[1].completed);
  EXPECT_EQ(rejected, run.workers[1].rejected);
  EXPECT_GT(rejected, 0U);
  EXPECT_EQ(replies, run.loads[0].counts.replies);
  EXPECT_NEAR(busy, run.workers[1].utilisation, 1e-9);
  EXPECT_NEAR(waiting, run.workers[1].mean_queue, 1e-9);
}

TEST(BatchMeans, CutRunsWhoseLengthNobodyKnows) {
  const ReplicationRecord run = cut_run(busy_worker("requests = 5000\nwarmup = 'none'"), 0s).record;
  ASSERT_GE(run.batches.size(), 10U);
  LoadCounts counts;
  for (const ReplicationRecord& batch : run.batches) counts += batch.loads[0].counts;
  EXPECT_LE(counts.offered, 5000U);
  EXPECT_GT(counts.offered, 4000U);  // What fills no batch at the end is left out.
}

TEST(BatchMeans, CutARunThatIsStopped) {
  const auto run = cut_run(busy_worker("time = '1000s'\nwarmup = '2s'"), 2s, 12s);
  EXPECT_TRUE(run.complete);
  EXPECT_NEAR(run.record.window_s, 10, 0.2);
  ASSERT_GE(run.record.batches.size(), 10U);
  ASSERT_LE(run.record.batches.size(), 30U);
  ASSERT_TRUE(run.record.real.has_value());
  EXPECT_EQ(run.record.real->timer_lag.max(), 0);  // Virtual timers are never late.
  EXPECT_EQ(run.record.real->behind.max(), 0);
}

TEST(BatchMeans, ARunThatIsStoppedDuringItsWarmUpIsNone) {
  EXPECT_FALSE(cut_run(busy_worker("time = '100s'\nwarmup = '50s'"), 50s, 12s).complete);
}

TEST(BatchMeans, AVeryShortRunHasNone) {
  EXPECT_TRUE(
      cut_run(busy_worker("time = '1000s'\nwarmup = 'none'"), 0s, 1s).record.batches.empty());
}

ReplicationRecord with_batches(const std::vector<SmallReplication>& batches) {
  ReplicationRecord run = SmallReplication{}.record();
  for (const SmallReplication& batch : batches) run.batches.push_back(batch.record());
  return run;
}

TEST(BatchMeans, TellHowAlikeNeighboursAre) {
  std::vector<SmallReplication> rising, jumping;
  for (int i = 0; i < 20; ++i) {
    rising.push_back({.response_ms = 20 + i});
    jumping.push_back({.response_ms = i % 2 == 0 ? 20 : 40});
  }
  EXPECT_NEAR(neighbour_correlation(with_batches(rising).batches), 0.85, 0.01);
  EXPECT_EQ(neighbour_correlation(with_batches(jumping).batches), 0);
}

// Batches of 10, 20 and 30 ms about a run of 20 ms, and of 50, 100 and 75 replies of 100.
TEST(BatchMeans, GiveTheFiguresOfARunTheirIntervals) {
  const Scenario scenario = small_scenario();
  RunRecord record = RunRecord::of(scenario);
  record.add(with_batches({{.completed = 50, .response_ms = 10, .utilisation = 0.4},
                           {.completed = 100, .response_ms = 20, .utilisation = 0.5},
                           {.completed = 75, .response_ms = 30, .utilisation = 0.6}}));
  const RunSummary summary = summarise(record);

  const double t = 4.302653;  // of two degrees of freedom, at 95 %
  ASSERT_TRUE(summary.loads[0].response.ci95.mean.has_value());
  EXPECT_NEAR(*summary.loads[0].response.mean, 0.02, 1e-12);
  EXPECT_NEAR(summary.loads[0].response.ci95.mean->half_width(), t * 0.01 / std::sqrt(3), 1e-7);
  const Figure success = *summary.loads[0].success;
  EXPECT_EQ(success.value, 1);  // the run's own
  EXPECT_NEAR(success.interval->half_width(), t * 0.25 / std::sqrt(3), 1e-6);
  EXPECT_NEAR(success.interval->low + success.interval->high, 2, 1e-9);
  const Figure busy = *summary.groups[0].averages.utilisation;
  EXPECT_NEAR(busy.interval->half_width(), t * 0.1 / std::sqrt(3), 1e-7);
  EXPECT_EQ(summary.replications, 1U);
  EXPECT_EQ(summary.sections(), 3U);
  EXPECT_EQ(metric_series(record, *parse_metric("web.response.mean")),
            (std::vector<double>{0.01, 0.02, 0.03}));
}

TEST(BatchMeans, AreDroppedWhenTheRunIsRepeated) {
  RunRecord record = RunRecord::of(small_scenario());
  record.add(with_batches({{}, {}}));
  EXPECT_FALSE(record.batches.empty());
  record.add(with_batches({{}, {}}));
  EXPECT_TRUE(record.batches.empty());
}

}  // namespace
}  // namespace weir::sim
