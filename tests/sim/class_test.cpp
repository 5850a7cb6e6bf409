// Loads of one class, taken together as if they were one.

#include <gtest/gtest.h>

#include "tests/support/experiment.h"
#include "weir/sim/metric_series.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

const std::string three_loads = R"toml(weir = 1
[horizon]
time = "20s"
warmup = "none"
[[load]]
name = "web"
class = "interactive"
arrival = "poisson(60/s)"
service = "exp(10ms)"
[[load]]
name = "batch"
arrival = "poisson(3/s)"
service = "exp(50ms)"
[[load]]
name = "api"
class = "interactive"
arrival = "poisson(30/s)"
service = "exp(5ms)"
[[workers]]
count = 2
[[expect]]
metric = "interactive.response.p99"
max = "10s"
)toml";

RunRecord run(const Experiment& experiment) {
  RunRecord record = RunRecord::of(experiment.scenario);
  for (std::uint32_t i = 0; i < 3; ++i) {
    record.add(run_replication(experiment, i, Duration::zero()));
  }
  return record;
}

TEST(Class, HasTheRequestsOfItsLoads) {
  const Experiment experiment = make_experiment(three_loads);
  const RunRecord record = run(experiment);
  ASSERT_EQ(record.classes.size(), 1U);
  const LoadRecord& both = record.classes[0].figures;
  const LoadRecord &web = record.loads[0], &api = record.loads[2];
  EXPECT_EQ(both.counts.offered, web.counts.offered + api.counts.offered);
  EXPECT_EQ(both.counts.completed, web.counts.completed + api.counts.completed);
  EXPECT_EQ(both.response.pooled.count(), both.counts.completed);
  EXPECT_EQ(both.response.pooled.max(),
            std::max(web.response.pooled.max(), api.response.pooled.max()));
  EXPECT_EQ(both.replications.size(), 3U);
}

TEST(Class, HasTheFiguresOfALoad) {
  const Experiment experiment = make_experiment(three_loads);
  const RunRecord record = run(experiment);
  const RunSummary summary = summarise(record, experiment.scenario);
  const Metric metric = *parse_metric("interactive.response.mean");
  const auto mean = figure(summary, metric);
  ASSERT_TRUE(mean && mean->interval);
  const auto of_load = [&](std::size_t load) { return *summary.loads[load].response.mean; };
  EXPECT_LT(mean->value, std::max(of_load(0), of_load(2)));
  EXPECT_GT(mean->value, std::min(of_load(0), of_load(2)));
  EXPECT_EQ(metric_series(record, metric).size(), 3U);
  EXPECT_TRUE(summary.verdicts[0].pass);
  EXPECT_TRUE(summary.verdicts[0].figure);
}

TEST(Class, IsThereOnlyIfItIsNamed) {
  const Experiment experiment = make_experiment(
      three_loads, {"load.web.class=one", "load.api.class=two", "load.batch.class=one",
                    "expect.0.metric=one.success", "expect.0.max=100%"});
  const RunRecord record = RunRecord::of(experiment.scenario);
  ASSERT_EQ(record.classes.size(), 2U);
  EXPECT_EQ(record.classes[0].figures.name, "one");
  EXPECT_EQ(record.classes[0].loads, (std::vector<std::size_t>{0, 1}));
  const auto none =
      read_scenario(three_loads, "a.toml",
                    std::vector<std::string>{"expect.0.metric=gold.success", "expect.0.max=100%"});
  EXPECT_EQ(none.error().text(),
            "--set expect.0.metric=gold.success: 'metric' names no load: 'gold'; known: web, "
            "interactive, batch, api, worker, balancer");
}

}  // namespace
}  // namespace weir::sim
