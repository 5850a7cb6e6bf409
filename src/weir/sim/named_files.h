// The files that a scenario names in its traces and empirical distributions.

#pragma once

#include <string>
#include <vector>

#include "weir/sim/toml_tree.h"

namespace weir::sim {

// As they are written, each once, in the order of their names: the CSV files of trace("…") and
// empirical("…") anywhere in the tree.
std::vector<std::string> named_files(const TomlNode& tree);

}  // namespace weir::sim
