// Any worker, at random: no state to be wrong about, no herd, and the worst queues. A baseline.

#pragma once

#include "weir/balance/policy_spec.h"

namespace weir::balance {

// Each with a probability proportional to its weight, independent of all before.
// Cost: O(log workers).
PolicySpec random();

}  // namespace weir::balance
