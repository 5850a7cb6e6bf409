#include "weir/sim/metric.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::sim {
namespace {

std::string complaint(std::string_view text) {
  const auto metric = parse_metric(text);
  if (metric) return "";
  return std::to_string(metric.error().column) + ": " + metric.error().message;
}

TEST(Metric, KnowsTheUnitOfEachFigure) {
  EXPECT_EQ(parse_metric("web.response.p99")->unit, Metric::Unit::seconds);
  EXPECT_EQ(parse_metric("web.wait.count")->unit, Metric::Unit::number);
  EXPECT_EQ(parse_metric("web.success")->unit, Metric::Unit::fraction);
  EXPECT_EQ(parse_metric("web.goodput_per_s")->unit, Metric::Unit::per_second);
  EXPECT_EQ(parse_metric("web.timed_out")->unit, Metric::Unit::number);
  EXPECT_EQ(parse_metric("worker.fast.utilisation")->unit, Metric::Unit::fraction);
  EXPECT_EQ(parse_metric("balancer.mean_queue")->unit, Metric::Unit::number);
}

TEST(Metric, TellsOneWorkerFromItsGroup) {
  EXPECT_EQ(parse_metric("worker.fast.mean_queue")->index, std::nullopt);
  const Metric one = *parse_metric("worker.fast[12].mean_queue");
  EXPECT_EQ(one.name, "fast");
  EXPECT_EQ(one.index, 12u);
  EXPECT_EQ(one.figure, "mean_queue");
}

TEST(Metric, IsReadBackFromItsText) {
  for (const char* text : {"web.response.p999", "a load.offered", "worker.fast.utilisation",
                           "worker.fast[0].max_queue", "balancer.max_queue"}) {
    ASSERT_TRUE(parse_metric(text)) << text;
    EXPECT_EQ(parse_metric(text)->text(), text);
  }
}

TEST(Metric, SaysWhereAMisspeltOneGoesWrong) {
  EXPECT_EQ(complaint("web.response.p98"), "14: unknown figure 'p98'; did you mean 'p90'?");
  EXPECT_EQ(complaint("web.respons.p99"), "5: unknown figure 'respons'; did you mean 'response'?");
  EXPECT_EQ(complaint("web.sucess"), "5: unknown figure 'sucess'; did you mean 'success'?");
  EXPECT_EQ(complaint("web.response"), "5: say which figure of 'response', such as response.p99");
  EXPECT_EQ(complaint("worker.fast.utilization"),
            "13: unknown figure 'utilization'; did you mean 'utilisation'?");
  EXPECT_EQ(complaint("worker.fast[].utilisation"), "8: write one worker as fast[0]");
  EXPECT_EQ(complaint("worker.fast[1.utilisation"), "8: write one worker as fast[0]");
  EXPECT_EQ(complaint("worker.fast[99999999999].utilisation"), "8: write one worker as fast[0]");
  EXPECT_EQ(complaint("balancer"),
            "9: the name of a figure is missing; known: mean_queue, max_queue");
}

}  // namespace
}  // namespace weir::sim
