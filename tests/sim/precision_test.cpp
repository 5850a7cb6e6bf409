// Replications until a figure is known well enough.

#include "weir/sim/precision.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/experiment.h"
#include "tests/support/small_run.h"
#include "weir/report/json.h"
#include "weir/runtime/run.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using test::small_run;
using test::small_scenario;
using test::SmallReplication;

const Metric mean = *parse_metric("web.response.mean");

// Ten replications whose means are 20 ms, and one more or less by turns.
RunRecord ten(std::int64_t spread_ms) {
  std::vector<SmallReplication> replications;
  for (int i = 0; i < 10; ++i) {
    replications.push_back({.response_ms = 20 + (i % 2 == 0 ? spread_ms : -spread_ms)});
  }
  return small_run(small_scenario(), replications);
}

// s = 1 ms · √(10/9), h = 2.262157 · s / √10 = 0.754052 ms, of 20 ms.
TEST(Precision, IsTheHalfWidthAsAShareOfTheFigure) {
  EXPECT_NEAR(*relative_half_width(ten(1), mean), 0.754052 / 20, 1e-6);
  EXPECT_FALSE(relative_half_width(small_run(small_scenario(), {{}}), mean));
  EXPECT_FALSE(relative_half_width(ten(1), *parse_metric("web.offered")));
}

TEST(Precision, AsksForALittleMoreThanTheShareItself) {
  EXPECT_NEAR(half_width_target({.relative = 0.25}), 0.2, 1e-12);
}

TEST(Precision, IsReachedAtTheTargetAndNotAtTheShare) {
  // 3.770 % of half-width: 3.9 % allows 3.754 %, 4 % allows 3.846 %.
  EXPECT_FALSE(is_precise(ten(1), {.relative = 0.039, .of = mean}, 1));
  EXPECT_TRUE(is_precise(ten(1), {.relative = 0.04, .of = mean}, 1));
}

TEST(Precision, TakesTenReplicationsAtLeastAndThoseAskedFor) {
  const RunRecord nine = small_run(small_scenario(), std::vector<SmallReplication>(9));
  EXPECT_FALSE(is_precise(nine, {.relative = 0.5, .of = mean}, 1));
  EXPECT_TRUE(is_precise(ten(0), {.relative = 0.5, .of = mean}, 10));
  EXPECT_FALSE(is_precise(ten(0), {.relative = 0.5, .of = mean}, 11));
}

TEST(Precision, GuessesHowManyItWillTakeByTheRootOfTheirNumber) {
  const StopRule rule{.relative = 0.01, .of = mean, .max_replications = 1000};
  const double times = 0.0377026 / (0.01 / 1.01);
  EXPECT_EQ(replications_needed(ten(1), rule, 1),
            static_cast<std::uint32_t>(std::ceil(10 * times * times)));
  EXPECT_EQ(replications_needed(ten(1), {.relative = 0.0001, .of = mean}, 1), 100u);
  EXPECT_EQ(replications_needed(ten(0), rule, 1), 10u);
}

Experiment one_worker(const std::string& stop) {
  return make_experiment(
      "weir = 1\n[horizon]\ntime = '200s'\nwarmup = '20s'\nstop = " + stop +
      "\n[[load]]\nname = 'web'\narrival = 'poisson(5/s)'\nservice = 'exp(100ms)'\n"
      "[[workers]]\nname = 'w'\n");
}

RunRecord run(const Experiment& experiment, int jobs) {
  Runtime runtime({.processors = 2, .on_leak = OnLeak::fail});
  return runtime
      .run(run_experiments(background(), {experiment}, {.jobs = jobs}, Sender<Progress>()))
      .front();
}

TEST(Precision, EndsARunAtTheSameReplicationWhateverTheJobs) {
  const Experiment experiment = one_worker("{ rel_ci = '3%', of = 'web.response.mean' }");
  const RunRecord alone = run(experiment, 1);
  EXPECT_GT(alone.replications, 10u);
  EXPECT_LT(alone.replications, 100u);
  EXPECT_TRUE(alone.precise);
  EXPECT_FALSE(alone.interrupted);
  EXPECT_LE(*relative_half_width(alone, mean), 0.03 / 1.03);
  for (const int jobs : {2, 5}) {
    const RunRecord together = run(experiment, jobs);
    EXPECT_EQ(together.run_hash, alone.run_hash) << jobs;
    EXPECT_EQ(together.replications, alone.replications) << jobs;
  }
}

TEST(Precision, IsWhatTheFirstReplicationsOfALongerRunWouldHaveSaid) {
  Experiment experiment = one_worker("{ rel_ci = '3%', of = 'web.response.mean' }");
  const RunRecord stopped = run(experiment, 2);
  experiment.scenario.horizon.stop.reset();
  experiment.scenario.horizon.replications = stopped.replications;
  EXPECT_EQ(run(experiment, 2).run_hash, stopped.run_hash);
}

TEST(Precision, SaysSoWhenTheMostReplicationsWereNotEnough) {
  const Experiment experiment =
      one_worker("{ rel_ci = '0.1%', of = 'web.response.mean', max_replications = 12 }");
  const RunRecord record = run(experiment, 3);
  EXPECT_EQ(record.replications, 12u);
  EXPECT_FALSE(record.precise);
  EXPECT_FALSE(record.interrupted);
  const RunSummary summary = summarise(record, experiment.scenario);
  ASSERT_FALSE(summary.notes.empty());
  EXPECT_TRUE(summary.notes[0].sentence.starts_with(
      "max_replications (12) ended the run: web.response.mean is known to ±"))
      << summary.notes[0].sentence;
  EXPECT_TRUE(summary.notes[0].sentence.ends_with(" %, not to the ±0.1% asked for"));
  EXPECT_TRUE(summary.valid());
}

}  // namespace
}  // namespace weir::sim
