// The same run everywhere: hashes that hold for every compiler, build type and processor.
//
// A run's hash covers every step of its scheduler and every outcome. When the order of steps
// changes on purpose, in the runtime or the balancer, the failure prints the new rows to be pasted
// here, once release, debug and the second compiler agree on them.

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <utility>

#include "tests/support/experiment.h"
#include "weir/sim/result.h"

namespace weir::sim {
namespace {

using Pins = std::vector<std::pair<std::string, std::string>>;

const Pins pinned_shipped = {
    {"pike", "120e28d728c8557d"},
};

const Pins pinned_policies = {
    {"random", "35864764f396e4ff"},        {"round_robin", "36bafaa51dc7a5bf"},
    {"p2c", "37cff526022c05a1"},           {"least_loaded", "4e3660751ca0cc5e"},
    {"central_queue", "af9d6d6e0ed359a9"},
};

const Pins pinned_services = {
    {"exp(10ms)", "e8f65c8a0c0fd665"},
    {"uniform(0s, 20ms)", "55cd05b836bdf656"},
    {"erlang(mean=10ms, k=3)", "7a69a5ec1a34403d"},
    {"hyperexp(mean=10ms, scv=4)", "dd99e4b6ddb5e309"},
    {"gamma(mean=10ms, cv=2)", "01503ce23a3cd8c7"},
    {"lognormal(mean=8ms, cv=1.5)", "04e272771513e25b"},
    {"lognormal(p50=5ms, p99=80ms)", "0094051112649d95"},
    {"weibull(mean=10ms, k=0.5)", "607477b506f9321c"},
    {"pareto(alpha=1.5, min=1ms, max=1s)", "e8d405d623b72869"},
    {"mix(90%: const(1ms), 10%: exp(50ms))", "9c3d867d3d26d1aa"},
};

const Pins pinned_arrivals = {
    {"const(300/s)", "c581b652b25e072a"},
    {"batch(poisson(80/s), size=geom(4))", "fc148a99f533f835"},
    {"onoff(on=exp(100ms)@600/s, off=exp(100ms)@0/s)", "1ddeab4553de03cc"},
    {"mmpp([500/s, 100/s], [10/s, 10/s])", "8564b420c6cb9ac8"},
    {"weibull(300/s, k=0.6)", "c5e2856b01ae4059"},
    {"ramp(10/s, 600/s, 2s)", "0d782f6e1c99031a"},
    {"steps([100/s, 400/s], every=500ms)", "7d9467dd62947e9b"},
    {"sine(mean=300/s, amplitude=200/s, period=1s)", "ee25427aa2003b87"},
    {"spike(base=100/s, peak=900/s, at=1s, for=300ms)", "c516cd6c57382446"},
};

std::string shipped(const std::string& name) {
  const std::ifstream file(std::string(WEIR_SOURCE_DIR) + "/scenarios/" + name + ".toml");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Retries, back-off, timeouts, failures, full queues, and work that holds a processor.
std::string busy(const std::string& arrival, const std::string& service) {
  return "weir = 1\nseed = 3\n[horizon]\ntime = '2s'\nwarmup = 'none'\n[[load]]\narrival = '" +
         arrival + "'\nservice = '" + service +
         "'\ntimeout = '80ms'\nretry = { max = 2, attempt_timeout = '40ms' }\n[balancer]\n"
         "policy = 'p2c'\nqueue = { limit = 4, overflow = 'drop_oldest' }\n[[workers]]\n"
         "name = 'a'\ncount = 2\nfailure = '5%'\n[[workers]]\nname = 'b'\nwork = 'cpu'\n"
         "concurrency = 2\n";
}

std::string hash_of(const Experiment& experiment) {
  RunRecord record = RunRecord::of(experiment.scenario);
  for (std::uint32_t i = 0; i < 2; ++i) {
    record.add(run_replication(experiment, i, Duration::zero()));
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(record.run_hash));
  return text;
}

void expect_pins(const Pins& pins,
                 const std::function<Experiment(const std::string&)>& experiment) {
  for (const auto& [name, hash] : pins) {
    const std::string measured = hash_of(experiment(name));
    if (measured != hash) ADD_FAILURE() << "    {\"" << name << "\", \"" << measured << "\"},";
  }
}

TEST(Determinism, HoldsForShippedScenarios) {
  expect_pins(pinned_shipped, [](const std::string& name) {
    return make_experiment(shipped(name), {"horizon.time=300s", "horizon.warmup=none"});
  });
}

TEST(Determinism, HoldsForEveryPolicy) {
  expect_pins(pinned_policies, [](const std::string& policy) {
    return make_experiment(shipped("strategies"),
                           {"horizon.time=2s", "horizon.warmup=none", "balancer.policy=" + policy});
  });
}

TEST(Determinism, HoldsForEveryServiceTime) {
  expect_pins(pinned_services, [](const std::string& service) {
    return make_experiment(busy("poisson(300/s)", service));
  });
}

TEST(Determinism, HoldsForEveryArrivalProcess) {
  expect_pins(pinned_arrivals, [](const std::string& arrival) {
    return make_experiment(busy(arrival, "exp(10ms)"));
  });
}

}  // namespace
}  // namespace weir::sim
