#include "weir/report/csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/support/small_run.h"

namespace weir::report {
namespace {

using test::small_run;
using test::small_scenario;
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

sim::RunSummary summary_of(const std::vector<test::SmallReplication>& replications) {
  const sim::Scenario scenario = small_scenario();
  return sim::summarise(small_run(scenario, replications), scenario);
}

// The three cells behind policy and metric.
std::string figures_of(const Lines& lines, const std::string& metric) {
  const std::string begin = "p2c," + metric + ",";
  const auto line =
      std::ranges::find_if(lines, [&](const std::string& text) { return text.starts_with(begin); });
  return line == lines.end() ? "no row of " + metric : line->substr(begin.size());
}

TEST(Csv, QuotesCellsThatNeedIt) {
  EXPECT_EQ(csv_row({"plain", "a,b", "say \"x\"", "two\nlines", ""}),
            "plain,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\n");
}

TEST(Csv, HasARowForEveryFigureOfARun) {
  const Lines found = lines_of(run_csv(summary_of({{.completed = 50}})));

  // One replication has no intervals, and fifty requests no p95.
  const Lines latencies = {"count,50", "mean,M", "sd,0", "min,M", "p50,M",
                           "p90,M",    "p95,",   "p99,", "p999,", "max,M"};
  Lines expected = {"policy,metric,value,low,high",
                    "p2c,web.offered,100,,",
                    "p2c,web.completed,50,,",
                    "p2c,web.failed,0,,",
                    "p2c,web.timed_out,50,,",
                    "p2c,web.rejected,0,,",
                    "p2c,web.cancelled,0,,",
                    "p2c,web.in_flight,0,,",
                    "p2c,web.attempts,100,,",
                    "p2c,web.retries,0,,",
                    "p2c,web.hedges,0,,",
                    "p2c,web.success,0.5,,",
                    "p2c,web.throughput_per_s,10,,",
                    "p2c,web.goodput_per_s,5,,"};
  const auto add_latencies = [&](const std::string& name, const std::string& mean) {
    for (std::string line : latencies) {
      if (line.ends_with('M')) line.replace(line.size() - 1, 1, mean);
      expected.push_back("p2c,web." + name + "." + line + ",,");
    }
  };
  add_latencies("response", "0.02");
  add_latencies("wait", "0.01");
  add_latencies("service", "0.01");
  for (const char* line :
       {"worker.fast.completed,50", "worker.fast.failed,0", "worker.fast.rejected,0",
        "worker.fast.utilisation,0.5", "worker.fast.mean_in_flight,1",
        "worker.fast.sd_in_flight,0.25", "worker.fast.mean_queue,0.5", "worker.fast.max_queue,6",
        "balancer.mean_queue,0.5", "balancer.max_queue,3"}) {
    expected.push_back("p2c," + std::string(line) + ",,");
  }
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], expected[i]);
}

TEST(Csv, HoldsTheEndsOfIntervalsAlsoBelowZero) {
  const sim::RunSummary summary = summary_of({{.completed = 100}, {.completed = 50}});
  const Lines lines = lines_of(run_csv(summary));
  const auto& success = summary.loads[0].success;

  ASSERT_TRUE(success && success->interval);
  ASSERT_LT(success->interval->low, 0);
  double value = 0, low = 0, high = 0;
  ASSERT_EQ(
      std::sscanf(figures_of(lines, "web.success").c_str(), "%lf,%lf,%lf", &value, &low, &high), 3);
  EXPECT_EQ(value, 0.75);
  EXPECT_EQ(low, success->interval->low);
  EXPECT_EQ(high, success->interval->high);
  EXPECT_EQ(figures_of(lines, "web.throughput_per_s"), "10,10,10");
}

TEST(Csv, HasTheRowsOfEachPolicyOfAComparison) {
  sim::Scenario scenario = small_scenario();
  std::vector<sim::RunRecord> records = {small_run(scenario, {{}, {}})};
  scenario.balancer.policy = "p2c(d=3,x=1)";
  records.push_back(small_run(scenario, {{}, {.completed = 50}}));
  const sim::PolicyComparison comparison = sim::compare(records, scenario);

  const Lines found = lines_of(comparison_csv(comparison));
  Lines expected = lines_of(run_csv(comparison.policies[0]));
  const Lines second = lines_of(run_csv(comparison.policies[1]));
  expected.insert(expected.end(), second.begin() + 1, second.end());

  EXPECT_EQ(found, expected);
  EXPECT_EQ(found[1], "p2c,web.offered,200,,");
  EXPECT_EQ(second[1], "\"p2c(d=3,x=1)\",web.offered,200,,");
}

}  // namespace
}  // namespace weir::report
