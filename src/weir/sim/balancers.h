// The balancers of one replication and which of them a request goes to.
//
// Each has its own view, queue, slots, admission and budgets, and knows of the workers only what it
// has sent them itself, as several proxies in front of one service do. A request keeps its balancer
// with all its attempts, a client of a closed load with all its requests.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "weir/sim/drawn_network.h"
#include "weir/sim/monitors.h"
#include "weir/sim/replication.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {

class Balancers {
 public:
  // Starts them, still without workers. Requires: called in a task; plan, experiment and monitors
  // outlive the balancers.
  Balancers(const Plan& plan, const Experiment& experiment, Monitors& monitors);
  Balancers(const Balancers&) = delete;
  Balancers& operator=(const Balancers&) = delete;

  std::size_t size() const { return services_.size(); }
  Service& operator[](std::size_t number) { return services_[number]; }

  // Where a request of an open load goes: drawn, the same for every policy. One is nothing to draw
  // from.
  Service& of_request(std::uint32_t load, std::uint64_t request);

  // Clients are dealt out in turn.
  Service& of_client(std::uint64_t client) { return services_[client % services_.size()]; }

  Monitors& monitors() { return monitors_; }

  Task<> set_stale(Duration period);
  void stop();

  // Parks until all have drained.
  Task<> drain();

  // The inbox and the task of a worker that they share. Requires: there are several balancers.
  void add_shared(Channel<std::unique_ptr<rpc::Envelope>> inbox, Task<> worker);

  // Ends shared workers and parks until they have ended. Requires: the balancers have drained.
  Task<> dismiss_workers();

 private:
  const Plan& plan_;
  Monitors& monitors_;
  std::optional<DrawnNetwork> network_;
  std::deque<Service> services_;
  std::vector<Channel<std::unique_ptr<rpc::Envelope>>> inboxes_;
  WaitGroup workers_;
};

}  // namespace weir::sim
