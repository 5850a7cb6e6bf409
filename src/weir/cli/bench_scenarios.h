// Scenarios that are run for their speed: requests through channels, balancer, worker tasks and
// full statistics, in virtual time.

#pragma once

#include "weir/base/time.h"
#include "weir/sim/experiment.h"

namespace weir::cli::shape {

// M/M/1 at 90 % load, on average 0.9 customers a second, in one replication of that length.
inline constexpr double one_server_rate = 0.9;
sim::Experiment one_server(Duration time);

// Ten workers at 90 % load, two choices, a timeout and retries for each request: nine a second.
inline constexpr double ten_workers_rate = 9;
sim::Experiment ten_workers(Duration time);

}  // namespace weir::cli::shape
