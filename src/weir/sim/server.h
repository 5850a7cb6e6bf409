// Who serves requests: workers that take the time which a request's numbers say.

#pragma once

#include "weir/sim/replication.h"

namespace weir::sim {

// As the balancer takes them.
rpc::QueueOptions queue_options(const Queue& queue);

// Adds the scenario's workers, group by group. Requires: the plan outlives the balancer.
void add_workers(const Plan& plan, Service& balancer);

}  // namespace weir::sim
