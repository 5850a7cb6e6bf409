// A worker whose behaviour can change while it serves: one task that owns its machine.
//
// It selects on jobs, on changes and on the time when its next job is done. Faults are messages to
// it, so nothing is shared; what they do to a job is decided here and nowhere else. Workers that no
// fault strikes and that do not share their processor are simpler (server.h), and faster.

#pragma once

#include <cstdint>
#include <vector>

#include "weir/rpc/job.h"
#include "weir/sim/fault.h"
#include "weir/sim/replication.h"
#include "weir/sync/channel.h"

namespace weir::sim {

// What a fault tells a worker. Each that is on is switched off again, in any order; the same thing
// may be on several times.
struct WorkerChange {
  enum class What : std::uint8_t {
    down,        // does nothing; what it has is lost
    known,       // that the balancer knows that it is down
    drain,       // the balancer sends nothing new
    bring,       // who is not there before is
    slow,        // by the fault's factor
    freeze,      // stands still
    hang,        // what it begins is not served, and stays
    black_hole,  // answers at once, with errors
    error,       // some requests end in an error
    lose,        // some replies
    delay,       // some replies
    chill,       // slow all at once, recovering evenly
    scale,       // the fault's concurrency
  };

  What what = What::down;
  bool on = true;
  const Fault* fault = nullptr;
};

// How faults reach a worker.
struct WorkerControl {
  std::uint32_t index = 0;   // of all workers
  std::uint32_t group = 0;   // in the scenario
  std::uint32_t number = 0;  // in its group
  bool comes = false;        // only when a fault brings it
  Sender<WorkerChange> changes{};
  std::vector<rpc::WorkerHandle> handles{};  // by balancer
};

// Seconds that serving takes at a worker of speed 1.
double service_seconds(const Plan& plan, const Query& query, std::uint64_t attempt);

// Whether serving that attempt ends in an error by the worker's own rate.
bool fails_by_chance(const Plan& plan, const Workers& workers, const Query& query,
                     std::uint64_t attempt);

// Serves until the source of jobs is closed. When the horizon comes all faults are over. Requires:
// the plan and the faults outlive the task.
Task<> run_simulated_worker(const Plan& plan, const Workers& group, std::uint32_t number,
                            rpc::JobSource<Query, Served> jobs, Receiver<WorkerChange> changes);

}  // namespace weir::sim
