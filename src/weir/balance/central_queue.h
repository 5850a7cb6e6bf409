// One line for all: a request is bound to a worker only when one is free to serve it.
//
// No request waits behind a slow one while another worker idles, which is what makes this the best
// of all on like workers: with c of them it is M/M/c. A prefetch of k lets up to k requests wait at
// each worker, which hides the way from the balancer to it (JBSQ(k) in Kogias et al., "R2P2",
// 2019).

#pragma once

#include <cstdint>

#include "weir/balance/policy_spec.h"

namespace weir::balance {

// Sends to a worker with in_flight < concurrency + prefetch, else holds. Among those it takes one
// where the fewest would wait; ties (so all with a free slot) at random, in proportion to weight.
// A retry waits for a free worker that it has not tried rather than go back to one it has.
// Cost: O(log workers).
PolicySpec central_queue(std::uint32_t prefetch = 0);

}  // namespace weir::balance
