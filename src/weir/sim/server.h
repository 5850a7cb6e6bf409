// Who serves requests: workers that take the time which a request's numbers say.

#pragma once

#include <string>
#include <vector>

#include "weir/sim/balancers.h"
#include "weir/sim/replication.h"
#include "weir/sim/simulated_worker.h"

namespace weir::sim {

// As the balancer takes them.
rpc::QueueOptions queue_options(const Queue& queue);

// Adds the scenario's workers to its balancers, group by group. Those of groups that faults may
// strike come back, in that order. Requires: the plan outlives the balancers.
std::vector<WorkerControl> add_workers(const Plan& plan, Balancers& balancers);

}  // namespace weir::sim
