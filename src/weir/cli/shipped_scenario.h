// Scenarios that travel inside the program, so that `weir run pike` works in any folder.
//
// The table is written by the build from the files in scenarios/.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

struct ShippedScenario {
  std::string_view name;  // of the file, without ".toml"
  std::string_view toml;  // the file, byte by byte
};

// By name.
std::span<const ShippedScenario> shipped_scenarios();

const ShippedScenario* find_shipped(std::string_view name);
std::vector<std::string_view> shipped_names();

// The question a scenario opens with: its first comment up to the first question mark, or else up
// to the first full stop, on one line. Empty if it does not open with a comment.
std::string opening_question(std::string_view toml);

}  // namespace weir::cli
