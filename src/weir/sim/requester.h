// Who sends requests: open loads at times that are drawn beforehand, and clients that wait for
// their replies.

#pragma once

#include <cstdint>
#include <vector>

#include "weir/sim/replication.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {

class Balancers;

// How many requests each load sends, in proportion to its rate or clients; UINT64_MAX, which is no
// bound, if the horizon counts none.
std::vector<std::uint64_t> quotas(const Scenario& scenario);

// Starts the tasks of one load in `requests`. They end at the horizon or when the quota is sent and
// answered, and give one outcome for each request. Requires: plan and balancers outlive
// them.
void start_load(const Plan& plan, Balancers& balancers, WaitGroup& requests,
                std::uint32_t load_index, std::uint64_t quota);

}  // namespace weir::sim
