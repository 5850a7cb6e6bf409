// Many replications at once: the same records whoever runs them, warm-up, progress, and a stop.

#include "weir/sim/experiment.h"

#include <gtest/gtest.h>

#include "tests/support/experiment.h"
#include "weir/report/json.h"
#include "weir/runtime/run.h"
#include "weir/sim/simulation.h"
#include "weir/sim/summary.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

// One worker, in seconds: M/M/1 at `rate`.
Experiment one_worker(const std::string& rate, const std::string& horizon) {
  return make_experiment("weir = 1\n[horizon]\n" + horizon + "\n[[load]]\nname = 'web'\n" +
                         "arrival = 'poisson(" + rate +
                         ")'\nservice = 'exp(1s)'\n[[workers]]\nname = 'w'\ncount = 1\n");
}

std::vector<Experiment> policies(const Experiment& experiment) {
  std::vector<Experiment> all;
  for (const char* name : {"random", "p2c", "central_queue"}) {
    Experiment& each = all.emplace_back(experiment);
    each.scenario.balancer.policy = name;
    each.policy = balance::Catalog::standard().make(name).value();
  }
  return all;
}

std::vector<RunRecord> run_all(std::vector<Experiment> experiments, ExperimentOptions options = {},
                               const Context& stop = background()) {
  Runtime runtime({.processors = 2, .on_leak = OnLeak::fail});
  return runtime.run(run_experiments(stop, std::move(experiments), options, Sender<Progress>()));
}

// All that a user sees of a record, without the time it took.
std::string seen(RunRecord record) {
  record.wall_s = 0;
  return report::run_json(summarise(record));
}

TEST(Experiment, GivesTheSameRecordsWithOneJobAndWithFour) {
  const auto experiments =
      policies(one_worker("0.7/s", "time = '300s'\nwarmup = 'auto'\nreplications = 5"));
  const auto alone = run_all(experiments, {.jobs = 1});
  const auto together = run_all(experiments, {.jobs = 4});
  ASSERT_EQ(alone.size(), 3u);
  ASSERT_EQ(together.size(), 3u);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(alone[i].replications, 5u);
    EXPECT_EQ(alone[i].run_hash, together[i].run_hash);
    EXPECT_EQ(seen(alone[i]), seen(together[i]));
  }
}

TEST(Experiment, CutsTheWarmUpOfAllPoliciesAlike) {
  const auto records = run_all(policies(one_worker("0.8/s", "time = '5000s'\nreplications = 2")));
  EXPECT_EQ(records[0].warmup_s, records[1].warmup_s);
  EXPECT_EQ(records[0].warmup_s, records[2].warmup_s);
}

TEST(Experiment, FindsAWarmUpThatLeavesMostOfASteadyRun) {
  const auto records = run_all({one_worker("0.8/s", "time = '50000s'\nreplications = 2")});
  EXPECT_LT(records[0].warmup_s, 25'000);
  EXPECT_FALSE(records[0].warmup_uncertain);
}

TEST(Experiment, SaysSoWhenARunNeverSettles) {
  const auto records = run_all({one_worker("2/s", "time = '2000s'\nreplications = 2")});
  EXPECT_TRUE(records[0].warmup_uncertain);
}

TEST(Experiment, CutsNothingFromATerminatingRun) {
  const auto records =
      run_all({one_worker("0.8/s", "kind = 'terminating'\ntime = '100s'\nreplications = 2")});
  EXPECT_EQ(records[0].warmup_s, 0);
  EXPECT_FALSE(records[0].warmup_uncertain);
}

TEST(Experiment, RunsEachForItsOwnNumberOfReplications) {
  const auto records =
      run_all({one_worker("0.5/s", "time = '50s'\nwarmup = 'none'\nreplications = 2"),
               one_worker("0.5/s", "time = '50s'\nwarmup = 'none'\nreplications = 4")});
  EXPECT_EQ(records[0].replications, 2u);
  EXPECT_EQ(records[1].replications, 4u);
  EXPECT_FALSE(records[0].interrupted);
  EXPECT_FALSE(records[1].interrupted);
}

TEST(Experiment, GivesEmptyRecordsWhenStoppedBeforeItBegan) {
  const auto [stop, cancel] = with_cancel(background());
  cancel();
  const auto records =
      run_all(policies(one_worker("0.8/s", "time = '1000000s'\nreplications = 3")), {}, stop);
  ASSERT_EQ(records.size(), 3u);
  for (const RunRecord& record : records) {
    EXPECT_TRUE(record.interrupted);
    EXPECT_EQ(record.replications, 0u);
  }
}

// Runs, and cancels when the progress has come to `fraction`; keeps all that was heard of it.
Task<std::vector<RunRecord>> stop_at(double fraction, std::vector<Experiment> experiments,
                                     std::vector<Progress>& heard) {
  auto [stop, cancel] = with_cancel(background());
  auto progress = make_channel<Progress>(1);
  WaitGroup listening;
  listening.go([](Receiver<Progress> from, double limit, Cancel give_up,
                  std::vector<Progress>& all) -> Task<> {
    while (auto next = co_await from.receive()) {
      all.push_back(*next);
      if (next->fraction >= limit) give_up();
    }
  }(progress, fraction, cancel, heard));
  ExperimentOptions options{.jobs = 1};
  auto records = co_await run_experiments(stop, std::move(experiments), options, progress);
  progress.close();
  co_await listening.wait();
  co_return records;
}

TEST(Experiment, KeepsWholeRoundsWhenStoppedHalfway) {
  std::vector<Progress> heard;
  Runtime runtime({.processors = 2});
  const auto records = runtime.run(stop_at(
      0.01, policies(one_worker("0.8/s", "time = '20000s'\nwarmup = 'none'\nreplications = 1000")),
      heard));
  EXPECT_GT(records[0].replications, 0u);
  for (const RunRecord& record : records) {
    EXPECT_TRUE(record.interrupted);
    EXPECT_LT(record.replications, 1000u);
    EXPECT_EQ(record.replications, records[0].replications);
  }
}

TEST(Experiment, StopsInsideALongReplication) {
  for (const char* horizon : {"time = '100000000s'\nwarmup = 'none'\nreplications = 1",
                              "requests = 100000000\nwarmup = 'none'\nreplications = 1"}) {
    std::vector<Progress> heard;
    Runtime runtime({.processors = 2});
    const auto records = runtime.run(stop_at(0.0001, {one_worker("0.5/s", horizon)}, heard));
    EXPECT_TRUE(records[0].interrupted);
    EXPECT_EQ(records[0].replications, 0u);
    ASSERT_FALSE(heard.empty());
    EXPECT_LT(heard.front().fraction, 0.5);
  }
}

// A stop in virtual time, when the run is so far that it has told of its progress `steps` times.
Task<SimulationResult> stop_after(int steps, const Experiment& experiment) {
  const CancelScope stop = with_cancel(background());
  SimulationOptions options;
  options.stop = stop.context;
  int told = 0;
  options.on_progress = [&](double) {
    if (++told == steps) stop.cancel();
  };
  auto result = co_await simulate(experiment, std::move(options));
  co_return result;
}

TEST(Experiment, StopsWhateverTheWorkersAreLike) {
  for (const char* like : {"", "serve = 'ps'", "serve = 'ps'\n[balancer]\ncount = 3",
                           "[balancer]\ncount = 3", "uptime = 'exp(9s)'\ndowntime = 'exp(2s)'",
                           "[balancer]\ncount = 3\n[[fault]]\nkind = 'hang'\nat = '4s'"}) {
    const Experiment experiment =
        make_experiment(std::string("weir = 1\n[horizon]\ntime = '100s'\nwarmup = 'none'\n") +
                        "[[load]]\nname = 'web'\narrival = 'poisson(7/s)'\nservice = 'exp(1s)'\n" +
                        "[[workers]]\nname = 'w'\ncount = 8\n" + like + "\n");
    for (int steps = 1; steps < 40; ++steps) {
      SCOPED_TRACE(like + (" stopped after " + std::to_string(steps)));
      EXPECT_FALSE(run_virtual(stop_after(steps, experiment), {.on_leak = OnLeak::fail}).complete);
    }
  }
}

TEST(Experiment, TellsOfProgressThatNeverGoesBack) {
  for (const char* horizon : {"time = '20000s'\nreplications = 3",
                              "requests = 20000\nwarmup = 'none'\nreplications = 3"}) {
    std::vector<Progress> heard;
    Runtime runtime({.processors = 2});
    runtime.run(stop_at(2, {one_worker("0.5/s", horizon)}, heard));
    ASSERT_GT(heard.size(), 3u);
    for (std::size_t i = 1; i < heard.size(); ++i) {
      EXPECT_GE(heard[i].fraction, heard[i - 1].fraction);
      EXPECT_GE(heard[i].finished, heard[i - 1].finished);
      EXPECT_EQ(heard[i].total, 3u);
    }
    EXPECT_LE(heard.back().fraction, 1);
  }
}

// A step of this horizon takes three hundred hours.
TEST(Experiment, HearsOfAStopAtOnceInRealTime) {
  Runtime runtime({.processors = 2, .on_leak = OnLeak::fail});
  const auto root = [](Experiment experiment) -> Task<std::vector<RunRecord>> {
    auto [stop, cancel] = with_cancel(background());
    LiveCounts live;
    go(
        [](Cancel end, LiveCounts& counts) -> Task<> {
          while (counts.pending[0].value() == 0) co_await sleep(1ms);
          end();
        },
        cancel, std::ref(live));
    std::vector<Experiment> one{std::move(experiment)};
    const ExperimentOptions options{.real = true, .live = &live};
    const Sender<Progress> nobody;
    auto records = co_await run_experiments(stop, std::move(one), options, nobody);
    EXPECT_EQ(live.pending[0].value(), 0U);
    co_return records;
  };
  for (const char* work : {"wait", "cpu"}) {
    Experiment experiment =
        one_worker("10/s", "time = '80000h'\nwarmup = 'none'\nreplications = 1");
    experiment.scenario.workers[0].speed = 1e-6;
    experiment.scenario.workers[0].work =
        work == std::string("cpu") ? Workers::Work::cpu : Workers::Work::wait;
    const auto records = runtime.run(root(experiment));
    EXPECT_TRUE(records[0].interrupted);
    EXPECT_EQ(records[0].replications, 1U);  // as far as it has come
    EXPECT_EQ(records[0].loads[0].counts.in_flight, records[0].loads[0].counts.offered);
    EXPECT_GT(records[0].loads[0].counts.offered, 0U);
  }
}

TEST(Experiment, CountsRequestsWhileItRunsForReal) {
  LiveCounts live;
  const auto records =
      run_all({one_worker("100/s", "time = '100ms'\nwarmup = 'none'\nreplications = 2")},
              {.real = true, .live = &live});
  EXPECT_EQ(live.done.value(), records[0].loads[0].counts.offered);
  EXPECT_EQ(live.pending[0].value(), 0U);
}

// Two seconds for real: what is counted must add up, how long things took is the machine's.
TEST(Experiment, RunsForRealAndAccountsForAll) {
  auto experiment = make_experiment(
      "weir = 1\n[horizon]\ntime = '1s'\nwarmup = 'none'\nreplications = 2\n"
      "[[load]]\nname = 'web'\narrival = 'const(200/s)'\nservice = 'exp(2ms)'\n"
      "[[workers]]\nname = 'w'\ncount = 4\n");
  const auto records = run_all({experiment}, {.real = true});
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].mode, "real");
  EXPECT_EQ(records[0].replications, 2u);
  const LoadCounts& counts = records[0].loads[0].counts;
  EXPECT_GT(counts.offered, 0u);
  EXPECT_LE(counts.offered, 400u);
  EXPECT_EQ(counts.offered, counts.completed + counts.failed + counts.timed_out + counts.rejected +
                                counts.cancelled + counts.in_flight);
}

}  // namespace
}  // namespace weir::sim
