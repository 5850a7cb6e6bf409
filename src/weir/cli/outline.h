// What a scenario comes to once everything is resolved, in a few aligned lines for people: what
// will be run, table by table, and how much of it.

#pragma once

#include <optional>
#include <string>

#include "weir/sim/scenario.h"

namespace weir::cli {

// A line for each table that is there, quantities in their canonical spelling.
std::string outline(const sim::Scenario& scenario);

// Requests of one replication without retries, as far as rates and times tell: of a closed load the
// most that its clients can send and the workers can do.
double expected_requests(const sim::Scenario& scenario);

// Replications, points of a sweep, requests in all. `seconds` is what one replication takes;
// `jobs` of them go side by side.
std::string workload(const sim::Scenario& scenario, std::optional<double> seconds, int jobs);

}  // namespace weir::cli
