// What callers meet before a worker, against exact results: slots held by slow uploads, token
// buckets, hedges, a network; and the same service under an open and a closed load.

#include <gtest/gtest.h>

#include "tests/theory/measured.h"
#include "weir/sim/theory_attempts.h"
#include "weir/sim/theory_markov.h"

namespace weir::theory {
namespace {

using namespace sim::theory;

double hedges_each(const ReplicationRecord& record) {
  const auto& counts = record.loads[0].counts;
  return static_cast<double>(counts.hedges) / static_cast<double>(counts.offered);
}

// Ten slots, eight uploads of a second on average under way if there were room. Erlang's formula
// knows of the upload time nothing but its mean.
std::string uploads(const std::string& size, const std::string& bandwidth = "const(1MB/s)") {
  return "weir = 1\nseed = 5\n[horizon]\ntime = '20000s'\n[[load]]\nname = 'up'\n"
         "arrival = 'poisson(8/s)'\nservice = 'const(0s)'\nsize = '" +
         size + "'\nupload = { bandwidth = '" + bandwidth +
         "', chunk = '250kB' }\n[balancer]\nslots = 10\n[[workers]]\nconcurrency = 100\n";
}

TEST(SlowUploads, FindNoSlotWithErlangsProbabilityWhateverTheirSizes) {
  const double blocked = Erlang(10, 0.8).blocked();
  for (const char* size : {"const(1MB)", "exp(1MB)", "hyperexp(mean=1MB, scv=9)",
                           "pareto(alpha=1.5, min=354357B, max=100MB)"}) {
    const Measured measured(uploads(size));
    expect_exact(size, measured.each(rejected_share), blocked);
  }
}

// The same where bandwidths differ, where stalls come in between, and where the slot is a worker's.
TEST(SlowUploads, MayAlsoDifferInBandwidthStallOrWaitAtAWorker) {
  const double blocked = Erlang(10, 0.8).blocked();
  const Measured slow_lines(
      uploads("exp(1MB)", "mix(50%: const(2MB/s), 50%: const(0.666666667MB/s))"));
  expect_exact("two bandwidths", slow_lines.each(rejected_share), blocked);
  const Measured stalled(uploads("const(500kB)"), {"load.up.upload.stall=25%: exp(1s)"});
  expect_exact("stalls", stalled.each(rejected_share), blocked);
  const Measured at_worker(uploads("exp(1MB)"),
                           {"load.up.upload.holds=worker", "balancer.slots=1000000",
                            "workers.0.concurrency=10", "balancer.queue.limit=0"});
  expect_exact("at a worker", at_worker.each(rejected_share), blocked);
}

std::string bucket(const std::string& rate, const std::string& admission) {
  return "weir = 1\nseed = 9\n[horizon]\ntime = '20000s'\n[[load]]\nname = 'web'\n"
         "arrival = 'poisson(" +
         rate + ")'\nservice = 'const(0s)'\n[balancer]\nadmission = { " + admission +
         " }\n[[workers]]\nconcurrency = 100\n";
}

TEST(TokenBucket, PolicesAsExactAsTheory) {
  for (const int burst : {1, 3, 10}) {
    for (const double rate : {8.0, 12.0}) {
      const sim::theory::TokenBucket exact{.lambda = rate / 10,
                                           .burst = static_cast<double>(burst)};
      const std::string name = std::to_string(burst) + " at " + std::to_string(rate);
      if (exact.dropped() < 0.02) continue;  // would take too long to measure
      const Measured measured(bucket(std::to_string(rate) + "/s",
                                     "rate = 'token(10/s, burst=" + std::to_string(burst) + ")'"));
      expect_exact(name, measured.each(rejected_share), exact.dropped());
    }
  }
}

TEST(TokenBucket, ShapesAsExactAsTheory) {
  for (const int burst : {1, 3}) {
    const sim::theory::TokenBucket exact{.lambda = 0.8, .burst = static_cast<double>(burst)};
    const Measured measured(bucket(
        "8/s", "rate = 'token(10/s, burst=" + std::to_string(burst) + ")', overflow = 'block'"));
    expect_exact(std::to_string(burst), measured.each(mean_response), exact.delay() / 10);
  }
}

TEST(Hedging, CutsTheMeanByHalfOfWhatItCosts) {
  for (const double after : {0.25, 0.5, 1.0, 2.0}) {
    const Hedged exact{.after = after};
    const Measured measured(
        "weir = 1\nseed = 4\n[horizon]\ntime = '10000s'\n[[load]]\nname = 'web'\n"
        "arrival = 'poisson(20/s)'\nservice = 'exp(1s)'\nretry = { max = 0, budget = 'none' }\n"
        "hedge = { after = '" +
        std::to_string(after) + "s' }\n[[workers]]\ncount = 2\nconcurrency = 1000\n");
    const std::string name = "after " + std::to_string(after);
    expect_exact(name + " mean", measured.each(mean_response), exact.response());
    expect_exact(name + " extra", measured.each(hedges_each), exact.extra());
    expect_exact(name + " p99", measured.each(response_quantile(0.99)), exact.quantile(0.99));
  }
}

// Where p95 is what was seen, one of twenty is sent twice.
TEST(Hedging, AtAQuantileCostsWhatTheQuantileLeaves) {
  const Measured measured(
      "weir = 1\nseed = 4\n[horizon]\ntime = '20000s'\n[[load]]\nname = 'web'\n"
      "arrival = 'poisson(20/s)'\nservice = 'exp(1s)'\nretry = { max = 0, budget = 'none' }\n"
      "hedge = { after = 'p90' }\n[[workers]]\ncount = 2\nconcurrency = 1000\n");
  double sum = 0;
  for (const double share : measured.each(hedges_each)) sum += share / 10;
  EXPECT_NEAR(sum, 0.1, 0.003);
}

// Both ways of a network are two more service times at servers without end: M/G/infinity.
TEST(Network, AddsItsMeanTwice) {
  const Measured measured(
      "weir = 1\nseed = 4\n[horizon]\ntime = '10000s'\n[[load]]\nname = 'web'\n"
      "arrival = 'poisson(20/s)'\nservice = 'exp(1s)'\n[network]\nlatency = 'exp(500ms)'\n"
      "[[workers]]\nconcurrency = 1000\n");
  expect_exact("response", measured.each(mean_response), 2);
}

// Brooker 2023: most requests take 0.1 ms and one of a thousand 10 ms. Means of the open load by
// Pollaczek and Khinchine, quantiles of the closed one from the mixture itself.
TEST(OpenOrClosed, DiffersByTwoOrdersOfMagnitude) {
  const std::string service = "service = 'mix(99.9%: exp(0.1ms), 0.1%: exp(10ms))'\n";
  const std::string head = "weir = 1\nseed = 6\n[horizon]\ntime = '200s'\n[[load]]\nname = 'web'\n";
  const Measured closed(head + "clients = 1\n" + service + "[[workers]]\n");
  expect_exact("closed p50", closed.each(response_quantile(0.5)), 0.069413e-3);
  expect_exact("closed p99", closed.each(response_quantile(0.99)), 0.470444e-3);
  const Measured open(head + "arrival = 'poisson(7279.344859/s)'\n" + service + "[[workers]]\n",
                      {"horizon.time=1000s"});
  expect_exact("open mean", open.each(mean_response), 4.113176e-3);
  expect_exact("open p50", open.each(response_quantile(0.5)), 0.418166e-3);
  expect_exact("open p99", open.each(response_quantile(0.99)), 45.797509e-3);
}

}  // namespace
}  // namespace weir::theory
