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
    {"pike", "cfb8fa229d1ab73a"},
};

const Pins pinned_policies = {
    {"random", "188e0e10c0362f8e"},        {"round_robin", "21e404c0139a7d36"},
    {"p2c", "46d853c590466d47"},           {"least_loaded", "ca7ab36675d0d4fd"},
    {"central_queue", "82791dc5b09b9533"},
};

const Pins pinned_services = {
    {"exp(10ms)", "2e310b7d49f5ce72"},
    {"uniform(0s, 20ms)", "3ccdbfc1ae347c2b"},
    {"erlang(mean=10ms, k=3)", "fc171d26721a5082"},
    {"hyperexp(mean=10ms, scv=4)", "c3ce89c923c5e26e"},
    {"gamma(mean=10ms, cv=2)", "84fe28fdcf023fbe"},
    {"lognormal(mean=8ms, cv=1.5)", "f78bfb44a14748e6"},
    {"lognormal(p50=5ms, p99=80ms)", "5c881fc858e56dd0"},
    {"weibull(mean=10ms, k=0.5)", "1fcfd74e0e6066da"},
    {"pareto(alpha=1.5, min=1ms, max=1s)", "3c8d50e2ff81c557"},
    {"mix(90%: const(1ms), 10%: exp(50ms))", "14fa6bf4e32bce23"},
};

const Pins pinned_arrivals = {
    {"const(300/s)", "79d3a101103ff15e"},
    {"batch(poisson(80/s), size=geom(4))", "e137a5f87b0875ae"},
    {"onoff(on=exp(100ms)@600/s, off=exp(100ms)@0/s)", "f097f58c2f00e9ef"},
    {"mmpp([500/s, 100/s], [10/s, 10/s])", "32ccd75cbdc1c4d5"},
    {"weibull(300/s, k=0.6)", "4b8bc8b1885679c7"},
    {"ramp(10/s, 600/s, 2s)", "18faa6ff1b6d0981"},
    {"steps([100/s, 400/s], every=500ms)", "100cc0354ad9f6b7"},
    {"sine(mean=300/s, amplitude=200/s, period=1s)", "3707ee38b7a729d8"},
    {"spike(base=100/s, peak=900/s, at=1s, for=300ms)", "beeb39f05a99b889"},
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
