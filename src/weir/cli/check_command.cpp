#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "weir/base/time.h"
#include "weir/cli/command.h"
#include "weir/cli/outline.h"
#include "weir/cli/output_file.h"
#include "weir/cli/prepare.h"
#include "weir/cli/run.h"
#include "weir/runtime/clock.h"
#include "weir/runtime/processor_count.h"
#include "weir/sim/experiment.h"
#include "weir/sim/prediction.h"

namespace weir::cli {
namespace {

std::string counted(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

// The first moments of the scenario, without what is to come over it.
sim::Scenario pilot_of(sim::Scenario scenario, double share) {
  sim::Horizon& horizon = scenario.horizon;
  horizon.warmup = sim::Horizon::WarmUp::none;
  horizon.warmup_time = Duration::zero();
  horizon.stop.reset();
  if (horizon.time) horizon.time = from_seconds(std::max(1e-9, to_seconds(*horizon.time) * share));
  if (horizon.requests) {
    horizon.requests = static_cast<std::uint64_t>(static_cast<double>(*horizon.requests) * share);
  }
  scenario.faults.clear();
  scenario.shutdown.reset();
  return scenario;
}

// Wall-clock seconds of a whole replication, from a pilot of some thousand requests; empty if
// nobody can tell how many requests there will be.
std::expected<std::optional<double>, std::string> time_of_replication(
    const sim::Scenario& scenario, const balance::Catalog& catalog) {
  constexpr double pilot_requests = 2000;
  const double requests = expected_requests(scenario);
  if (!(requests > 0)) return std::nullopt;
  const double share = std::min(1.0, pilot_requests / requests);
  const auto experiment = make_experiment(pilot_of(scenario, share), catalog);
  if (!experiment) return std::unexpected(experiment.error());
  const TimePoint begin = steady_now();
  sim::run_replication(*experiment, 0, Duration::zero());
  return to_seconds(steady_now() - begin) / share;
}

std::string opening(const Arguments& arguments, const sim::Scenario& scenario) {
  std::uint64_t workers = 0;
  for (const sim::Workers& group : scenario.workers) workers += group.count;
  return arguments.scenario + " is in order: '" + scenario.name + "', " +
         counted(scenario.loads.size(), "load") + ", " + counted(workers, "worker") + ", policy " +
         scenario.balancer.policy + ", " + counted(scenario.horizon.replications, "replication") +
         ", " + counted(scenario.expects.size(), "expectation") + "\n";
}

}  // namespace

Outcome check_command(const Arguments& arguments, const balance::Catalog& catalog) {
  const auto scenario = load_scenario(arguments, catalog);
  if (!scenario) return std::unexpected(scenario.error());
  std::string text = opening(arguments, *scenario);
  if (!arguments.quiet) {
    const auto seconds = time_of_replication(*scenario, catalog);
    if (!seconds) return std::unexpected(seconds.error());
    text += outline(*scenario) + workload(*scenario, *seconds, default_processors()) +
            sim::predictions(*scenario).text();
  }
  if (const auto written = write_standard_output(text); !written) {
    return std::unexpected(written.error());
  }
  return exit_code::pass;
}

}  // namespace weir::cli
