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
    {"pike", "78addcd349bf5bc1"},
};

const Pins pinned_policies = {
    {"random", "c2f71e9c346f648c"},        {"round_robin", "21e404c0139a7d36"},
    {"p2c", "adcc433ad3895dd0"},           {"least_loaded", "e3d25f6f08d87c6e"},
    {"central_queue", "564e723907700591"},
};

const Pins pinned_services = {
    {"exp(10ms)", "ce57dd40f8a420a6"},
    {"uniform(0s, 20ms)", "48f652a2b489ca61"},
    {"erlang(mean=10ms, k=3)", "93c7f0ab001b0c87"},
    {"hyperexp(mean=10ms, scv=4)", "129f3d069f8c1830"},
    {"gamma(mean=10ms, cv=2)", "6736fb2debf282c4"},
    {"lognormal(mean=8ms, cv=1.5)", "7a83c868cf11a5ce"},
    {"lognormal(p50=5ms, p99=80ms)", "06108d97a605ff7c"},
    {"weibull(mean=10ms, k=0.5)", "3e115a7eae4d245c"},
    {"pareto(alpha=1.5, min=1ms, max=1s)", "740c72fa4b46f768"},
    {"mix(90%: const(1ms), 10%: exp(50ms))", "e86b3600e3375ef4"},
};

const Pins pinned_arrivals = {
    {"const(300/s)", "490c80d68ff7fac7"},
    {"batch(poisson(80/s), size=geom(4))", "74dad7f2fce8697e"},
    {"onoff(on=exp(100ms)@600/s, off=exp(100ms)@0/s)", "424ff1dfa564c724"},
    {"mmpp([500/s, 100/s], [10/s, 10/s])", "6edcd10b7df1b42f"},
    {"weibull(300/s, k=0.6)", "33c654c4d2218db7"},
    {"ramp(10/s, 600/s, 2s)", "624a396630c6b3ca"},
    {"steps([100/s, 400/s], every=500ms)", "f0035a72c345529c"},
    {"sine(mean=300/s, amplitude=200/s, period=1s)", "9a69f6536d06b869"},
    {"spike(base=100/s, peak=900/s, at=1s, for=300ms)", "80448cdbccd90e54"},
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
