// Reads horizon.stop: to what precision replications are added.

#pragma once

#include <optional>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

// The first error goes to `error`, unless it holds one already. That the metric names a load or a
// worker is checked by check_stop(), when these have been read.
StopRule read_stop(const TomlNode& table, std::optional<ScenarioError>& error);
void check_stop(const TomlNode& table, const Scenario& scenario,
                std::optional<ScenarioError>& error);

}  // namespace weir::sim
