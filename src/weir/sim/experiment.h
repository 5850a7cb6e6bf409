// Runs scenarios under policies: every replication in a virtual runtime of its own, all cores at
// once.
//
// Replications are independent functions of (scenario, policy, seed, number), so the number of
// threads and the order in which they end change nothing in the result. Policies meet the same
// arrivals and demands, since workload draws are keyed by purpose, request and attempt and by
// nothing else.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "weir/balance/policy_spec.h"
#include "weir/runtime/counter.h"
#include "weir/sim/result.h"
#include "weir/sim/scenario.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"

namespace weir::sim {

// One policy to be tried in one scenario. The policy's text is scenario.balancer.policy.
struct Experiment {
  Scenario scenario{};
  balance::PolicySpec policy;
};

// How near a run with a stop rule is: half-widths as shares of the figure.
struct Precision {
  double reached = 0;
  double target = 0;  // as the scenario has it: "2%"
};

// How far a batch of experiments has come.
struct Progress {
  double fraction = 0;                   // of all the time to be simulated, as far as is known
  std::uint32_t finished = 0;            // replications
  std::uint32_t total = 0;               // replications; with a stop rule it may grow
  std::uint32_t points_finished = 0;     // of a sweep
  std::uint32_t points = 0;              // 0: no sweep
  std::optional<Precision> precision{};  // of the widest that is under way
};

// What a run in real time lets others read while it runs. Each count is written by one task.
struct LiveCounts {
  explicit LiveCounts(std::size_t balancers = 1) : pending(balancers) {}

  Counter done;                  // requests with an outcome, of all replications
  std::vector<Counter> pending;  // by balancer: requests at it and at workers, from it, now
};

class RequestLogs;

struct ExperimentOptions {
  int jobs = 0;  // replications side by side; 0: one for each processor. Real mode: always one.
  bool real = false;     // in real time, on the calling runtime
  bool batches = false;  // a single replication of a steady scenario is cut into batches

  // In virtual time: where the trace of the first experiment's replication 0 goes; empty: nowhere.
  // In real time the calling runtime writes the trace. Tasks get names for it if it is not empty.
  std::string_view trace_file{};

  LiveCounts* live = nullptr;  // real mode: kept up to date if it is given; outlives the task

  // A part for each replication, if it is given; outlives the task. For one experiment at a time.
  RequestLogs* logs = nullptr;
};

// Runs all experiments and gives one record each, in order. `progress` hears of it now and then (a
// nil channel will do; sends never block). When `stop` is cancelled, replications that have not
// ended are dropped and the records say that they are incomplete; in real time the first one is
// kept as far as it has come, if that is beyond its warm-up. Requires: called in a task of a real
// runtime.
Task<std::vector<RunRecord>> run_experiments(Context stop, std::vector<Experiment> experiments,
                                             ExperimentOptions options, Sender<Progress> progress);

// A point of a sweep with all its replications.
struct FinishedPoint {
  std::size_t point = 0;
  RunRecord record{};
};

// Runs each experiment by itself, as a point of a sweep: a few at a time, in order, on all slots.
// Each is told as it is complete, in any order, and then forgotten, so that memory does not grow
// with their number; closes `finished` at the end. When `stop` is cancelled, those under way are
// dropped. Requires: as above, and virtual time.
Task<> run_points(Context stop, std::vector<Experiment> points, ExperimentOptions options,
                  Sender<Progress> progress, Sender<FinishedPoint> finished);

// One replication in virtual time, on this thread. Everything else is built of this. `warmup` is
// where the window begins. Returns early, with what it has, when `stop` is cancelled.
ReplicationRecord run_replication(const Experiment& experiment, std::uint32_t number,
                                  Duration warmup, const Context& stop = Context());

}  // namespace weir::sim
