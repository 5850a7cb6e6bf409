#include "weir/cli/bench_scenarios.h"

#include <string_view>

#include "weir/balance/catalog.h"
#include "weir/base/check.h"
#include "weir/sim/scenario_file.h"

namespace weir::cli::shape {
namespace {

sim::Experiment experiment_of(std::string_view toml, Duration time) {
  auto scenario = sim::read_scenario(toml, "bench.toml");
  WEIR_CHECK(scenario.has_value(), "a scenario of the program's own is no scenario");
  scenario->horizon.time = time;
  auto policy = balance::Catalog::standard().make(scenario->balancer.policy);
  return {.scenario = *std::move(scenario), .policy = policy.value()};
}

}  // namespace

sim::Experiment one_server(Duration time) {
  return experiment_of(R"toml(weir = 1
[horizon]
time = "1s"
warmup = "none"
[[load]]
arrival = "poisson(0.9/s)"
service = "exp(1s)"
[[workers]]
count = 1
)toml",
                       time);
}

sim::Experiment ten_workers(Duration time) {
  return experiment_of(R"toml(weir = 1
[horizon]
time = "1s"
warmup = "none"
[[load]]
arrival = "poisson(9/s)"
service = "exp(1s)"
timeout = "20s"
retry = { max = 2, attempt_timeout = "8s" }
[balancer]
policy = "p2c"
[[workers]]
count = 10
)toml",
                       time);
}

}  // namespace weir::cli::shape
