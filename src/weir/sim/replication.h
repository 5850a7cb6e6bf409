// What the tasks of one replication share: the balancer's type, who a request is, and the plan that
// all of them read and none changes.

#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "weir/rpc/balancer.h"
#include "weir/runtime/this_task.h"
#include "weir/sim/recorder.h"
#include "weir/sim/scenario.h"
#include "weir/sim/simulation.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"

namespace weir::sim {

// What a simulated request carries: who it is. Its service time is a function of that.
struct Query {
  std::uint32_t load = 0;
  std::uint64_t entity = 0;
};

struct Served {};

// Says that something can be had elsewhere.
struct Wake {};

using Service = rpc::Balancer<Query, Served>;

// Requests of one load by number, attempts in the lowest byte: distinct up to 2^48 requests, 256
// loads.
inline std::uint64_t entity_of(std::uint32_t load, std::uint64_t request) {
  return std::uint64_t{load} << 56 | (request << 8 & 0x00FF'FFFF'FFFF'FF00u);
}

// Everything that the tasks of one replication need and none of them changes.
struct Plan {
  const Scenario& scenario;
  RandomKey key;
  TimePoint start;
  TimePoint end;  // time_never when requests are counted
  Duration warmup;
  Duration step;     // how often progress is told
  Duration nap_max;  // how long somebody may be deaf to a stop
  Context horizon;
  Cancel end_horizon;
  // How long callers wait for an answer: until the horizon, or as long as it takes if the answer is
  // sure to come, which is cheaper.
  Context patience;
  std::vector<rpc::RetryOptions> retries{};  // by load
  Sender<RequestOutcome> outcomes;
  Sender<Wake> batch_is_full;
  std::size_t batch = 1;  // the recorder is woken for so many outcomes
  const SimulationOptions& options;

  TimePoint window_begin() const { return start + warmup; }

  // Whether the user has had enough. Then whoever is under way is told so, too.
  bool stopped() const {
    if (!options.stop.cancelled()) return false;
    end_horizon();
    return true;
  }

  // Whether the horizon had come before a request that ended at `ended` had an outcome.
  bool cuts_off(TimePoint deadline, TimePoint ended) const {
    return horizon.cancelled() && std::min(ended, end) < deadline;
  }

  // A pause so short that it need not listen for the end, which is the cheaper way to sleep.
  bool is_nap(Duration pause) const { return pause <= nap_max && now() + pause < end; }

  void tell_progress(double fraction) const {
    if (options.on_progress) options.on_progress(fraction);
  }
};

}  // namespace weir::sim
