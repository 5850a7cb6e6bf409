// From arguments to experiments that are ready to run: everything that can be wrong with the input
// is found here, before anything starts.

#pragma once

#include <expected>
#include <string>
#include <vector>

#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"
#include "weir/sim/experiment.h"
#include "weir/sim/scenario.h"

namespace weir::cli {

// The scenario that the arguments name, with all that they change in it but the policy. A word that
// is the name of a shipped scenario is that scenario; "./pike" is the file. The error is one line.
std::expected<sim::Scenario, std::string> load_scenario(const Arguments& arguments,
                                                        const balance::Catalog& catalog);

// One experiment for each policy of the arguments, or one under the scenario's own policy.
std::expected<std::vector<sim::Experiment>, std::string> prepare_experiments(
    const Arguments& arguments, const balance::Catalog& catalog);

}  // namespace weir::cli
