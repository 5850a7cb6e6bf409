#include <cstddef>
#include <cstdint>

#include "weir/cli/command.h"
#include "weir/cli/output_file.h"
#include "weir/cli/prepare.h"
#include "weir/cli/run.h"
#include "weir/sim/prediction.h"

namespace weir::cli {
namespace {

std::string counted(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

}  // namespace

Outcome check_command(const Arguments& arguments, const balance::Catalog& catalog) {
  const auto scenario = load_scenario(arguments, catalog);
  if (!scenario) return std::unexpected(scenario.error());
  std::uint64_t workers = 0;
  for (const sim::Workers& group : scenario->workers) workers += group.count;
  const std::string text = arguments.scenario + " is in order: '" + scenario->name + "', " +
                           counted(scenario->loads.size(), "load") + ", " +
                           counted(workers, "worker") + ", policy " + scenario->balancer.policy +
                           ", " + counted(scenario->horizon.replications, "replication") + ", " +
                           counted(scenario->expects.size(), "expectation") + "\n" +
                           sim::predictions(*scenario).text();
  if (const auto written = write_standard_output(text); !written) {
    return std::unexpected(written.error());
  }
  return exit_code::pass;
}

}  // namespace weir::cli
