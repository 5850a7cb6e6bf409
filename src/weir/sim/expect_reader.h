// Reads one [[expect]] of a scenario: a bound on a figure, or a claim about two variants.

#pragma once

#include <optional>

#include "weir/sim/scenario.h"
#include "weir/sim/toml_cursor.h"

namespace weir::sim {

// Adds to scenario.expects or scenario.hypotheses. Requires: loads and workers have been read. The
// first error goes to `error`, unless it holds one already.
void read_expect(const TomlNode& table, Scenario& scenario, std::optional<ScenarioError>& error);

// Complains through the cursor, about its `key`, if the metric names no load or worker of the
// scenario.
void check_subject(TomlCursor& cursor, std::string_view key, const Metric& metric,
                   const Scenario& scenario);

// The same in words, for names that come from elsewhere; empty if all is well.
std::optional<std::string> unknown_subject(const Metric& metric, const Scenario& scenario);

}  // namespace weir::sim
