// Reads the table `queue`, of the balancer or of a group of workers.

#pragma once

#include <optional>
#include <string>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

// What the table leaves out stays as it is. `error` receives the first error unless it holds one.
void read_queue(const TomlNode& table, std::string title, Queue& queue,
                std::optional<ScenarioError>& error);

}  // namespace weir::sim
