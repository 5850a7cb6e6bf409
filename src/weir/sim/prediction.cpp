#include "weir/sim/prediction.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "weir/sim/offered_load.h"
#include "weir/sim/scenario.h"
#include "weir/sim/theory_choice.h"
#include "weir/sim/theory_closed.h"
#include "weir/sim/theory_markov.h"
#include "weir/sim/theory_poisson.h"
#include "weir/sim/theory_renewal.h"

namespace weir::sim {
namespace {

using enum Prediction::Relation;
using Figures = std::vector<Prediction>;

bool is_exponential(const Distribution& distribution) {
  return distribution.text().starts_with("exp(") && distribution.per_byte() == 0;
}

// A scenario as the formulas see it: equal workers, one kind of line.
struct Station {
  const Scenario& scenario;
  const Load& load;      // the first
  std::string policy{};  // without parameters
  int workers = 0;
  int slots = 0;       // of all workers
  double service = 0;  // mean seconds of a request of `load` at a worker
  double rate = 0;     // of all loads together
  double rho = 0;

  bool has_one_line() const { return scenario.balancer.policy == "central_queue" || workers == 1; }
  bool is_markov() const { return scenario.loads.size() == 1 && is_exponential(load.service); }
};

// The feature that no formula here knows; nothing if there is none.
std::optional<std::string> stranger(const Scenario& scenario) {
  for (const Load& load : scenario.loads) {
    if (load.timeout) return "a timeout";
    if (load.hedge) return "hedging";
    if (load.upload) return "uploads";
    if (load.retry.attempt_timeout) return "a timeout of attempts";
  }
  if (!scenario.faults.empty()) return "faults";
  if (scenario.network) return "a network";
  if (scenario.shutdown && scenario.shutdown->at) return "a shutdown";
  if (scenario.balancer.slots) return "slots";
  if (scenario.balancer.admission) return "admission";
  if (scenario.balancer.stale > Duration::zero()) return "a stale view";
  // Chance needs no view, and splits what chance has split before.
  const bool blind = scenario.balancer.policy == "random" && !scenario.balancer.queue.limit;
  const bool open = scenario.loads[0].model == Load::Model::open;
  if (scenario.balancer.count > 1 && !(blind && open)) return "several balancers";
  for (const Workers& group : scenario.workers) {
    if (group.failure > 0) return "attempts that fail";
    if (group.uptime) return "workers that crash";
    if (group.queue) return "queues that differ from group to group";
    if (group.speed != scenario.workers[0].speed ||
        group.concurrency != scenario.workers[0].concurrency) {
      return "workers that are not all alike";
    }
    const bool shares = group.serve == Workers::Serve::ps;
    if (shares != (scenario.workers[0].serve == Workers::Serve::ps) ||
        group.cores != scenario.workers[0].cores) {
      return "workers that are not all alike";
    }
    constexpr std::uint32_t many = 1000;  // at once, which a stable queue does not reach
    if (shares && group.cores > 1) return "several cores that share";
    if (shares && group.concurrency < many) return "a bound on those that share a processor";
  }
  return std::nullopt;
}

Station station_of(const Scenario& scenario) {
  Station station{.scenario = scenario, .load = scenario.loads[0]};
  station.policy = scenario.balancer.policy.substr(0, scenario.balancer.policy.find('('));
  for (const Workers& group : scenario.workers) {
    station.workers += static_cast<int>(group.count);
    station.slots += static_cast<int>(group.count * group.servers());
  }
  station.service = mean_work(station.load) / scenario.workers[0].speed;
  for (const Load& load : scenario.loads) {
    if (load.model != Load::Model::open) continue;
    station.rate += load.arrival.mean_rate();
    station.rho += load.arrival.mean_rate() * mean_work(load) / capacity(scenario);
  }
  return station;
}

Prediction figure_of(const Station& station, std::string_view name, double value,
                     std::string formula, Prediction::Relation relation = equal) {
  const auto metric = parse_metric(station.load.name + '.' + std::string(name));
  return {metric.value_or(Metric{}), relation, value, std::move(formula)};
}

// M/G/1: the loads share the line, so all of them wait alike.
Figures one_line_of_one(const Station& station, double share, const std::string& formula) {
  theory::Moments mixed;
  const double speed = station.scenario.workers[0].speed;
  for (const Load& load : station.scenario.loads) {
    const double part = load.arrival.mean_rate() / station.rate;
    const double bytes = load.size ? load.size->mean() : 0;
    const double mean = load.service.mean(bytes) / speed;
    mixed.first += part * mean;
    mixed.second += part * mean * mean * (1 + load.service.scv(bytes));
  }
  const theory::PoissonQueue queue(station.rate * share, mixed);
  return {figure_of(station, "wait.mean", queue.wait(), formula),
          figure_of(station, "response.mean", queue.wait() + station.service, formula)};
}

Figures erlang(const Station& station, int servers, const std::string& formula) {
  const theory::Erlang queue(servers, station.rho);
  return {
      figure_of(station, "wait.mean", queue.wait() * station.service, formula),
      figure_of(station, "response.mean", queue.response() * station.service, formula),
      figure_of(station, "response.p99", queue.response_quantile(0.99) * station.service, formula)};
}

Figures round_robin(const Station& station) {
  const auto queue = theory::RenewalQueue::round_robin(station.workers, station.rho);
  const std::string formula =
      "E_n/M/1: Poisson arrivals dealt out in turn, exponential service, a line for each";
  return {
      figure_of(station, "response.mean", queue.response() * station.service, formula),
      figure_of(station, "response.p99", queue.response_quantile(0.99) * station.service, formula)};
}

// With a limit, which may be none at all.
Figures bounded(const Station& station, std::uint32_t limit) {
  const double offered = station.rate * station.service;
  if (limit == 0) {
    const theory::Erlang queue(station.slots, offered / station.slots);
    return {figure_of(station, "success", 1 - queue.blocked(),
                      "Erlang B: Poisson arrivals, any service, nobody waits")};
  }
  const int room = station.slots + static_cast<int>(limit);
  const auto line = theory::bounded_line(station.slots, room, offered);
  const double taken = 1 - line.probability(static_cast<std::size_t>(room));
  const std::string formula =
      "M/M/c/K: Poisson arrivals, exponential service, one line with an end";
  return {figure_of(station, "success", taken, formula),
          figure_of(station, "response.mean", line.mean() / (station.rate * taken), formula)};
}

Figures of_one_line(const Station& station) {
  const auto& limit = station.scenario.balancer.queue.limit;
  constexpr std::uint32_t room_max = 100'000;
  if (limit) {
    const bool known = station.scenario.loads.size() == 1 && *limit <= room_max &&
                       (*limit == 0 || station.is_markov());
    return known ? bounded(station, *limit) : Figures();
  }
  if (station.is_markov()) {
    return erlang(station, station.slots,
                  "M/M/c (Erlang): Poisson arrivals, exponential service, one line");
  }
  if (station.slots == 1) {
    return one_line_of_one(station, 1, "M/G/1 (Pollaczek-Khinchine): Poisson arrivals, one line");
  }
  if (station.scenario.loads.size() > 1) return {};
  const double bytes = station.load.size ? station.load.size->mean() : 0;
  const double spread = (1 + station.load.service.scv(bytes)) / 2;
  const double wait = theory::Erlang(station.slots, station.rho).wait() * station.service * spread;
  const std::string formula =
      "M/G/c (approximation of Lee and Longton): Poisson arrivals, one line";
  return {figure_of(station, "wait.mean", wait, formula, about),
          figure_of(station, "response.mean", wait + station.service, formula, about)};
}

Figures of_many_lines(const Station& station) {
  if (station.scenario.balancer.queue.limit || station.slots != station.workers) return {};
  if (station.policy == "random") {
    if (station.is_markov()) {
      return erlang(station, 1,
                    "M/M/1 at each: Poisson arrivals split at random, exponential service");
    }
    return one_line_of_one(station, 1.0 / station.workers,
                           "M/G/1 at each (Pollaczek-Khinchine): Poisson arrivals split at random");
  }
  if (station.policy == "round_robin" && station.is_markov()) return round_robin(station);
  if (station.scenario.balancer.policy == "p2c" && station.is_markov() && station.workers >= 10) {
    return {figure_of(station, "response.mean",
                      theory::shortest_of_infinitely_many(2, station.rho) * station.service,
                      "two choices of infinitely many workers (Mitzenmacher): a little more with "
                      "finitely many",
                      about)};
  }
  return {};
}

Figures sharing(const Station& station) {
  if (station.workers > 1 && station.policy != "random") return {};
  if (station.scenario.balancer.queue.limit || station.scenario.loads.size() > 1) return {};
  return {figure_of(station, "response.mean", station.service / (1 - station.rho),
                    "M/G/1-PS: Poisson arrivals, any service, shared processors")};
}

Figures of_open(const Station& station) {
  if (station.scenario.workers[0].serve == Workers::Serve::ps) return sharing(station);
  if (station.scenario.balancer.queue.discipline != Queue::Discipline::fifo) return {};
  return station.has_one_line() ? of_one_line(station) : of_many_lines(station);
}

// Of one load of clients; nobody needs a formula for the bounds, which hold for any policy.
Figures of_closed(const Station& station) {
  const int clients = static_cast<int>(station.load.clients);
  const double think = station.load.think.mean();
  constexpr int clients_max = 100'000;
  const bool plain = is_exponential(station.load.service) && clients <= clients_max &&
                     station.slots <= clients_max && !station.scenario.balancer.queue.limit;
  if (plain && station.has_one_line()) {
    const auto line = theory::closed_line(station.slots, clients, think / station.service);
    const double served = (clients - line.mean()) / think;
    const std::string formula = "M/M/c//N: any thinking, exponential service, one line";
    if (think > 0) {
      return {figure_of(station, "throughput_per_s", served, formula),
              figure_of(station, "response.mean", clients / served - think, formula)};
    }
  }
  if (plain && station.policy == "random" && station.slots == station.workers) {
    const auto network = theory::random_routing(station.workers, clients, think / station.service);
    const std::string formula =
        "mean value analysis: any thinking, exponential service, random choice";
    return {figure_of(station, "throughput_per_s", network.throughput / station.service, formula),
            figure_of(station, "response.mean", network.response * station.service, formula)};
  }
  const double most =
      std::min(clients / (think + station.service), station.slots / station.service);
  const std::string formula = "asymptotes (Denning and Buzen): any service, any policy";
  return {figure_of(station, "throughput_per_s", most, formula, at_most),
          figure_of(station, "response.mean", clients / most - think, formula, at_least)};
}

bool is_poisson(const Load& load) {
  return load.model == Load::Model::open && load.arrival.text().starts_with("poisson(");
}

Predictions without_figures(Predictions result, std::string why) {
  result.none = std::move(why);
  return result;
}

}  // namespace

Predictions predictions(const Scenario& scenario) {
  Predictions result{.offered = offered_load(scenario)};
  const bool closed = scenario.loads.size() == 1 && scenario.loads[0].model == Load::Model::closed;
  if (!closed && !std::ranges::all_of(scenario.loads, is_poisson)) {
    return without_figures(std::move(result), "not all arrivals are Poisson");
  }
  if (const auto feature = stranger(scenario)) {
    return without_figures(std::move(result), "the scenario has " + *feature);
  }
  const Station station = station_of(scenario);
  const bool bounded = scenario.balancer.queue.limit.has_value();
  if (!closed && !bounded && station.rho >= 1) {
    return without_figures(std::move(result), "more work comes than the workers can do");
  }
  result.figures = closed ? of_closed(station) : of_open(station);
  if (result.figures.empty()) result.none = "no formula for this policy, service and queue";
  return result;
}

}  // namespace weir::sim
