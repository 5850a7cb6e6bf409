// What must hold of every run with faults, whichever they are: every request has one outcome, the
// run ends, and the same seed gives the same run.

#include <gtest/gtest.h>

#include "tests/support/experiment.h"
#include "weir/base/random.h"

namespace weir::sim {
namespace {

std::string any(Random& random, const std::vector<std::string>& texts) {
  return texts[random.below(texts.size())];
}

std::string random_fault(Random& random) {
  std::string toml = "[[fault]]\n";
  toml += any(random, {"kind = 'crash'\n", "kind = 'crash'\ndetect = '100ms'\n",
                       "kind = 'crash'\nreplies = 'lost'\n",
                       "kind = 'crash'\nreplies = 'lost'\ndetect = '300ms'\n",
                       "kind = 'crash'\ncold = { factor = 8, for = '200ms' }\n",
                       "kind = 'restart'\ngrace = '20ms'\nbatch = 1\n", "kind = 'drain'\n",
                       "kind = 'slow'\nfactor = 5\n", "kind = 'freeze'\n", "kind = 'hang'\n",
                       "kind = 'black_hole'\n", "kind = 'error'\nshare = '40%'\n",
                       "kind = 'lost_reply'\nshare = '30%'\n",
                       "kind = 'late_reply'\ndelay = 'exp(50ms)'\nshare = '50%'\n",
                       "kind = 'cold_start'\nfactor = 10\n", "kind = 'scale'\nconcurrency = 3\n",
                       "kind = 'scale'\ncount = 1\n"});
  toml +=
      any(random, {"at = '0.3s'\nfor = '0.4s'\n", "at = '0.1s'\nfor = '0.2s'\nevery = '0.5s'\n",
                   "at = '0s'\nfor = '30s'\n", "uptime = 'exp(300ms)'\ndowntime = 'exp(200ms)'\n"});
  return toml + any(random, {"", "target = 'w[0]'\n", "target = 'w'\n", "fraction = '50%'\n"});
}

std::string random_scenario(std::uint64_t seed) {
  Random random({.seed = seed}, "scenario");
  std::string toml = "weir = 1\nseed = " + std::to_string(seed) + "\n[horizon]\nwarmup = 'none'\n";
  toml += any(random, {"time = '2s'\n", "requests = 400\n"});
  toml += "[[load]]\nname = 'a'\ntimeout = '150ms'\n";
  toml += any(random, {"arrival = 'poisson(300/s)'\n", "arrival = 'const(250/s)'\n",
                       "model = 'closed'\nclients = 20\nthink = 'exp(20ms)'\n"});
  toml += any(random, {"service = 'exp(5ms)'\n", "service = 'const(5ms)'\n",
                       "service = 'hyperexp(mean=8ms, scv=9)'\n"});
  toml += any(random, {"", "retry = { max = 2, attempt_timeout = '40ms' }\n"});
  toml += "[balancer]\npolicy = '" +
          any(random, {"p2c", "least_loaded", "round_robin", "random", "central_queue",
                       "weighted_round_robin"}) +
          "'\n";
  toml += any(random, {"", "queue = { limit = 3 }\n", "queue = { limit = 2, overflow = 'block' }\n",
                       "queue = { limit = 2, overflow = 'drop_oldest' }\n",
                       "queue = { limit = 5, discipline = 'lifo' }\n"});
  toml += any(random, {"", "stale = '50ms'\n"});
  toml += "[[workers]]\nname = 'w'\ncount = 3\n";
  toml += any(random, {"", "concurrency = 2\n", "serve = 'ps'\n", "serve = 'ps'\ncores = 2\n",
                       "uptime = 'exp(400ms)'\ndowntime = 'exp(100ms)'\n"});
  for (std::uint64_t i = random.below(4); i > 0; --i) toml += random_fault(random);
  return toml;
}

void expect_outcomes(std::uint64_t seeds, std::uint64_t balancers) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::string toml = random_scenario(seed);
    const bool one_is_needed = toml.find("'block'") != std::string::npos;
    if (balancers > 1 && one_is_needed) continue;
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + toml);
    const Experiment experiment =
        make_experiment(toml, {"balancer.count=" + std::to_string(balancers)});
    const ReplicationRecord record = run_replication(experiment, 0, Duration::zero());
    const LoadCounts& counts = record.loads[0].counts;
    EXPECT_GT(counts.offered, 0u);
    EXPECT_EQ(counts.offered, counts.completed + counts.failed + counts.timed_out +
                                  counts.rejected + counts.cancelled + counts.in_flight);
    EXPECT_EQ(counts.attempts - counts.retries, counts.offered);
    EXPECT_EQ(record.loads[0].latencies.response.count(), counts.completed);
    for (const WorkerFigures& worker : record.workers) EXPECT_GE(worker.mean_queue, 0);
    if (seed % 10 == 0) {
      EXPECT_EQ(run_replication(experiment, 0, Duration::zero()).hash, record.hash);
    }
    if (testing::Test::HasFailure()) return;
  }
}

TEST(FaultConservation, EveryRequestHasOneOutcome) {
  expect_outcomes(250, 1);
}

TEST(FaultConservation, EveryRequestOfSeveralBalancersHasOneOutcome) {
  expect_outcomes(250, 3);
}

}  // namespace
}  // namespace weir::sim
