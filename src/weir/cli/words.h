// The words of a command line by the options they belong to, still as text.
//
// The only door to the argument library: its types stay in the source, and it is compiled once. It
// gets to see texts only, for it knows neither the bounds of our numbers nor our words.

#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "weir/cli/arguments.h"

namespace weir::cli {

// Empty: not given.
struct Words {
  Arguments::Command command = Arguments::Command::list;
  std::string command_name{};
  std::optional<std::string> scenario{};
  std::vector<std::string> overrides{};
  std::optional<std::string> seed{};
  std::optional<std::string> replications{};
  std::optional<std::string> replication{};
  std::optional<std::string> jobs{};
  std::optional<std::string> policy{};
  std::optional<std::string> policies{};
  std::optional<std::string> json{};
  std::optional<std::string> csv{};
  std::optional<std::string> trace{};
  std::optional<std::string> log{};
  std::optional<std::string> log_sample{};
  std::optional<std::string> out{};
  std::optional<std::string> shard{};
  std::optional<std::string> slo{};
  std::optional<std::string> load{};
  std::optional<std::string> vary{};
  std::optional<std::string> down{};
  std::optional<std::string> replayed{};
  std::optional<std::string> format{};
  std::optional<std::string> time{};
  std::optional<std::string> duration{};
  std::optional<std::string> bytes{};
  std::optional<std::string> stamped{};
  std::optional<std::string> bad_lines{};
  std::optional<std::string> service{};
  std::optional<std::string> workers{};
  std::optional<std::string> rate_scale{};
  std::optional<std::string> from{};
  std::optional<std::string> length{};
  std::optional<std::string> write{};
  bool rate = false;
  std::vector<std::string> subjects{};
  std::optional<std::string> processors{};
  std::optional<std::string> seconds{};
  std::optional<std::string> rounds{};
  std::vector<std::string> axes{};
  std::vector<std::string> baselines{};
  std::vector<std::string> metrics{};
  std::vector<std::string> files{};
  bool zip = false;
  bool resume = false;
  bool dry_run = false;
  std::optional<std::string> family{};
  bool only_list = false;
  bool real = false;
  bool virtual_time = false;
  std::optional<std::string> modes{};
  bool quiet = false;
  bool monitor = false;
};

// Requires: argv[argc] is null, as for main.
std::expected<Words, Reply> sort_words(int argc, const char* const* argv);

}  // namespace weir::cli
