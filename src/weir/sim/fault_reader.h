// Reads the [[fault]] tables of a scenario, one after the other.
//
// Which keys a table may have depends on its kind: a key of another kind is an error that says
// where it belongs.

#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_cursor.h"
#include "weir/sim/toml_tree.h"

namespace weir::sim {

// As a scenario spells it: "black_hole".
std::string_view kind_word(Fault::Kind kind);

class FaultReader {
 public:
  // `scenario` is complete but for its faults; it and `error`, which receives the first error
  // unless it holds one already, outlive the reader. Files are sought from `folder` on.
  FaultReader(const Scenario& scenario, std::filesystem::path folder,
              std::optional<ScenarioError>& error)
      : scenario_(scenario), folder_(std::move(folder)), error_(error) {}

  // After an error the fault is good for nothing.
  Fault read(const TomlNode& table);

 private:
  void read_kind(TomlCursor& cursor, Fault& fault);
  void read_target(TomlCursor& cursor, Fault& fault);
  void read_timeline(TomlCursor& cursor, const TomlNode& table, Fault& fault);
  void read_effect(TomlCursor& cursor, const TomlNode& table, Fault& fault);
  void read_cold(const TomlNode& table, Fault& fault);
  void refuse_strangers(TomlCursor& cursor, const TomlNode& table, const Fault& fault);
  void check_bringing(TomlCursor& cursor, const Fault& fault);
  void check_target(TomlCursor& cursor, const Fault& fault);
  void check_times(TomlCursor& cursor, const Fault& fault);
  void check_losses(TomlCursor& cursor, const Fault& fault);

  const Scenario& scenario_;
  const std::filesystem::path folder_;
  std::optional<ScenarioError>& error_;
};

}  // namespace weir::sim
