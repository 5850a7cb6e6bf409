// Reads a scenario from TOML: strictly, and with one clear line for whatever is wrong.
//
// A key that is not known, or not supported yet, is an error: a simulation that leaves out what was
// asked for is worse than none. Quantities carry their units. The first error is reported and
// nothing else; fixing one often fixes the next.

#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

struct ReadOptions {
  // What is wrong with a policy such as "p2c(d=3)", in one line; nothing if it is known. The
  // catalogue of policies is the caller's; without this check any policy passes.
  std::function<std::optional<std::string>(std::string_view)> check_policy = nullptr;
};

// `file` is for messages, and its stem is the name of a scenario that has none. Each override is
// "key.path=value" (see toml_override.h), applied in order before reading.
std::expected<Scenario, ScenarioError> read_scenario(std::string_view toml, std::string_view file,
                                                     std::span<const std::string> overrides = {},
                                                     const ReadOptions& options = {});

}  // namespace weir::sim
