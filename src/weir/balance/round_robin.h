// Each in turn. Even in number and blind to everything else: one slow worker is enough to break it.
//
// The turn goes by place in the table, past workers that are not eligible now. Weights do not shape
// a turn, but for 0, which takes no part: weighted_round_robin is the form that heeds them.

#pragma once

#include "weir/balance/policy_spec.h"

namespace weir::balance {

// The first turn is that of the first worker or, with `random_start`, of a random one, so that many
// balancers do not march in step. Cost: O(1), or one step for 64 places that are not eligible.
PolicySpec round_robin(bool random_start = false);

}  // namespace weir::balance
