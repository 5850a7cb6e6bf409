// Reads the [sweep] table of a scenario: axes, zip, baseline, crn.

#pragma once

#include <optional>

#include "weir/sim/sweep.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

// The first error goes to `error`, unless it holds one already.
Sweep read_sweep(const TomlNode& table, std::optional<ScenarioError>& error);

}  // namespace weir::sim
