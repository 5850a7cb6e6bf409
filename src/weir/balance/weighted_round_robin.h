// Each in turn, as often as its weight says, and spread out evenly: {5, 1, 1} is a a b a c a a.
//
// Source: nginx, "Upstream: smooth weighted round-robin balancing" (commit 52327e0627f4, 2012). At
// each pick every eligible worker gains its weight and the richest, which is picked, pays the
// total.

#pragma once

#include "weir/balance/policy_spec.h"

namespace weir::balance {

// Ties go to the lower place in the table. A worker that is not eligible keeps what it has.
// Cost: O(workers), on purpose: it serves tables of hundreds and is exact for changing weights.
PolicySpec weighted_round_robin();

}  // namespace weir::balance
