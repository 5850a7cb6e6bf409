#include "weir/sim/server.h"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/runtime/task_dump.h"
#include "weir/sim/fault_timeline.h"
#include "weir/sim/shared_worker.h"
#include "weir/sim/upload.h"
#include "weir/sync/sleep.h"

namespace weir::sim {
namespace {

// Serves a simulated request: takes the time that its numbers say, at the worker's speed.
class Server {
 public:
  // `number`: of the worker in its group.
  Server(const Plan& plan, const Workers& workers, std::uint32_t number)
      : plan_(&plan), workers_(&workers), number_(number) {}

  Task<std::expected<Served, rpc::Failure>> operator()(Context context, Query query,
                                                       balance::Request request) {
    if (plan_->options.names_tasks) set_task_name(name_of(*workers_, number_));
    if (uploads_to_worker(plan_->scenario.loads[query.load])) {
      return receive_and_serve(*plan_, *workers_, std::move(context), query, request.attempt);
    }
    return serve(*plan_, *workers_, query, request.attempt);
  }

 private:
  // The user has only to wait for what has been begun if it is over soon.
  static Task<> serve_long(const Plan& plan, const Workers& workers, Duration time) {
    if (workers.work == Workers::Work::wait) {
      co_await sleep(plan.hurry(), time);
      co_return;
    }
    for (; time > Duration::zero() && !plan.hurry().cancelled(); time -= plan.nap_max) {
      co_await work(std::min(time, plan.nap_max));
    }
  }

  static Task<std::expected<Served, rpc::Failure>> serve(const Plan& plan, const Workers& workers,
                                                         Query query, std::uint64_t attempt) {
    const Duration time = from_seconds(service_seconds(plan, query, attempt) / workers.speed);
    if (plan.options.real && time > plan.nap_max) {
      co_await serve_long(plan, workers, time);
    } else if (workers.work == Workers::Work::cpu) {
      co_await work(time);
    } else {
      co_await sleep(time);
    }
    if (fails_by_chance(plan, workers, query, attempt)) {
      co_return std::unexpected(rpc::Failure(rpc::Failure::Kind::failed));
    }
    co_return Served{};
  }

  // The worker's slot is held while the payload comes.
  static Task<std::expected<Served, rpc::Failure>> receive_and_serve(const Plan& plan,
                                                                     const Workers& workers,
                                                                     Context context, Query query,
                                                                     std::uint64_t attempt) {
    const auto number = static_cast<std::uint32_t>(attempt);
    const bool came = co_await carry(context, Transfer::of(plan, query, number));
    if (!came) co_return std::unexpected(rpc::Failure(rpc::Failure::Kind::failed));
    auto outcome = co_await serve(plan, workers, query, attempt);
    co_return outcome;
  }

  const Plan* plan_;
  const Workers* workers_;
  std::uint32_t number_;
};

rpc::WorkerOptions worker_options(const Scenario& scenario, const Workers& group,
                                  std::uint32_t number) {
  rpc::WorkerOptions options;
  options.name = name_of(group, number);
  options.weight = group.weight;
  options.speed = group.speed;
  options.concurrency = group.concurrency;
  if (number >= group.count) options.health = balance::Health::draining;
  for (const Fault& fault : scenario.faults) {
    if (!strikes(fault, group)) continue;
    options.concurrency_max = std::max(options.concurrency_max, fault.concurrency.value_or(0));
  }
  if (group.queue) options.queue = queue_options(*group.queue);
  return options;
}

// Whether its workers may change while they serve, or share their processor.
bool is_special(const Scenario& scenario, const Workers& group) {
  return group.serve == Workers::Serve::ps || group.uptime ||
         std::ranges::any_of(scenario.faults,
                             [&](const Fault& fault) { return strikes(fault, group); });
}

// A task of its own, that faults may tell what has changed.
void add_special_worker(const Plan& plan, Service& balancer, WorkerControl& control) {
  const Workers& group = plan.scenario.workers[control.group];
  auto changes = make_channel<WorkerChange>();
  control.changes = changes;
  control.handles.push_back(balancer.add_worker_task(
      worker_options(plan.scenario, group, control.number),
      [&plan, &group, number = control.number, changes](rpc::JobSource<Query, Served> jobs) {
        return run_simulated_worker(plan, group, number, std::move(jobs), changes);
      }));
}

void add_shared_worker(const Plan& plan, Balancers& balancers, WorkerControl& control) {
  constexpr std::size_t sent_max = 256;  // and not looked at by the worker yet
  const Workers& group = plan.scenario.workers[control.group];
  auto inbox = make_channel<std::unique_ptr<rpc::Envelope>>(sent_max);
  auto changes = make_channel<WorkerChange>();
  control.changes = changes;
  ChangingWorker::Sources sources;
  for (std::size_t i = 0; i < balancers.size(); ++i) {
    sources.push_back(balancers[i].add_shared_worker(
        worker_options(plan.scenario, group, control.number), inbox));
    control.handles.push_back(sources.back().worker());
  }
  WorkerWatch& watch = balancers.monitors().of_worker(control.index);
  balancers.add_shared(inbox, run_shared_worker(plan, group, control.number, std::move(sources),
                                                inbox, changes, watch));
}

}  // namespace

double service_seconds(const Plan& plan, const Query& query, std::uint64_t attempt) {
  const Load& load = plan.scenario.loads[query.load];
  double bytes = 0;
  if (load.size) {
    Random size(plan.key, "size", query.entity);
    bytes = load.size->sample_for(request_of(query.entity), size);
  }
  const bool repeats = load.demand == Load::Demand::request;
  Random service(plan.key, "service", query.entity + (repeats ? 0 : attempt));
  return load.service.sample_for(request_of(query.entity), service, bytes);
}

bool fails_by_chance(const Plan& plan, const Workers& workers, const Query& query,
                     std::uint64_t attempt) {
  if (workers.failure <= 0) return false;
  Random failure(plan.key, "failure", query.entity + attempt);
  return failure.uniform() < workers.failure;
}

rpc::QueueOptions queue_options(const Queue& queue) {
  rpc::QueueOptions options;
  if (queue.limit) options.limit = *queue.limit;
  if (queue.discipline == Queue::Discipline::lifo) options.discipline = rpc::Discipline::lifo;
  if (queue.overflow == Queue::Overflow::drop_oldest) options.overflow = rpc::Overflow::drop_oldest;
  if (queue.overflow == Queue::Overflow::block) options.overflow = rpc::Overflow::block;
  return options;
}

std::vector<WorkerControl> add_workers(const Plan& plan, Balancers& balancers) {
  std::vector<WorkerControl> controls;
  std::uint32_t index = 0;
  for (std::uint32_t g = 0; g < plan.scenario.workers.size(); ++g) {
    const Workers& group = plan.scenario.workers[g];
    const bool special = is_special(plan.scenario, group);
    for (std::uint32_t i = 0; i < group.places(); ++i, ++index) {
      WorkerControl control{.index = index, .group = g, .number = i, .comes = i >= group.count};
      if (balancers.size() > 1) {
        add_shared_worker(plan, balancers, control);
      } else if (special) {
        add_special_worker(plan, balancers[0], control);
      } else {
        balancers[0].add_worker(worker_options(plan.scenario, group, i), Server(plan, group, i));
        continue;
      }
      controls.push_back(std::move(control));
    }
  }
  return controls;
}

}  // namespace weir::sim
