// What must hold of every replication, whatever the scenario: conservation, Little's law, the
// window, and the same arrivals and demands under every policy.

#include "weir/sim/simulation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/support/experiment.h"
#include "weir/base/random.h"

namespace weir::sim {
namespace {

// One of `texts`.
std::string any(Random& random, const std::vector<std::string>& texts) {
  return texts[random.below(texts.size())];
}

std::string random_load(Random& random, const std::string& name) {
  std::string toml = "[[load]]\nname = '" + name + "'\n";
  toml += any(random, {"arrival = 'poisson(300/s)'\n", "arrival = 'const(250/s)'\n",
                       "arrival = 'batch(poisson(20/s), size=geom(8))'\n",
                       "model = 'closed'\nclients = 7\nthink = 'const(1ms)'\n",
                       "model = 'closed'\nclients = 30\nthink = 'exp(50ms)'\n"});
  toml += any(random, {"service = 'exp(5ms)'\n", "service = 'const(5ms)'\n",
                       "service = 'hyperexp(mean=8ms, scv=9)'\n", "service = 'const(1us)'\n"});
  toml += any(random, {"", "demand = 'request'\n"});
  toml += any(random, {"", "timeout = '30ms'\n", "timeout = '5ms'\n"});
  toml += any(random, {"", "retry = { max = 2, attempt_timeout = '10ms' }\n",
                       "retry = { max = 3, backoff = 'exp(1ms, x2, cap=20ms, jitter=full)' }\n"});
  return toml;
}

std::string random_queue(Random& random) {
  return any(random, {"", "queue = { limit = 0 }\n", "queue = { limit = 3 }\n",
                      "queue = { limit = 5, overflow = 'drop_oldest' }\n",
                      "queue = { limit = 2, overflow = 'block' }\n",
                      "queue = { limit = 4, discipline = 'lifo' }\n",
                      "queue = { limit = 1, discipline = 'lifo', overflow = 'drop_oldest' }\n",
                      "queue = { limit = 'none', discipline = 'lifo' }\n"});
}

std::string random_workers(Random& random, const std::string& name) {
  std::string toml = "[[workers]]\nname = '" + name + "'\n";
  toml += any(random, {"count = 1\n", "count = 3\n"});
  toml += any(random, {"", "speed = 0.5\n", "speed = 3\n"});
  toml += any(random, {"", "concurrency = 4\n"});
  toml += any(random, {"", "work = 'cpu'\n"});
  toml += any(random, {"", "failure = '20%'\n", "failure = '100%'\n"});
  return toml + any(random, {"", random_queue(random)});
}

std::string random_scenario(std::uint64_t seed) {
  Random random({.seed = seed}, "scenario");
  std::string toml = "weir = 1\nseed = " + std::to_string(seed) + "\n[horizon]\n";
  toml += any(random, {"time = '4s'\nwarmup = '1s'\n", "time = '2s'\nwarmup = 'none'\n",
                       "kind = 'terminating'\ntime = '2s'\n", "requests = 500\nwarmup = 'none'\n"});
  toml += random_load(random, "a");
  if (random.below(3) == 0) toml += random_load(random, "b");
  toml += "[balancer]\npolicy = '" +
          any(random, {"p2c", "least_loaded", "round_robin", "random", "central_queue",
                       "central_queue(prefetch=1)", "weighted_round_robin"}) +
          "'\n" + random_queue(random);
  toml += random_workers(random, "w");
  if (random.below(2) == 0) toml += random_workers(random, "v");
  return toml;
}

std::uint64_t outcomes(const LoadCounts& counts) {
  return counts.completed + counts.failed + counts.timed_out + counts.rejected + counts.cancelled +
         counts.in_flight;
}

// How many requests of an open load are meant for the window, counted from the arrivals alone.
std::uint64_t meant_for_window(const Scenario& scenario, std::uint32_t load, Duration warmup) {
  Arrivals arrivals(scenario.loads[load].arrival, Random({scenario.seed, 0}, "arrival", load));
  std::uint64_t count = 0;
  for (Duration at = arrivals.next(); at < *scenario.horizon.time; at = arrivals.next()) {
    if (at >= warmup) ++count;
  }
  return count;
}

TEST(Simulation, AccountsForEveryRequestOfRandomScenarios) {
  for (std::uint64_t seed = 1; seed <= 250; ++seed) {
    const std::string toml = random_scenario(seed);
    SCOPED_TRACE(toml);
    const Experiment experiment = make_experiment(toml);
    const Scenario& scenario = experiment.scenario;
    const Duration warmup = scenario.horizon.warmup_time;
    const ReplicationRecord record = run_replication(experiment, 0, warmup);

    std::uint64_t offered = 0;
    for (std::uint32_t i = 0; i < record.loads.size(); ++i) {
      const LoadCounts& counts = record.loads[i].counts;
      offered += counts.offered;
      EXPECT_EQ(counts.offered, outcomes(counts));
      EXPECT_EQ(counts.attempts - counts.retries, counts.offered);
      EXPECT_EQ(counts.cancelled, 0u);
      EXPECT_EQ(record.loads[i].latencies.response.count(), counts.completed);
      if (scenario.horizon.time && scenario.loads[i].model == Load::Model::open) {
        EXPECT_EQ(counts.offered, meant_for_window(scenario, i, warmup));
      }
    }
    if (scenario.horizon.requests) {
      EXPECT_EQ(offered, *scenario.horizon.requests);
    }
    if (HasFailure()) return;
  }
}

// Σ sojourn = ∫ N(t) dt over a run that starts and ends empty, in whole nanoseconds.
TEST(Simulation, ObeysLittlesLawExactly) {
  for (const char* policy : {"p2c", "round_robin", "central_queue", "random"}) {
    for (const char* load : {"arrival = 'poisson(300/s)'", "model = 'closed'\nclients = 20"}) {
      SCOPED_TRACE(policy);
      const ReplicationRecord record = run_replication(
          make_experiment("weir = 1\n[horizon]\nrequests = 2000\nwarmup = 'none'\n[[load]]\n" +
                          std::string(load) + "\nservice = 'exp(10ms)'\n[balancer]\npolicy = '" +
                          policy + "'\n[[workers]]\ncount = 4\n"),
          0, Duration::zero());
      const double length = record.window_s * 1e9;
      double area = record.line.mean_queue * length;
      for (const WorkerFigures& worker : record.workers) area += worker.mean_in_flight * length;
      const Histogram& response = record.loads[0].latencies.response;
      ASSERT_EQ(response.count(), 2000u);
      const double sojourn = response.mean() * 2000;
      // Below 2^53 ns the doubles are off by less than half of one.
      EXPECT_EQ(std::llround(area), std::llround(sojourn));
    }
  }
}

TEST(Simulation, KeepsWorkersBusyForTheServiceTheyGive) {
  const ReplicationRecord record = run_replication(
      make_experiment("weir = 1\n[horizon]\nrequests = 2000\nwarmup = 'none'\n[[load]]\n"
                      "arrival = 'poisson(300/s)'\nservice = 'exp(10ms)'\n"
                      "[[workers]]\ncount = 2\nconcurrency = 2\n"),
      0, Duration::zero());
  double busy = 0;
  for (const auto& worker : record.workers) busy += worker.utilisation * 2 * record.window_s * 1e9;
  EXPECT_EQ(std::llround(busy), std::llround(record.loads[0].latencies.service.mean() * 2000));
}

// A request each second of five seconds' service: at 10 s the window from 4 s has offered those of
// 4 to 9 s, of which the ones from 6 s on are under way.
TEST(Simulation, CountsByTheIntendedTimeInTheWindow) {
  const ReplicationRecord record = run_replication(
      make_experiment("weir = 1\n[horizon]\ntime = '10s'\nwarmup = '4s'\n[[load]]\n"
                      "arrival = 'const(1/s)'\nservice = 'const(4500ms)'\n"
                      "[balancer]\npolicy = 'least_loaded'\n[[workers]]\ncount = 10\n"),
      0, std::chrono::seconds(4));
  const LoadCounts& counts = record.loads[0].counts;
  EXPECT_EQ(counts.offered, 6u);
  EXPECT_EQ(counts.completed, 2u);
  EXPECT_EQ(counts.in_flight, 4u);
  EXPECT_EQ(counts.good, 6u);  // those of 0 to 5 s are answered at 4.5 to 9.5 s
  EXPECT_EQ(counts.replies, 6u);
  EXPECT_EQ(record.window_s, 6);
  EXPECT_EQ(record.virtual_s, 10);
}

TEST(Simulation, SharesTheNumberOfRequestsAmongLoadsAndClients) {
  const ReplicationRecord record = run_replication(
      make_experiment("weir = 1\n[horizon]\nrequests = 1001\nwarmup = 'none'\n"
                      "[[load]]\nname = 'open'\narrival = 'poisson(30/s)'\nservice = 'exp(1ms)'\n"
                      "[[load]]\nname = 'closed'\nmodel = 'closed'\nclients = 10\n"
                      "service = 'exp(1ms)'\n[[workers]]\ncount = 2\n"),
      0, Duration::zero());
  EXPECT_EQ(record.loads[0].counts.offered + record.loads[1].counts.offered, 1001u);
  EXPECT_GT(record.loads[0].counts.offered, 0u);
  EXPECT_GT(record.loads[1].counts.offered, 0u);
}

TEST(Simulation, HasNoNegativeWindowWhenItEndsBeforeTheWarmUp) {
  const ReplicationRecord record = run_replication(
      make_experiment("weir = 1\n[horizon]\nrequests = 10\nwarmup = '1h'\n[[load]]\n"
                      "arrival = 'const(1/s)'\nservice = 'const(1s)'\n[[workers]]\ncount = 1\n"),
      0, std::chrono::hours(1));
  EXPECT_EQ(record.window_s, 0);
  EXPECT_EQ(record.loads[0].counts.offered, 0u);
}

// With workers that fail and callers that insist, a request's service time shows which attempt's
// draw it was: the first one's, if attempts repeat it.
TEST(Simulation, RepeatsTheDemandOfARequestIfAsked) {
  const auto services = [](const std::string& demand, const std::string& failure) {
    return run_replication(
               make_experiment("weir = 1\n[horizon]\nrequests = 500\nwarmup = 'none'\n[[load]]\n"
                               "arrival = 'poisson(100/s)'\nservice = 'exp(10ms)'\ndemand = '" +
                               demand +
                               "'\nretry = { max = 100, budget = 'none' }\n"
                               "[[workers]]\ncount = 4\nfailure = '" +
                               failure + "'\n"),
               0, Duration::zero())
        .loads[0]
        .latencies.service;
  };
  EXPECT_EQ(services("request", "50%"), services("request", "0%"));
  EXPECT_EQ(services("attempt", "0%"), services("request", "0%"));
  EXPECT_NE(services("attempt", "50%"), services("attempt", "0%"));
  EXPECT_EQ(services("attempt", "50%").count(), 500u);
}

// Writes down when each request came to the balancer, and lets another policy decide.
using Journal = std::map<std::uint64_t, TimePoint>;

class Recording final : public balance::Policy {
 public:
  Recording(Journal& journal, std::unique_ptr<Policy> policy)
      : journal_(journal), policy_(std::move(policy)) {}

  balance::Decision pick(const balance::Request& request, const balance::View& view,
                         Random& random) override {
    journal_.emplace(request.id, request.arrived);
    return policy_->pick(request, view, random);
  }
  void on_event(const balance::Event& event, const balance::View& view, Random& random) override {
    policy_->on_event(event, view, random);
  }
  TimePoint next_tick() const override { return policy_->next_tick(); }

 private:
  Journal& journal_;
  const std::unique_ptr<Policy> policy_;
};

TEST(Simulation, GivesEveryPolicyTheSameArrivalsAndDemands) {
  Journal first_journal;
  std::optional<Histogram> first_services;
  for (const char* name : {"random", "round_robin", "p2c", "least_loaded", "central_queue"}) {
    SCOPED_TRACE(name);
    Experiment experiment = make_experiment(
        "weir = 1\n[horizon]\nrequests = 3000\nwarmup = 'none'\n[[load]]\n"
        "arrival = 'poisson(300/s)'\nservice = 'exp(10ms)'\n[[workers]]\n"
        "count = 4\n",
        {std::string("balancer.policy=") + name});
    Journal journal;
    experiment.policy = balance::PolicySpec(name, [&journal, inner = experiment.policy] {
      return std::make_unique<Recording>(journal, inner.make());
    });
    const ReplicationRecord record = run_replication(experiment, 0, Duration::zero());
    if (!first_services) {
      first_journal = journal;
      first_services = record.loads[0].latencies.service;
    }
    EXPECT_EQ(journal.size(), 3000u);
    EXPECT_EQ(journal, first_journal);
    EXPECT_EQ(record.loads[0].latencies.service, *first_services);
  }
}

// Time would stand still for ever.
TEST(Simulation, RefusesClientsThatAskAgainInNoTime) {
  for (const char* scenario :
       {"service = 'const(0s)'\n[[workers]]\ncount = 1\n",
        "service = 'exp(1s)'\n[balancer]\nqueue = { limit = 0 }\n[[workers]]\ncount = 1\n"}) {
    const Experiment experiment = make_experiment(
        std::string("weir = 1\n[horizon]\ntime = '10s'\n[[load]]\nname = 'eager'\n") +
        "model = 'closed'\nclients = 2\n" + scenario);
    try {
      run_replication(experiment, 0, Duration::zero());
      ADD_FAILURE() << "no complaint";
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()).find("'eager'"), std::string::npos) << error.what();
    }
  }
}

TEST(Simulation, TakesAnotherPathForAnotherSeedOrNumber) {
  const Experiment experiment = make_experiment(
      "weir = 1\nseed = 5\n[horizon]\nrequests = 100\nwarmup = 'none'\n[[load]]\n"
      "arrival = 'poisson(300/s)'\nservice = 'exp(10ms)'\n[[workers]]\ncount = 4\n");
  Experiment other = experiment;
  other.scenario.seed = 6;
  const auto hash = [](const Experiment& each, std::uint32_t number) {
    return run_replication(each, number, Duration::zero()).hash;
  };
  EXPECT_EQ(hash(experiment, 0), hash(experiment, 0));
  EXPECT_NE(hash(experiment, 0), hash(experiment, 1));
  EXPECT_NE(hash(experiment, 0), hash(other, 0));
}

}  // namespace
}  // namespace weir::sim
