// A tree as TOML text: what parse_toml() reads back as the same tree, places apart.

#pragma once

#include <string>

#include "weir/sim/toml_tree.h"

namespace weir::sim {

// Values of the root first, then its tables and lists of tables under their headers; whatever is
// deeper stands inline. Requires: the root is a table.
std::string toml_text(const TomlNode& root);

}  // namespace weir::sim
