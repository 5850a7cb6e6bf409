// A worker that several balancers send to: a line of its own before a machine that may change.
//
// One task takes the attempts of all balancers out of one inbox, in the order in which they were
// sent, and reports each to the balancer that it has it from. See decision 44.

#pragma once

#include <cstdint>
#include <memory>

#include "weir/sim/changing_worker.h"
#include "weir/sim/monitors.h"
#include "weir/sync/channel.h"

namespace weir::sim {

// `sources`: of its balancers, by number. Serves until the inbox is closed. When the horizon comes
// all faults are over, and who waits is turned away unless a shutdown lets him be served. Requires:
// what is referred to outlives the task.
Task<> run_shared_worker(const Plan& plan, const Workers& group, std::uint32_t number,
                         ChangingWorker::Sources sources,
                         Receiver<std::unique_ptr<rpc::Envelope>> inbox,
                         Receiver<WorkerChange> changes, WorkerWatch& watch);

}  // namespace weir::sim
