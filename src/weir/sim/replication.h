// What the tasks of one replication share: the balancer's type, who a request is, and the plan that
// all of them read and none changes.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
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

// The number of the request, as entity_of() took it.
inline std::uint64_t request_of(std::uint64_t entity) {
  return entity >> 8 & 0x0000'FFFF'FFFF'FFFFu;
}

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
  // What requests live under: the horizon; or what a [shutdown] gives up; or nothing that ends,
  // where an answer is sure to come, which is cheaper.
  Context requests;
  Cancel give_up;
  std::vector<rpc::RetryOptions> retries{};                // by load
  std::vector<std::optional<rpc::HedgeOptions>> hedges{};  // by load
  std::vector<Fault> crashes{};  // by group of workers, of those that have an uptime
  Sender<RequestOutcome> outcomes;
  Sender<Wake> batch_is_full;
  std::size_t batch = 1;  // the recorder is woken for so many outcomes
  const SimulationOptions& options;

  TimePoint window_begin() const { return start + warmup; }

  // What a request that is sent now lives under. After a shutdown, what was under way is given up,
  // and what comes is turned away by the balancer.
  const Context& now_under() const { return requests.cancelled() ? horizon : requests; }

  // Whether clients who wait for replies know that the balancer is gone; they send no more.
  bool has_shut_down() const {
    return scenario.shutdown && scenario.shutdown->at && now() >= start + *scenario.shutdown->at;
  }

  // Cancelled when the user does not want to wait any longer, not even for what has been begun.
  const Context& hurry() const {
    return options.real && scenario.shutdown ? requests : options.stop;
  }

  // Whether the user has had enough. Then whoever is under way is told so, too.
  bool stopped() const {
    if (!options.stop.cancelled()) return false;
    end_horizon();
    if (!options.real || !scenario.shutdown) give_up();
    return true;
  }

  // Whether the horizon had come before a request that ended at `ended` had an outcome. With a
  // shutdown every request has one.
  bool cuts_off(TimePoint deadline, TimePoint ended) const {
    return !scenario.shutdown && horizon.cancelled() && std::min(ended, end) < deadline;
  }

  static constexpr Duration hopeless = std::chrono::milliseconds(100);

  // Whether the run is over, in real time, and a request that was to be sent then is of a schedule
  // that is far behind: the rest of it might take for ever.
  bool is_hopeless(TimePoint intended) const {
    return horizon.cancelled() && now() - intended > hopeless;
  }

  // A pause so short that it need not listen for the end, which is the cheaper way to sleep.
  bool is_nap(Duration pause) const { return pause <= nap_max && now() + pause < end; }

  void tell_progress(double fraction) const {
    if (options.on_progress) options.on_progress(fraction);
  }
};

}  // namespace weir::sim
