// The least loaded of all workers: fewest in flight for its weight. Pike's balancer.
//
// Also known as join the shortest queue, least connections, least outstanding requests. The best
// mean response for one balancer with fresh counts; it herds when counts are stale.
//
// Source: R. Pike, "Concurrency is not parallelism", 2012 (the load balancer); ties are drawn at
// random, where his heap takes whoever stands on top.

#pragma once

#include "weir/balance/policy_spec.h"

namespace weir::balance {

// Lowest in_flight / weight; ties at random, in proportion to weight. Cost: O(log workers).
PolicySpec least_loaded();

}  // namespace weir::balance
