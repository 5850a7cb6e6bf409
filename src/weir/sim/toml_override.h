// One --set key.path=value, laid over a scenario before it is read.
//
// The value is parsed as TOML; what is no TOML is a text, so policy=p2c needs no quotes. Absent
// keys are created, and the reader will refuse the misspelt ones. A table in a list is addressed by
// its name, a nameless one by its index; the index one past the end adds a table.

#pragma once

#include <expected>
#include <string_view>

#include "weir/sim/toml_tree.h"

namespace weir::sim {

// Whatever comes from an override has that override as its place, without a line.
std::expected<void, ScenarioError> apply_override(TomlNode& root, std::string_view assignment);

}  // namespace weir::sim
