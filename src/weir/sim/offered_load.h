// How much work the open loads of a scenario bring, and when.

#pragma once

#include <vector>

#include "weir/sim/prediction.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

// What all workers together can do: seconds of work each second.
double capacity(const Scenario& scenario);

// Of one request at a worker of speed 1, in seconds.
double mean_work(const Load& load);

// Stretch by stretch: levels where the rates go in steps, one stretch from the least to the
// greatest where they go in curves. Empty without open loads.
std::vector<OfferedLoad> offered_load(const Scenario& scenario);

}  // namespace weir::sim
