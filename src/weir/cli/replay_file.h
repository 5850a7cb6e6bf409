// A replay as a scenario of its own, with a CSV of its numbers beside it, for weir check, plan and
// sweep.
//
// There arrivals are a trace and demands are drawn from those of the log, each request by itself:
// what no longer holds is that the request that came at noon takes what it took at noon. Times of
// whole seconds are written as replication 0 spreads them.

#pragma once

#include <expected>
#include <string>

#include "weir/balance/catalog.h"
#include "weir/cli/arguments.h"
#include "weir/cli/prepare.h"
#include "weir/sim/replay.h"

namespace weir::cli {

// Writes arguments.replay.write and the file of the same name that ends in .csv. `scenario`: the
// one that is replayed, read from `source`. The error is one line.
std::expected<void, std::string> write_replay(const Arguments& arguments,
                                              const ScenarioSource& source,
                                              const sim::Scenario& scenario,
                                              const sim::ReplayedLog& log,
                                              const balance::Catalog& catalog);

}  // namespace weir::cli
