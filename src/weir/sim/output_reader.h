// Reads [output]: which files a run leaves, and in which folder.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

// The names of files, where the table says no more than that there shall be one.
namespace output_file {
inline constexpr std::string_view json = "result.json";
inline constexpr std::string_view csv = "figures.csv";
inline constexpr std::string_view log = "requests.csv";
}  // namespace output_file

// The first error goes to `error`, unless it holds one already.
Output read_output(const TomlNode& table, std::optional<ScenarioError>& error);

// What the places in `dir` stand for.
struct OutputNames {
  std::string name{};
  std::string seed{};
  std::string policy{};
};

// The folder of `output`, places filled in. A value stays within its part of the path: a slash in
// it becomes a hyphen, and so does one that is nothing but dots.
std::string folder_of(const Output& output, const OutputNames& names);

}  // namespace weir::sim
