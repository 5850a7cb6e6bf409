// Reads the [[load]] tables of a scenario, one after the other.

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_cursor.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

class LoadReader {
 public:
  // `error` receives the first error unless it holds one already. Both outlive the reader. Files
  // that a load names are sought from `folder` on.
  LoadReader(const Horizon& horizon, std::filesystem::path folder,
             std::optional<ScenarioError>& error)
      : horizon_(horizon), folder_(std::move(folder)), error_(error) {}

  // `name` is for a load that gives none. After an error the load is good for nothing.
  Load read(const TomlNode& table, std::string name);

 private:
  void read_distribution(TomlCursor& cursor, std::string_view key, Distribution& target);
  void read_calling(TomlCursor& cursor, Load& load);
  void check_calling(TomlCursor& cursor, const Load& load);
  void require_model(TomlCursor& cursor, const TomlNode& table, Load::Model model);
  void check_model(TomlCursor& cursor, const Load& load);
  void check_requests(TomlCursor& cursor, const Load& load);
  void read_retry(const TomlNode& table, Retry& retry);
  void read_retry_causes(TomlCursor& cursor, Retry& retry);
  void read_budget(TomlCursor& cursor, Retry& retry);

  const Horizon& horizon_;
  const std::filesystem::path folder_;
  std::optional<ScenarioError>& error_;
  // The names of metrics begin with the name of a load, or with one of these two words.
  std::vector<std::string> taken_names_{"worker", "balancer"};
};

}  // namespace weir::sim
