// One replication in a virtual runtime of its own, on the calling thread.

#pragma once

#include <string_view>

#include "weir/sim/experiment.h"
#include "weir/sim/simulation.h"

namespace weir::sim {

// The record's hash covers every step of the scheduler. `trace_file`: see ExperimentOptions.
SimulationResult simulate_virtually(const Experiment& experiment, SimulationOptions options,
                                    std::string_view trace_file = {});

}  // namespace weir::sim
