// Who lets faults happen: a task for each, which tells workers when it begins and when it is over.
//
// What a fault strikes and when is drawn from streams of its own, keyed by fault and worker, so
// that policies meet the same failures.

#pragma once

#include <vector>

#include "weir/sim/balancers.h"
#include "weir/sim/fault.h"
#include "weir/sim/replication.h"
#include "weir/sim/simulated_worker.h"

namespace weir::sim {

// What the uptimes of groups of workers come to, by group.
std::vector<Fault> random_crashes(const Scenario& scenario);

bool has_faults(const Scenario& scenario);

// Lets the scenario's faults happen until the plan's horizon is cancelled. Requires: the plan and
// the balancers outlive the task and the workers.
Task<> run_faults(const Plan& plan, Balancers& balancers, std::vector<WorkerControl> workers);

}  // namespace weir::sim
