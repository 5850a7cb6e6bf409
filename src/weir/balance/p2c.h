// The better of two random workers: nearly the best queues for the price of two looks. The default.
//
// Two choices make the longest queue shorter by an exponent, and because a random pair is asked, no
// herd forms on stale counts. The two are always distinct: with replacement, as Envoy and gRPC do
// it, a pair of workers is told apart only half of the time.
//
// Source: M. Mitzenmacher, "The power of two choices in randomized load balancing", 2001.

#pragma once

#include <cstdint>

#include "weir/balance/policy_spec.h"

namespace weir::balance {

inline constexpr std::uint32_t p2c_choices_max = 32;

// Lowest in_flight / weight among `d` distinct workers drawn uniformly (all, if there are no more);
// ties at random, in proportion to weight. Cost: O(d²), of small numbers.
// Requires: 1 <= d <= p2c_choices_max.
PolicySpec p2c(std::uint32_t d = 2);

}  // namespace weir::balance
