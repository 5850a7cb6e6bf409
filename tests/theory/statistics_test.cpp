// Whether the statistics keep their promises: intervals cover what they say, and meeting the same
// arrivals makes policies easier to tell apart. Bounded: some 40 million requests.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/support/experiment.h"
#include "weir/cli/measure.h"
#include "weir/sim/summary.h"

namespace weir::theory {
namespace {

using sim::Experiment;

std::vector<sim::RunRecord> run_all(std::vector<Experiment> experiments) {
  return cli::measure(std::move(experiments), {.shown = cli::Shown::nothing}).records;
}

// M/M/1 at 0.8 in units of the mean service; ten replications of 10,000 requests.
Experiment one_server(int seed) {
  return sim::make_experiment(
      "weir = 1\nseed = " + std::to_string(seed) +
      "\nhorizon = { time = '13000s', warmup = '500s', replications = 10 }\n"
      "load = [{ name = 'web', arrival = 'poisson(0.8/s)', service = 'exp(1s)' }]\n"
      "workers = [{ name = 'w' }]\n");
}

bool covers(const std::optional<sim::Interval>& interval, double exact) {
  return interval && interval->low <= exact && exact <= interval->high;
}

// Nominal 95 %. Observations of one run depend on each other: intervals that took them for
// independent would cover one time in six here. Of 200 experiments 90 to 98 % must.
TEST(Intervals, CoverTheMeanAndTheTailOfMM1) {
  std::vector<Experiment> experiments;
  for (int seed = 1; seed <= 200; ++seed) experiments.push_back(one_server(seed));
  int mean = 0, p99 = 0;
  for (const sim::RunRecord& record : run_all(std::move(experiments))) {
    const sim::LatencySummary response = sim::summarise(record).loads[0].response;
    mean += covers(response.ci95.mean, 5) ? 1 : 0;
    p99 += covers(response.ci95.p99, 5 * std::log(100)) ? 1 : 0;
  }

  std::printf("  of 200 intervals %d cover the mean, %d the p99\n", mean, p99);
  EXPECT_GE(mean, 180);
  EXPECT_LE(mean, 196);
  EXPECT_GE(p99, 180);
  EXPECT_LE(p99, 196);
}

// One run of 40,000 requests, to be cut into batches.
Experiment one_long_run(int seed) {
  return sim::make_experiment(
      "weir = 1\nseed = " + std::to_string(seed) +
      "\nhorizon = { time = '50500s', warmup = '500s', replications = 1 }\n"
      "load = [{ name = 'web', arrival = 'poisson(0.8/s)', service = 'exp(1s)' }]\n"
      "workers = [{ name = 'w' }]\n");
}

// What a run in real time relies on, in virtual time. A p99 of some twenty batches alone would be
// covered four times in five: it comes from a third as many, three times as long.
TEST(BatchMeans, CoverTheMeanAndTheTailOfMM1) {
  std::vector<Experiment> experiments;
  for (int seed = 1; seed <= 200; ++seed) experiments.push_back(one_long_run(seed));
  const auto records =
      cli::measure(std::move(experiments), {.batches = true, .shown = cli::Shown::nothing}).records;
  int mean = 0, median = 0, p99 = 0;
  for (const sim::RunRecord& record : records) {
    const sim::LatencySummary response = sim::summarise(record).loads[0].response;
    mean += covers(response.ci95.mean, 5) ? 1 : 0;
    median += covers(response.ci95.p50, 5 * std::log(2)) ? 1 : 0;
    p99 += covers(response.ci95.p99, 5 * std::log(100)) ? 1 : 0;
  }

  std::printf("  of 200 intervals from batches %d cover the mean, %d the p50, %d the p99\n", mean,
              median, p99);
  for (const int covering : {mean, median, p99}) {
    EXPECT_GE(covering, 180);
    EXPECT_LE(covering, 196);
  }
}

constexpr std::uint32_t pairs = 100;

// Mean response of each replication: ten workers at 0.8, 20,000 requests.
std::vector<double> ten_workers(const std::string& policy, int seed) {
  const Experiment experiment = sim::make_experiment(
      "weir = 1\nseed = " + std::to_string(seed) +
      "\nhorizon = { time = '2600s', warmup = '100s', replications = " + std::to_string(pairs) +
      " }\nload = [{ name = 'web', arrival = 'poisson(8/s)', service = 'exp(1s)' }]\n"
      "balancer = { policy = '" +
      policy + "' }\nworkers = [{ name = 'w', count = 10 }]\n");
  std::vector<double> means;
  const auto records = run_all({experiment});  // g++ 12 would end its life too early below
  for (const auto& points : records[0].loads[0].response.replications) {
    means.push_back(points.mean);
  }
  return means;
}

double variance_of_difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
  const auto n = static_cast<double>(a.size());
  const double mean = std::accumulate(differences.begin(), differences.end(), 0.0) / n;
  double squares = 0;
  for (const double value : differences) squares += (value - mean) * (value - mean);
  return squares / (n - 1);
}

TEST(CommonRandomNumbers, MakeTwoGoodPoliciesThreeTimesEasierToTellApart) {
  const auto choices = ten_workers("p2c", 1);
  const double common = variance_of_difference(choices, ten_workers("least_loaded", 1));
  const double independent = variance_of_difference(choices, ten_workers("least_loaded", 2));

  std::printf("  variance of the difference: %.3g, with independent seeds %.1f times that\n",
              common, independent / common);
  EXPECT_GE(independent, 3 * common);
}

}  // namespace
}  // namespace weir::theory
