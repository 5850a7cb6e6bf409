#include "weir/sim/simulation.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "weir/rpc/balancer.h"
#include "weir/sim/monitor.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

// What a simulated request carries: who it is. Its service time is a function of that.
struct Query {
  std::uint32_t load = 0;
  std::uint64_t entity = 0;
};

struct Served {};

using Service = rpc::Balancer<Query, Served>;

// Requests of one load by number, attempts in the lowest byte: distinct up to 2^48 requests, 256
// loads.
std::uint64_t entity_of(std::uint32_t load, std::uint64_t request) {
  return std::uint64_t{load} << 56 | (request << 8 & 0x00FF'FFFF'FFFF'FF00u);
}

rpc::QueueOptions queue_options(const Queue& queue) {
  rpc::QueueOptions options;
  if (queue.limit) options.limit = *queue.limit;
  if (queue.discipline == Queue::Discipline::lifo) options.discipline = rpc::Discipline::lifo;
  if (queue.overflow == Queue::Overflow::drop_oldest) options.overflow = rpc::Overflow::drop_oldest;
  if (queue.overflow == Queue::Overflow::block) options.overflow = rpc::Overflow::block;
  return options;
}

rpc::RetryOptions retry_options(const Retry& retry) {
  rpc::RetryOptions options;
  options.max = retry.max;
  options.attempt_timeout = retry.attempt_timeout;
  options.backoff = {.base = retry.backoff.base,
                     .factor = retry.backoff.factor,
                     .cap = retry.backoff.cap,
                     .full_jitter = retry.backoff.jitter == Backoff::Jitter::full};
  options.on_timeout = retry.on_timeout;
  options.on_failure = retry.on_error;
  options.on_rejected = retry.on_refused;
  return options;
}

Fate fate_of(const rpc::Failure& failure) {
  switch (failure.kind) {
    case rpc::Failure::Kind::failed:
      return Fate::failed;
    case rpc::Failure::Kind::timed_out:
      return Fate::timed_out;
    case rpc::Failure::Kind::cancelled:
      return Fate::cancelled;
    case rpc::Failure::Kind::rejected:
      return Fate::rejected;
  }
  return Fate::failed;
}

constexpr int progress_steps = 256;

// Everything that the tasks of one replication need and none of them changes.
struct Plan {
  const Scenario& scenario;
  RandomKey key;
  TimePoint start;
  TimePoint end;  // time_never when requests are counted
  Duration warmup;
  Duration step;  // how often somebody looks whether the run is to stop
  Context horizon;
  Cancel end_horizon;
  std::vector<rpc::RetryOptions> retries{};  // by load
  Sender<RequestOutcome> outcomes;
  const SimulationOptions& options;

  TimePoint window_begin() const { return start + warmup; }

  // Whether the user has had enough. Then whoever is under way is told so, too.
  bool stopped() const {
    if (!options.stop.cancelled()) return false;
    end_horizon();
    return true;
  }

  // A pause so short that it need not listen for the end, which is the cheaper way to sleep.
  bool is_nap(Duration pause) const { return pause <= step && now() + pause < end; }

  void tell_progress(double fraction) const {
    if (options.on_progress) options.on_progress(fraction);
  }
};

// How many requests each load sends, in proportion to its rate or clients; no bound without a
// count.
std::vector<std::uint64_t> quotas(const Scenario& scenario) {
  constexpr std::uint64_t no_bound = UINT64_MAX;
  std::vector<std::uint64_t> shares(scenario.loads.size(), no_bound);
  if (!scenario.horizon.requests) return shares;
  std::vector<double> weights;
  for (const Load& load : scenario.loads) {
    weights.push_back(load.model == Load::Model::open ? load.arrival.mean_rate() : load.clients);
  }
  double rest = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::uint64_t left = *scenario.horizon.requests;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double share = rest > 0 ? weights[i] / rest : 1;
    shares[i] =
        i + 1 == shares.size()
            ? left
            : std::min(left, static_cast<std::uint64_t>(static_cast<double>(left) * share + 0.5));
    rest -= weights[i];
    left -= shares[i];
  }
  return shares;
}

// One request from its intended sending to its outcome.
Task<> send_request(const Plan& plan, Service& balancer, std::uint32_t load_index,
                    std::uint64_t request, TimePoint intended) {
  const Load& load = plan.scenario.loads[load_index];
  RequestOutcome outcome;
  outcome.load = load_index;
  outcome.request = request;
  outcome.intended = intended;
  outcome.late = now() - intended;

  std::optional<CancelScope> scope;
  if (load.timeout)
    scope.emplace(with_deadline(plan.horizon, saturating_add(intended, *load.timeout)));
  const Context context = scope ? scope->context : plan.horizon;
  const Query query = {.load = load_index, .entity = entity_of(load_index, request)};
  rpc::CallOptions options;
  options.id = query.entity + 1;
  options.account = load_index;
  options.retry = &plan.retries[load_index];
  const auto trace = co_await balancer.trace(context, query, options);

  outcome.ended = now();
  outcome.attempts = trace.attempts;
  if (trace.outcome) {
    outcome.fate = Fate::completed;
    outcome.wait = trace.timing.started - trace.timing.accepted;
    outcome.service = trace.timing.finished - trace.timing.started;
  } else {
    const bool past_deadline =
        load.timeout && outcome.ended >= saturating_add(intended, *load.timeout);
    const bool under_way = plan.horizon.cancelled() && !past_deadline;
    outcome.fate = under_way ? Fate::in_flight : fate_of(trace.outcome.error());
  }
  co_await plan.outcomes.send(outcome);
}

// Requests come when they come: each is a task of its own.
Task<> open_load(const Plan& plan, Service& balancer, WaitGroup& requests, std::uint32_t load_index,
                 std::uint64_t quota) {
  const Load& load = plan.scenario.loads[load_index];
  Arrivals arrivals(load.arrival, Random(plan.key, "arrival", load_index));
  for (std::uint64_t request = 0; request < quota; ++request) {
    const Duration offset = arrivals.next();
    if (offset == Duration::max() || plan.stopped()) break;
    const TimePoint intended = saturating_add(plan.start, offset);
    if (intended >= plan.end) break;
    if (intended > now()) {
      const Duration pause = intended - now();
      if (plan.is_nap(pause)) {
        co_await sleep(pause);
      } else {
        const bool waited = co_await sleep(plan.horizon, pause);
        if (!waited) break;
      }
    }
    requests.go(send_request(plan, balancer, load_index, request, intended));
  }
}

// Notices a client that sends request after request while time stands still: one that is answered
// or refused at once and does not think.
class Standstill {
 public:
  explicit Standstill(const Load& load) : load_(load) {}

  void sent_until(TimePoint ended) {
    in_vain_ = ended == last_ ? in_vain_ + 1 : 0;
    last_ = ended;
    if (in_vain_ < limit) return;
    throw std::runtime_error("the clients of load '" + load_.name +
                             "' get replies or refusals in no time, and ask again at once, for "
                             "ever; give them something to do: think = \"exp(1ms)\"");
  }

 private:
  static constexpr int limit = 10'000;

  const Load& load_;
  TimePoint last_ = time_never;
  int in_vain_ = 0;
};

// A client thinks, sends, waits for the reply, and thinks again. Its requests are numbered by
// client and ordinal, so what one of them asks for does not depend on when it is sent.
Task<> closed_client(const Plan& plan, Service& balancer, std::uint32_t load_index,
                     std::uint64_t client, std::uint64_t quota) {
  const Load& load = plan.scenario.loads[load_index];
  Standstill standstill(load);
  for (std::uint64_t ordinal = 0; ordinal < quota && !plan.stopped(); ++ordinal) {
    const std::uint64_t request = ordinal * load.clients + client;
    Random think(plan.key, "think", entity_of(load_index, request));
    const Duration pause = load.think.sample_duration(think);
    if (plan.is_nap(pause)) {
      co_await sleep(pause);
    } else {
      const bool rested = co_await sleep(plan.horizon, pause);
      if (!rested) break;
    }
    co_await send_request(plan, balancer, load_index, request, now());
    standstill.sent_until(now());
  }
}

void start_load(const Plan& plan, Service& balancer, WaitGroup& requests, std::uint32_t load_index,
                std::uint64_t quota) {
  const Load& load = plan.scenario.loads[load_index];
  if (load.model == Load::Model::open) {
    requests.go(open_load(plan, balancer, requests, load_index, quota));
    return;
  }
  for (std::uint64_t client = 0; client < load.clients; ++client) {
    const std::uint64_t own = quota == UINT64_MAX
                                  ? quota
                                  : quota / load.clients + (client < quota % load.clients ? 1 : 0);
    requests.go(closed_client(plan, balancer, load_index, client, own));
  }
}

// Serves a simulated request: takes the time that its numbers say, at the worker's speed.
class Server {
 public:
  Server(const Plan& plan, const Workers& workers) : plan_(&plan), workers_(&workers) {}

  Task<std::expected<Served, rpc::Failure>> operator()(Context, Query query,
                                                       balance::Request request) {
    return serve(*plan_, *workers_, query, request.attempt);
  }

 private:
  static Duration demand(const Plan& plan, const Workers& workers, const Query& query,
                         std::uint64_t attempt) {
    const Load& load = plan.scenario.loads[query.load];
    double bytes = 0;
    if (load.size) {
      Random size(plan.key, "size", query.entity);
      bytes = load.size->sample(size);
    }
    const bool repeats = load.demand == Load::Demand::request;
    Random service(plan.key, "service", query.entity + (repeats ? 0 : attempt));
    return from_seconds(load.service.sample(service, bytes) / workers.speed);
  }

  static Task<std::expected<Served, rpc::Failure>> serve(const Plan& plan, const Workers& workers,
                                                         Query query, std::uint64_t attempt) {
    const Duration time = demand(plan, workers, query, attempt);
    if (workers.work == Workers::Work::cpu) {
      co_await work(time);
    } else {
      co_await sleep(time);
    }
    if (workers.failure > 0) {
      Random failure(plan.key, "failure", query.entity + attempt);
      if (failure.uniform() < workers.failure) {
        co_return std::unexpected(rpc::Failure(rpc::Failure::Kind::failed));
      }
    }
    co_return Served{};
  }

  const Plan* plan_;
  const Workers* workers_;
};

void add_workers(const Plan& plan, Service& balancer) {
  for (const Workers& group : plan.scenario.workers) {
    for (std::uint32_t i = 0; i < group.count; ++i) {
      rpc::WorkerOptions options;
      options.name = group.name + "[" + std::to_string(i) + "]";
      options.weight = group.weight;
      options.speed = group.speed;
      options.concurrency = group.concurrency;
      if (group.queue) options.queue = queue_options(*group.queue);
      balancer.add_worker(std::move(options), Server(plan, group));
    }
  }
}

rpc::BalancerOptions balancer_options(const Experiment& experiment, rpc::Observer& observer) {
  rpc::BalancerOptions options{.policy = experiment.policy};
  options.queue = queue_options(experiment.scenario.balancer.queue);
  options.observer = &observer;
  options.id = 1;  // The policy draws the same numbers whatever else the run draws.
  options.budgets.clear();
  for (const Load& load : experiment.scenario.loads) {
    auto& budget = options.budgets.emplace_back();
    if (load.retry.budget) {
      budget = {.ratio = load.retry.budget->ratio,
                .reserve_per_second = load.retry.budget->reserve_per_second};
    }
  }
  return options;
}

// If requests are counted, they also tell how far the run is.
Task<> record_outcomes(const Plan& plan, Receiver<RequestOutcome> outcomes, Recorder& recorder) {
  const std::uint64_t total = plan.scenario.horizon.requests.value_or(UINT64_MAX);
  const std::uint64_t stride = std::max<std::uint64_t>(1, total / progress_steps);
  std::uint64_t recorded = 0;
  while (auto outcome = co_await outcomes.receive()) {
    recorder.add(*outcome);
    if (++recorded % stride != 0) continue;
    plan.tell_progress(static_cast<double>(recorded) / static_cast<double>(total));
  }
}

// Waits for the horizon in small steps, so that it hears of a stop and tells how far it is.
Task<> wait_for_horizon(const Plan& plan) {
  for (int step = 1; step <= progress_steps && !plan.stopped(); ++step) {
    co_await sleep_until(plan.start + plan.step * step);
    plan.tell_progress(static_cast<double>(step) / progress_steps);
  }
  if (!plan.stopped()) co_await sleep_until(plan.end);
  plan.end_horizon();
}

// How long the run will take: exactly, or from the rate if requests are counted.
Duration expected_length(const Scenario& scenario) {
  if (scenario.horizon.time) return *scenario.horizon.time;
  double rate = 0;
  for (const Load& load : scenario.loads) {
    const double cycle = load.think.mean() + load.service.mean();
    rate += load.model == Load::Model::open ? load.arrival.mean_rate()
                                            : load.clients / std::max(cycle, 1e-9);
  }
  return from_seconds(static_cast<double>(*scenario.horizon.requests) / std::max(rate, 1e-9));
}

// From the first request to the last worker's last. Afterwards plan.end is when it was over.
Task<> serve_all(Plan& plan, const Experiment& experiment, Monitor& monitor) {
  Service balancer(background(), balancer_options(experiment, monitor));
  add_workers(plan, balancer);
  WaitGroup requests;
  const std::vector<std::uint64_t> quota = quotas(plan.scenario);
  for (std::uint32_t i = 0; i < quota.size(); ++i) {
    start_load(plan, balancer, requests, i, quota[i]);
  }
  if (plan.end != time_never) co_await wait_for_horizon(plan);
  co_await requests.wait();
  plan.end = std::min(plan.end, now());
  co_await balancer.drain(background());
}

SimulationResult result_of(const Plan& plan, Recorder& recorder, Monitor& monitor) {
  SimulationResult result;
  ReplicationRecord& record = result.record;
  recorder.report(record);
  monitor.report(plan.end, record);
  record.number = plan.options.number;
  // A run of so many requests may be over before the warm-up is.
  record.window_s = std::max(0.0, to_seconds(plan.end - plan.window_begin()));
  record.virtual_s = to_seconds(plan.end - plan.start);
  record.hash = recorder.hash();
  record.behind_p99_s = to_seconds(Duration(recorder.lateness().quantile(0.99)));
  result.series = recorder.series();
  result.complete = !plan.options.stop.cancelled();
  return result;
}

}  // namespace

Task<SimulationResult> simulate(const Experiment& experiment, SimulationOptions options) {
  const Scenario& scenario = experiment.scenario;
  auto [horizon, end_horizon] = with_cancel(background());
  auto outcomes = make_channel<RequestOutcome>(1024);
  const TimePoint start = now();
  const Duration length = expected_length(scenario);
  Plan plan{.scenario = scenario,
            .key = {scenario.seed, options.number},
            .start = start,
            .end = scenario.horizon.time ? start + *scenario.horizon.time : time_never,
            .warmup = options.warmup,
            .step = length / progress_steps,
            .horizon = horizon,
            .end_horizon = end_horizon,
            .outcomes = outcomes,
            .options = options};
  for (const Load& load : scenario.loads) plan.retries.push_back(retry_options(load.retry));
  Recorder recorder(scenario.loads.size(), start, plan.window_begin(), plan.end, length);
  Monitor monitor(scenario, plan.window_begin(), plan.end);
  WaitGroup recording;
  recording.go(record_outcomes(plan, outcomes, recorder));
  co_await serve_all(plan, experiment, monitor);
  outcomes.close();
  co_await recording.wait();
  co_return result_of(plan, recorder, monitor);
}

}  // namespace weir::sim
