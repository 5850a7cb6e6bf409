// Figures replication by replication.

#include "weir/sim/metric_series.h"

#include <gtest/gtest.h>

#include "tests/support/small_run.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using test::small_run;
using test::small_scenario;
using Series = std::vector<double>;

const RunRecord two = small_run(small_scenario(), {{.response_ms = 20, .utilisation = 0.25},
                                                   {.completed = 50, .response_ms = 40}});

Series series(std::string_view metric) {
  return metric_series(two, *parse_metric(metric));
}

TEST(MetricSeries, HasOneValueOfEachReplication) {
  EXPECT_EQ(series("web.response.mean"), (Series{0.02, 0.04}));
  EXPECT_EQ(series("web.wait.mean"), (Series{0.01, 0.02}));
  EXPECT_EQ(series("web.success"), (Series{1, 0.5}));
  EXPECT_EQ(series("web.goodput_per_s"), (Series{10, 5}));
  EXPECT_EQ(series("web.throughput_per_s"), (Series{10, 10}));
  EXPECT_EQ(series("worker.fast[1].utilisation"), (Series{0.25, 0.5}));
  EXPECT_EQ(series("worker.fast.mean_in_flight"), (Series{0.5, 1}));
  EXPECT_EQ(series("balancer.mean_queue"), (Series{0.5, 0.5}));
}

TEST(MetricSeries, IsEmptyWhereAReplicationCannotSupportTheFigure) {
  EXPECT_EQ(series("web.response.p99"), Series{});
}

TEST(MetricSeries, IsEmptyForWhatIsNotThere) {
  EXPECT_EQ(series("mail.response.mean"), Series{});
  EXPECT_EQ(series("worker.slow.utilisation"), Series{});
}

// Whatever has a series of several values has an interval in the summary, and nothing else has.
TEST(MetricSeries, AgreesWithTheIntervalsOfTheSummary) {
  const RunRecord record =
      small_run(small_scenario(),
                std::vector<test::SmallReplication>{{.response_ms = 20}, {.response_ms = 21}});
  const RunSummary summary = summarise(record);
  for (const Metric& metric : all_metrics(summary)) {
    const auto found = figure(summary, metric);
    const bool has_one = found && found->interval;
    EXPECT_EQ(metric_series(record, metric).size(), has_one ? 2u : 0u) << metric.text();
    if (has_one) {
      EXPECT_TRUE(has_interval(metric)) << metric.text();
    }
  }
}

}  // namespace
}  // namespace weir::sim
