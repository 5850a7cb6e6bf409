// From the arguments of weir replay to experiments that are ready to run, and to what is said of
// the log beside their results.

#pragma once

#include <expected>
#include <string>
#include <vector>

#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"
#include "weir/report/replay_report.h"
#include "weir/sim/experiment.h"

namespace weir::cli {

struct ReplayPlan {
  std::vector<sim::Experiment> experiments{};  // one for each policy
  report::ReplayReport report{};
  Duration span{};  // of one replay
};

// Reads the log and the scenario, and writes what --write names. The error is one line.
std::expected<ReplayPlan, std::string> plan_replay(const Arguments& arguments,
                                                   const balance::Catalog& catalog);

}  // namespace weir::cli
