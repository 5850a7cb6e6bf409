// Reads the [[workers]] tables of a scenario, one after the other.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_cursor.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

class WorkersReader {
 public:
  // `queue` is what a group's own queue leaves out; it and `error`, which receives the first error
  // unless it holds one already, outlive the reader. Files that a group names are sought from
  // `folder` on.
  WorkersReader(const Queue& queue, std::filesystem::path folder,
                std::optional<ScenarioError>& error)
      : queue_(queue), folder_(std::move(folder)), error_(error) {}

  // `name` is for a group that gives none. After an error the group is good for nothing.
  Workers read(const TomlNode& table, std::string name);

 private:
  void read_serving(TomlCursor& cursor, Workers& workers);
  void read_slots(TomlCursor& cursor, Workers& workers);
  void read_life(TomlCursor& cursor, const TomlNode& table, Workers& workers);
  void check_cpu(TomlCursor& cursor, const Workers& workers);

  const Queue& queue_;
  const std::filesystem::path folder_;
  std::optional<ScenarioError>& error_;
  std::vector<std::string> taken_names_;
  std::uint64_t total_ = 0;
};

// Reports what makes no sense in "uptime" and "downtime".
void check_life(TomlCursor& cursor, const std::optional<Distribution>& uptime,
                const std::optional<Distribution>& downtime);

}  // namespace weir::sim
