// From arguments to the points of a sweep: everything that can be wrong with them is found here,
// before anything starts.

#pragma once

#include <expected>
#include <string>
#include <vector>

#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"
#include "weir/sim/experiment.h"
#include "weir/sim/sweep_result.h"

namespace weir::cli {

struct SweepPlan {
  sim::SweepHeader header{};
  sim::Scenario scenario{};                    // without the assignments of a point
  std::vector<sim::SweepPoint> points{};       // of the shard
  std::vector<sim::Experiment> experiments{};  // of each
};

// The error is one line; where it is about a point, it says which.
std::expected<SweepPlan, std::string> plan_sweep(const Arguments& arguments,
                                                 const balance::Catalog& catalog);

// What weir sweep --dry-run says.
std::string dry_run_text(const SweepPlan& plan);

}  // namespace weir::cli
