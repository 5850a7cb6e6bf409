#include "weir/sim/requester.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "weir/runtime/task_dump.h"
#include "weir/sim/balancers.h"
#include "weir/sim/upload.h"
#include "weir/sync/sleep.h"

namespace weir::sim {
namespace {

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

rpc::CallOptions call_options(const Plan& plan, const Query& query, TimePoint intended) {
  const Load& load = plan.scenario.loads[query.load];
  rpc::CallOptions options;
  options.id = query.entity + 1;
  if (load.timeout) options.deadline = saturating_add(intended, *load.timeout);
  options.account = query.load;
  options.retry = &plan.retries[query.load];
  options.priority = load.priority;
  if (plan.hedges[query.load]) options.hedge = &*plan.hedges[query.load];
  if (!load.cancel_on_timeout) options.served_under = &plan.requests;
  if (load.key) {
    Random key(plan.key, "key", query.entity);
    options.key = load.key->sample(key);
  }
  return options;
}

// A call whose payload is brought by each attempt, or gathered in front before the first.
Task<rpc::Trace<Served>> call_with_payload(const Plan& plan, Service& balancer, Query query,
                                           rpc::CallOptions options) {
  const Load& load = plan.scenario.loads[query.load];
  RequestPayload payload(plan, query);
  if (load.upload->holds == Upload::Holds::slot) options.payload = &payload;
  if (load.upload->holds == Upload::Holds::nothing) {
    const CancelScope scope = with_deadline(plan.now_under(), options.deadline);
    const bool came = co_await carry(scope.context, Transfer::of(plan, query, 0));
    if (!came) {
      rpc::Trace<Served> trace;
      trace.add(rpc::ended_by(scope.context), std::nullopt);
      co_return trace;
    }
    scope.cancel();
  }
  auto trace = co_await balancer.trace(plan.now_under(), query, options);
  co_return trace;
}

// One request from its intended sending to its outcome.
Task<> send_request(const Plan& plan, Service& balancer, std::uint32_t load_index,
                    std::uint64_t request, TimePoint intended) {
  const Load& load = plan.scenario.loads[load_index];
  RequestOutcome outcome;
  outcome.load = load_index;
  outcome.request = request;
  outcome.intended = intended;
  if (plan.options.real && load.model == Load::Model::open) {
    outcome.late = std::max(Duration::zero(), now() - intended);
  }
  if (plan.options.names_tasks) set_task_name(load.name + " " + std::to_string(request));

  const Query query = {.load = load_index, .entity = entity_of(load_index, request)};
  const rpc::CallOptions options = call_options(plan, query, intended);
  auto call = load.upload ? call_with_payload(plan, balancer, query, options)
                          : balancer.trace(plan.now_under(), query, options);
  const auto trace = co_await call;

  outcome.ended = now();
  outcome.attempts = trace.attempts;
  outcome.hedges = trace.hedges;
  outcome.accepted = trace.timing.accepted;
  outcome.started = trace.timing.started;
  outcome.finished = trace.timing.finished;
  if (trace.timing.worker) outcome.worker = trace.timing.worker->index;
  if (plan.cuts_off(options.deadline, outcome.ended)) {
    outcome.fate = Fate::in_flight;
  } else if (trace.outcome) {
    outcome.fate = Fate::completed;
  } else {
    outcome.fate = fate_of(trace.outcome.error());
    outcome.reason = trace.outcome.error().reason;
  }
  if (!plan.outcomes.try_send(outcome)) co_await plan.outcomes.send(outcome);
  if (plan.outcomes.size() >= plan.batch) (void)plan.batch_is_full.try_send(Wake());
}

// Says that the rest of the load is not sent any more.
Task<> give_up(const Plan& plan, std::uint32_t load_index, TimePoint intended) {
  RequestOutcome outcome;
  outcome.load = load_index;
  outcome.intended = intended;
  outcome.late = now() - intended;
  outcome.never_sent = true;
  co_await plan.outcomes.send(outcome);
  (void)plan.batch_is_full.try_send(Wake());
}

// Requests come when they come: each is a task of its own.
Task<> open_load(const Plan& plan, Balancers& balancers, WaitGroup& requests,
                 std::uint32_t load_index, std::uint64_t quota) {
  const Load& load = plan.scenario.loads[load_index];
  if (plan.options.names_tasks) set_task_name("load " + load.name);
  Service* const only = balancers.size() == 1 ? &balancers[0] : nullptr;
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
    } else if (plan.options.real) {
      if (plan.is_hopeless(intended)) {
        co_await give_up(plan, load_index, intended);
        break;
      }
      co_await yield();  // Who is behind still lets others run.
    }
    Service& balancer = only != nullptr ? *only : balancers.of_request(load_index, request);
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
    if (plan.has_shut_down()) break;
    co_await send_request(plan, balancer, load_index, request, now());
    standstill.sent_until(now());
  }
}

}  // namespace

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

void start_load(const Plan& plan, Balancers& balancers, WaitGroup& requests,
                std::uint32_t load_index, std::uint64_t quota) {
  const Load& load = plan.scenario.loads[load_index];
  if (load.model == Load::Model::open) {
    requests.go(open_load(plan, balancers, requests, load_index, quota));
    return;
  }
  for (std::uint64_t client = 0; client < load.clients; ++client) {
    const std::uint64_t own = quota == UINT64_MAX
                                  ? quota
                                  : quota / load.clients + (client < quota % load.clients ? 1 : 0);
    Service& balancer = balancers.of_client(client);
    requests.go(closed_client(plan, balancer, load_index, client, own));
  }
}

}  // namespace weir::sim
