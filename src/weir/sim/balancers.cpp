#include "weir/sim/balancers.h"

#include <functional>
#include <utility>

#include "weir/sim/server.h"

namespace weir::sim {
namespace {

rpc::DoorOptions door_options(const Balancer& balancer) {
  rpc::DoorOptions options;
  if (balancer.slots) options.slots = *balancer.slots;
  if (balancer.admission) {
    options.rate = balancer.admission->limit;
    options.waits = balancer.admission->overflow == Admission::Overflow::block;
  }
  return options;
}

rpc::BalancerOptions balancer_options(const Experiment& experiment, std::uint16_t number) {
  rpc::BalancerOptions options{.policy = experiment.policy};
  options.door = door_options(experiment.scenario.balancer);
  options.queue = queue_options(experiment.scenario.balancer.queue);
  options.stale = experiment.scenario.balancer.stale;
  // The policy draws the same numbers whatever else the run draws.
  options.id = 1 + std::uint64_t{number};
  options.number = number;
  options.budgets.clear();
  for (const Load& load : experiment.scenario.loads) {
    auto& budget = options.budgets.emplace_back();
    const bool repeats = load.retry.max > 0 || load.hedge;
    if (repeats && load.retry.budget) {
      budget = {.ratio = load.retry.budget->ratio,
                .reserve_per_second = load.retry.budget->reserve_per_second};
    }
  }
  return options;
}

}  // namespace

Balancers::Balancers(const Plan& plan, const Experiment& experiment, Monitors& monitors)
    : plan_(plan), monitors_(monitors) {
  if (plan.scenario.network) network_.emplace(*plan.scenario.network, plan.key);
  for (std::uint16_t i = 0; i < plan.scenario.balancer.count; ++i) {
    rpc::BalancerOptions options = balancer_options(experiment, i);
    options.observer = &monitors.of_balancer(i);
    if (network_) options.network = &*network_;
    services_.emplace_back(background(), std::move(options));
  }
}

Service& Balancers::of_request(std::uint32_t load, std::uint64_t request) {
  Random random(plan_.key, "balancer", entity_of(load, request));
  return services_[random.below(services_.size())];
}

Task<> Balancers::set_stale(Duration period) {
  for (Service& service : services_) co_await service.set_stale(period);
}

void Balancers::stop() {
  for (Service& service : services_) service.stop();
}

Task<> Balancers::drain() {
  WaitGroup draining;
  for (std::size_t i = 1; i < services_.size(); ++i) {
    draining.go([](Service& service) -> Task<> { co_await service.drain(background()); },
                std::ref(services_[i]));
  }
  co_await services_.front().drain(background());
  co_await draining.wait();
}

void Balancers::add_shared(Channel<std::unique_ptr<rpc::Envelope>> inbox, Task<> worker) {
  inboxes_.push_back(std::move(inbox));
  workers_.go(std::move(worker));
}

Task<> Balancers::dismiss_workers() {
  for (const auto& inbox : inboxes_) inbox.close();
  co_await workers_.wait();
}

}  // namespace weir::sim
