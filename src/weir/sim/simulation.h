// One replication as tasks: requesters, balancer, workers and the recorder, over the real rpc
// floor.
//
// The same body runs in virtual time and on threads. Requesters share nothing: each draws from
// streams keyed by load, request and attempt, sends through the balancer, and reports one outcome
// on a channel to the recorder's task. At the horizon one context is cancelled; whoever is still
// under way then reports that it is, so every request is accounted for by construction, and the
// balancer drains.

#pragma once

#include <cstdint>
#include <functional>

#include "weir/runtime/task.h"
#include "weir/sim/experiment.h"
#include "weir/sim/recorder.h"
#include "weir/sync/context.h"

namespace weir::sim {

class RequestLog;

struct SimulationOptions {
  std::uint32_t number = 0;  // of the replication
  Duration warmup{};         // where the window begins
  Context stop{};            // cancelled: end early
  std::function<void(double)> on_progress =
      nullptr;                 // hears the fraction of the time that has passed
  bool real = false;           // in real time: `stop` is of the same runtime, and is heard at once
  bool names_tasks = false;    // for a trace
  bool keeps_series = false;   // SimulationResult::series
  bool cuts_batches = false;   // ReplicationRecord::batches
  LiveCounts* live = nullptr;  // kept up to date if it is given
  RequestLog* log = nullptr;   // written if it is given; outlives the task
};

struct SimulationResult {
  ReplicationRecord record;
  ResponseSeries series;
  bool complete = true;  // false if it was stopped
};

// Requires: the experiment outlives the task.
Task<SimulationResult> simulate(const Experiment& experiment, SimulationOptions options);

}  // namespace weir::sim
