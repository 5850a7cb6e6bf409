#include "weir/sim/comparison.h"

#include <gtest/gtest.h>

#include "tests/support/small_run.h"

namespace weir::sim {
namespace {

using test::small_run;
using test::small_scenario;
using test::SmallReplication;

RunRecord run_of(const std::string& policy, const std::vector<SmallReplication>& replications) {
  Scenario scenario = small_scenario();
  scenario.balancer.policy = policy;
  return small_run(scenario, replications);
}

const PolicyDifference& find(const std::vector<PolicyDifference>& all, const std::string& policy,
                             const std::string& metric) {
  for (const PolicyDifference& difference : all) {
    if (difference.policy == policy && difference.metric.text() == metric) return difference;
  }
  ADD_FAILURE() << "no difference of " << policy << " in " << metric;
  return all.front();
}

std::vector<SmallReplication> responses(std::initializer_list<std::int64_t> milliseconds) {
  std::vector<SmallReplication> replications;
  for (const std::int64_t each : milliseconds) replications.push_back({.response_ms = each});
  return replications;
}

TEST(Comparison, HasFiveDifferencesForEachLoadAndCandidate) {
  const std::vector<RunRecord> records = {run_of("a", {{}, {}}), run_of("b", {{}, {}}),
                                          run_of("c", {{}, {}})};

  const auto all = differences(records);

  ASSERT_EQ(all.size(), 10U);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(all[i].policy, "b");
    EXPECT_EQ(all[i + 5].policy, "c");
    names.push_back(all[i].metric.text());
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"web.response.mean", "web.response.p50", "web.response.p99",
                                      "web.success", "web.goodput_per_s"}));
}

TEST(Comparison, AgreesWithTheMetricsThatItNames) {
  const std::vector<RunRecord> records = {run_of("a", {{}, {}}), run_of("b", {{}, {}})};

  for (const PolicyDifference& difference : differences(records)) {
    EXPECT_EQ(difference.metric, parse_metric(difference.metric.text()).value());
  }
}

TEST(Comparison, HalfTheResponseInEveryPairIsMinusFiftyPercentSurely) {
  const std::vector<RunRecord> records = {run_of("a", responses({20, 40, 80})),
                                          run_of("b", responses({10, 20, 40}))};
  const auto all = differences(records);

  const PolicyDifference& mean = find(all, "b", "web.response.mean");
  EXPECT_NEAR(mean.change.value(), -0.5, 1e-12);
  ASSERT_TRUE(mean.interval);
  EXPECT_NEAR(mean.interval->low, -0.5, 1e-12);
  EXPECT_NEAR(mean.interval->high, -0.5, 1e-12);
  EXPECT_TRUE(mean.significant);
}

TEST(Comparison, NoDifferenceIsNotSignificant) {
  const std::vector<RunRecord> records = {run_of("a", responses({20, 40})),
                                          run_of("b", responses({20, 40}))};

  for (const PolicyDifference& difference : differences(records)) {
    if (difference.metric.figure == "response.p99") continue;
    EXPECT_EQ(difference.change, 0) << difference.metric.text();
    EXPECT_FALSE(difference.significant);
  }
}

// Log-ratios of 4, 5 and 6 tenths: t = 0.5 / (0.1 / √3) = 8.66 with two degrees of freedom, beyond
// 4.30 (for one comparison), not beyond 9.92 · … (for five: 1 - 0.05/10 = 0.995 gives 9.925).
TEST(Comparison, IsCorrectedForTheNumberOfDifferences) {
  const auto all =
      differences(std::vector<RunRecord>{run_of("a", responses({100'000, 100'000, 100'000})),
                                         run_of("b", responses({149'182, 164'872, 182'212}))});

  const PolicyDifference& mean = find(all, "b", "web.response.mean");
  EXPECT_GT(mean.interval->low, 0);
  EXPECT_FALSE(mean.significant);
}

TEST(Comparison, AFigureThatAReplicationCannotSupportIsComparedPooled) {
  // 100 values in a replication carry no p99, 400 in all do.
  const std::vector<RunRecord> records = {run_of("a", responses({20, 20, 20, 20})),
                                          run_of("b", responses({30, 30, 30, 30}))};
  const auto all = differences(records);

  const PolicyDifference& p99 = find(all, "b", "web.response.p99");
  EXPECT_NEAR(p99.change.value(), 0.5, 1e-3);
  EXPECT_FALSE(p99.interval);
  EXPECT_FALSE(p99.significant);
}

TEST(Comparison, AFigureThatNobodySupportsHasNoChange) {
  const std::vector<RunRecord> records = {run_of("a", {{}}), run_of("b", {{}})};
  const auto all = differences(records);

  EXPECT_FALSE(find(all, "b", "web.response.p99").change);
  EXPECT_EQ(find(all, "b", "web.success").change, 0);  // pooled
}

TEST(Comparison, ABaselineOfNothingHasNoChange) {
  const std::vector<RunRecord> records = {run_of("a", {{.completed = 0}, {.completed = 0}}),
                                          run_of("b", {{}, {}})};
  const auto all = differences(records);

  EXPECT_FALSE(find(all, "b", "web.success").change);
  EXPECT_FALSE(find(all, "b", "web.response.mean").change);
}

TEST(Comparison, TheFirstIsTheBaseline) {
  const std::vector<RunRecord> records = {run_of("a", {{}, {}}), run_of("b", {{}, {}})};

  const PolicyComparison comparison = compare(records, small_scenario());

  EXPECT_EQ(comparison.baseline, "a");
  ASSERT_EQ(comparison.policies.size(), 2U);
  EXPECT_EQ(comparison.policies[1].policy, "b");
  EXPECT_EQ(comparison.differences.size(), 5U);
}

TEST(Comparison, PassesWhenEveryPolicyPasses) {
  Scenario scenario = small_scenario();
  scenario.expects = {{.metric = *parse_metric("web.response.mean"), .max = 0.025}};
  const std::vector<RunRecord> records = {run_of("a", responses({20, 20})),
                                          run_of("b", responses({30, 30}))};

  EXPECT_TRUE(compare(std::span(records).first(1), scenario).passes());
  EXPECT_FALSE(compare(records, scenario).passes());
}

}  // namespace
}  // namespace weir::sim
