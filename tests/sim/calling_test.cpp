// What lies between requesters and workers, in whole scenarios: networks, doors, hedges, callers
// who leave, and the end of a balancer.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include "tests/support/experiment.h"
#include "weir/base/time.h"
#include "weir/runtime/run.h"
#include "weir/sim/simulation.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

ReplicationRecord run(const std::string& toml, const std::vector<std::string>& overrides = {}) {
  const Experiment experiment = make_experiment(toml, overrides);
  return run_replication(experiment, 0, experiment.scenario.horizon.warmup_time);
}

// Requests every tenth of a second, served at once for as long as `service` says.
std::string plain(const std::string& service, const std::string& more = "") {
  return "weir = 1\n[horizon]\ntime = '10s'\nwarmup = 'none'\n[[load]]\nname = 'web'\n"
         "arrival = 'const(10/s)'\nservice = '" +
         service + "'\n[[workers]]\nname = 'w'\nconcurrency = 1000\n" + more;
}

TEST(Network, CountsInTheResponseAlone) {
  const ReplicationRecord record = run(plain("const(20ms)", "[network]\nlatency = 'const(5ms)'\n"));
  const LoadHistograms& latencies = record.loads[0].latencies;
  EXPECT_EQ(latencies.response.min(), 30'000'000);
  EXPECT_EQ(latencies.response.max(), 30'000'000);
  EXPECT_EQ(latencies.wait.max(), 0);
  EXPECT_EQ(latencies.service.max(), 20'000'000);
}

// A request and its reply are lost independently; what reached a worker was served.
TEST(Network, LosesTheShareThatItWasTold) {
  const ReplicationRecord record =
      run(plain("const(20ms)", "[network]\nloss = '10%'\n"),
          {"load.web.timeout=100ms", "load.web.arrival=const(10000/s)"});
  const LoadCounts& counts = record.loads[0].counts;
  const double n = static_cast<double>(counts.offered);
  EXPECT_EQ(n, 100'000);
  const auto near = [n](double count, double share) {
    EXPECT_NEAR(count / n, share, 4 * std::sqrt(share * (1 - share) / n));
  };
  near(static_cast<double>(counts.completed + counts.in_flight), 0.81 + 0.19 * 0.01);
  near(static_cast<double>(record.workers[0].completed), 0.9 * 0.998);
  EXPECT_EQ(counts.timed_out, counts.offered - counts.completed - counts.in_flight);
}

// One worker for 100 a second, 60 come, and once 300 for five seconds. Callers give up after half a
// second and try again three times; what they leave behind in the line is served for nobody. Then
// 240 come for ever: possible wherever load < capacity < load times attempts. Each of these ends
// it: a budget, taking the dead out of the line, serving the newest first.
TEST(CancelOnTimeout, KeepsAServiceDownAfterASpikeIfTurnedOff) {
  const auto goodput = [](const std::vector<std::string>& overrides) {
    const ReplicationRecord record =
        run("weir = 1\n[horizon]\ntime = '120s'\nwarmup = '100s'\n[[load]]\nname = 'web'\n"
            "arrival = 'spike(base=60/s, peak=300/s, at=10s, for=5s)'\nservice = 'exp(10ms)'\n"
            "cancel_on_timeout = false\n"
            "retry = { max = 3, attempt_timeout = '500ms', budget = 'none' }\n[[workers]]\n",
            overrides);
    return static_cast<double>(record.loads[0].counts.good) / record.window_s;
  };
  EXPECT_LT(goodput({}), 1);
  EXPECT_GT(goodput({"load.web.retry.budget=10%"}), 55);
  EXPECT_GT(goodput({"load.web.cancel_on_timeout=true"}), 55);
  EXPECT_GT(goodput({"balancer.queue.discipline=lifo"}), 55);
}

TEST(Shutdown, FinishesWhatIsUnderWayAndTakesNothingMore) {
  const ReplicationRecord record = run(plain("const(1s)", "[shutdown]\nat = '5s'\ndrain = '2s'\n"));
  const LoadCounts& counts = record.loads[0].counts;
  EXPECT_EQ(counts.offered, 100u);
  EXPECT_EQ(counts.completed, 50u);  // those of 0 to 4.9 s
  EXPECT_EQ(counts.rejected, 50u);
  EXPECT_EQ(record.workers[0].completed, 50u);
}

TEST(Shutdown, AbortsWhatDoesNotEndInTime) {
  const ReplicationRecord record =
      run(plain("const(1s)", "[shutdown]\nat = '5s'\ndrain = '550ms'\n"));
  const LoadCounts& counts = record.loads[0].counts;
  EXPECT_EQ(counts.completed, 46u);  // those of 4.6 to 4.9 s would have ended after 5.55 s
  EXPECT_EQ(counts.cancelled, 4u);
  EXPECT_EQ(counts.rejected, 50u);
  EXPECT_EQ(counts.in_flight, 0u);
}

TEST(Shutdown, AtTheEndLetsWhatIsUnderWayFinish) {
  const ReplicationRecord patient =
      run(plain("const(950ms)", "[shutdown]\nat = 'end'\ndrain = '9s'\n"));
  EXPECT_EQ(patient.loads[0].counts.completed, 100u);
  EXPECT_EQ(patient.loads[0].counts.good, 91u);  // inside the window
  const ReplicationRecord hasty =
      run(plain("const(950ms)", "[shutdown]\nat = 'end'\ndrain = '540ms'\n"));
  EXPECT_EQ(hasty.loads[0].counts.completed, 96u);
  EXPECT_EQ(hasty.loads[0].counts.cancelled, 4u);
  const ReplicationRecord without = run(plain("const(950ms)"));
  EXPECT_EQ(without.loads[0].counts.in_flight, 9u);
}

// Also with clients that wait, queues, retries, a network and uploads: no request is without an
// outcome after a shutdown, whenever it comes.
TEST(Shutdown, LeavesNothingInFlight) {
  for (const char* at : {"2s", "end"}) {
    for (const char* drain : {"1ms", "100ms", "20s"}) {
      SCOPED_TRACE(std::string(at) + " " + drain);
      const ReplicationRecord record =
          run("weir = 1\n[horizon]\ntime = '4s'\nwarmup = 'none'\n[[load]]\nname = 'closed'\n"
              "clients = 30\nthink = 'exp(50ms)'\nservice = 'exp(30ms)'\n"
              "retry = { max = 2, attempt_timeout = '100ms' }\n"
              "[[load]]\nname = 'open'\narrival = 'poisson(100/s)'\nservice = 'exp(30ms)'\n"
              "timeout = '1s'\nhedge = { after = '50ms' }\n"
              "[[load]]\nname = 'up'\narrival = 'poisson(20/s)'\nservice = 'exp(1ms)'\n"
              "size = 'exp(100kB)'\nupload = { bandwidth = 'const(1MB/s)', chunk = '10kB' }\n"
              "[network]\nlatency = 'exp(1ms)'\n[[workers]]\ncount = 3\nconcurrency = 2\n"
              "[shutdown]\nat = '" +
              std::string(at) + "'\ndrain = '" + drain + "'\n");
      for (const auto& load : record.loads) {
        const LoadCounts& counts = load.counts;
        EXPECT_EQ(counts.in_flight, 0u);
        EXPECT_EQ(counts.offered, counts.completed + counts.failed + counts.timed_out +
                                      counts.rejected + counts.cancelled);
        EXPECT_EQ(counts.attempts, counts.offered + counts.retries + counts.hedges);
        EXPECT_GT(counts.completed, 0u);
      }
    }
  }
}

// They would be turned away in no time, for ever.
TEST(Shutdown, SendsClientsHome) {
  const ReplicationRecord record =
      run("weir = 1\n[horizon]\ntime = '10s'\nwarmup = 'none'\n[[load]]\nname = 'closed'\n"
          "clients = 3\nservice = 'const(400ms)'\n[[workers]]\nconcurrency = 3\n"
          "[shutdown]\nat = '5s'\n");
  const LoadCounts& counts = record.loads[0].counts;
  EXPECT_EQ(counts.offered, 39u);  // the last three are sent at 4.8 s
  EXPECT_EQ(counts.completed, 39u);
}

// In real time a user's stop comes at once; here the clock is virtual, and the stop comes at 5.05
// s.
TEST(Shutdown, DrainsARunInRealTimeThatIsStopped) {
  for (const bool drains : {true, false}) {
    const Experiment experiment =
        make_experiment(plain("const(1s)", drains ? "[shutdown]\nat = 'end'\ndrain = '5s'\n" : ""));
    const SimulationResult result =
        run_virtual([](const Experiment& what) -> Task<SimulationResult> {
          const CancelScope stop = with_cancel(background());
          WaitGroup user;
          user.go(
              [](Cancel ends) -> Task<> {
                co_await sleep(std::chrono::milliseconds(5050));
                ends();
              },
              stop.cancel);
          SimulationOptions options;
          options.stop = stop.context;
          options.real = true;
          auto simulated = co_await simulate(what, options);
          co_await user.wait();
          co_return simulated;
        }(experiment));
    const LoadCounts& counts = result.record.loads[0].counts;
    EXPECT_TRUE(result.complete);  // as far as it has come
    EXPECT_EQ(counts.offered, 51u);
    EXPECT_EQ(counts.completed, drains ? 51u : 41u);
    EXPECT_EQ(counts.in_flight, drains ? 0u : 10u);
    EXPECT_EQ(counts.rejected, 0u);
  }
}

TEST(Hedge, AddsAttemptsOfItsOwnKind) {
  const ReplicationRecord record =
      run(plain("exp(20ms)"),
          {"load.web.hedge.after=20ms", "load.web.retry.budget=none", "load.web.retry.max=0",
           "load.web.arrival=poisson(1000/s)", "workers.w.concurrency=1000", "workers.w.count=5"});
  const LoadCounts& counts = record.loads[0].counts;
  EXPECT_EQ(counts.retries, 0u);
  EXPECT_GT(counts.hedges, 0u);
  EXPECT_EQ(counts.attempts, counts.offered + counts.hedges);
}

// Writes down the keys and priorities that it meets, and sends to the first worker.
class Reading final : public balance::Policy {
 public:
  explicit Reading(std::vector<balance::Request>& seen) : seen_(seen) {}
  balance::Decision pick(const balance::Request& request, const balance::View&, Random&) override {
    seen_.push_back(request);
    return balance::Decision::send(0);
  }

 private:
  std::vector<balance::Request>& seen_;
};

TEST(Key, IsDrawnForARequestAndKeptByItsRetries) {
  Experiment experiment = make_experiment(
      plain("const(1ms)"), {"load.web.key=zipf(50, s=1.2)", "load.web.priority=-7",
                            "workers.w.failure=100%", "load.web.retry={max=1, budget='none'}"});
  std::vector<balance::Request> seen;
  experiment.policy =
      balance::PolicySpec("reading", [&seen] { return std::make_unique<Reading>(seen); });
  (void)run_replication(experiment, 0, Duration::zero());
  std::map<std::uint64_t, std::uint64_t> keys;  // by request
  for (const balance::Request& request : seen) {
    EXPECT_EQ(request.priority, -7);
    EXPECT_GE(request.key, 1u);
    EXPECT_LE(request.key, 50u);
    EXPECT_EQ(keys.emplace(request.id, request.key).first->second, request.key);
  }
  EXPECT_EQ(keys.size(), 100u);
  EXPECT_GT(seen.size(), 190u);
  const KeyChoice& choice = *experiment.scenario.loads[0].key;
  for (const auto& [id, key] : keys) {
    Random random({experiment.scenario.seed, 0}, "key", id - 1);
    EXPECT_EQ(choice.sample(random), key);
  }
}

// A bucket of five, ten a second; requests come every 50 ms. Full at first: until it is empty all
// pass, then every second one.
TEST(Admission, PolicesToTheToken) {
  const ReplicationRecord record =
      run(plain("const(1ms)"),
          {"load.web.arrival=const(20/s)", "balancer.admission={rate='token(10/s, burst=5)'}"});
  const LoadCounts& counts = record.loads[0].counts;
  EXPECT_EQ(counts.offered, 200u);
  EXPECT_EQ(counts.completed, 104u);  // floor(5 + 10·9.95)
  EXPECT_EQ(counts.rejected, 96u);
}

// The k-th of a burst of twenty passes at (k - b) / r.
TEST(Admission, ShapesToTheToken) {
  const ReplicationRecord record = run(
      plain("const(0s)"), {"load.web.arrival=batch(const(0.1/s), size=20)",
                           "balancer.admission={rate='token(10/s, burst=5)', overflow='block'}"});
  const Histogram& response = record.loads[0].latencies.response;
  EXPECT_EQ(response.count(), 20u);
  EXPECT_EQ(response.max(), 1'500'000'000);
  EXPECT_EQ(std::llround(response.mean()), 600'000'000);
}

// Each arrival process of the format, its count in so many seconds against what it promises, in
// runs of either kind; and as one phase among others.
class EveryArrival : public testing::TestWithParam<const char*> {};

// Counts of twenty replications.
void expect_count(const std::string& arrival, double seconds, const std::string& kind) {
  SCOPED_TRACE(arrival + " " + kind);
  const Experiment experiment = make_experiment(
      "weir = 1\n[horizon]\nkind = '" + kind + "'\ntime = '" + std::to_string(seconds) +
      "s'\n[[load]]\nservice = 'const(1us)'\narrival = '''" + arrival +
      "'''\n[[workers]]\nconcurrency = 100\n");
  const double expected =
      experiment.scenario.loads[0].arrival.expected_count(from_seconds(seconds));
  constexpr int replications = 20;
  double sum = 0;
  double squares = 0;
  for (std::uint32_t i = 0; i < replications; ++i) {
    const auto record = run_replication(experiment, i, Duration::zero());
    const auto count = static_cast<double>(record.loads[0].counts.offered);
    sum += count;
    squares += count * count;
  }
  const double mean = sum / replications;
  const double variance = (squares - sum * mean) / (replications - 1);
  const double error = std::sqrt(std::max(variance, 0.0) / replications);
  EXPECT_NEAR(mean, expected, 4 * error + 1e-9) << "standard error " << error;
  EXPECT_LT(error, 0.1 * expected + 1e-9);
}

TEST_P(EveryArrival, SendsAsManyAsExpected) {
  expect_count(GetParam(), 40, "steady");
  expect_count(GetParam(), 40, "terminating");
  expect_count("phases([10s: poisson(20/s), 40s: " + std::string(GetParam()) + "])", 50,
               "terminating");
}

INSTANTIATE_TEST_SUITE_P(Spellings, EveryArrival,
                         testing::Values("const(100/s)", "poisson(70/s)",
                                         "batch(poisson(10/s), size=geom(4))",
                                         "onoff(on=exp(1s)@100/s, off=exp(1s)@10/s)",
                                         "mmpp([160/s, 20/s], [1/s, 1/s])", "weibull(100/s, k=0.8)",
                                         "ramp(10/s, 100/s, 30s)",
                                         "steps([100/s, 200/s], every=15s)",
                                         "sine(mean=100/s, amplitude=50/s, period=30s)",
                                         "spike(base=40/s, peak=80/s, at=20s, for=5s)"));

// Whatever the shape of a load, and whatever the kind of run.
TEST(Horizon, CountsRequestsOfAllLoadsTogether) {
  for (const char* kind : {"steady", "terminating"}) {
    const ReplicationRecord record =
        run("weir = 1\n[horizon]\nkind = '" + std::string(kind) +
                "'\nrequests = 1000\n[[load]]\nname = 'a'\narrival = 'spike(base=40/s, peak=80/s, "
                "at=2s, "
                "for=5s)'\nservice = 'exp(1ms)'\n[[load]]\nname = 'b'\narrival = 'phases([5s: "
                "poisson(10/s), 5s: const(20/s), 5s: ramp(20/s, 60/s, 5s), 1h: poisson(60/s)])'\n"
                "service = 'exp(1ms)'\n[[load]]\nname = 'c'\nclients = 50\nthink = 'exp(100ms)'\n"
                "service = 'exp(1ms)'\n[[workers]]\ncount = 2\n",
            {"horizon.replications=1"});
    std::uint64_t offered = 0;
    for (const auto& load : record.loads) {
      EXPECT_GT(load.counts.offered, 0u);
      EXPECT_EQ(load.counts.offered, load.counts.completed);
      offered += load.counts.offered;
    }
    EXPECT_EQ(offered, 1000u);
  }
}

}  // namespace
}  // namespace weir::sim
