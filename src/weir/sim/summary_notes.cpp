// What a reader must know beside the figures, in sentences with figures in them.
//
// Saturation is told from the scenario where a bound is known without a queueing model (the
// asymptotes of Denning and Buzen, "The operational analysis of queueing network models", 1978),
// and from the measured utilisation elsewhere.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "weir/base/time.h"
#include "weir/sim/metric_series.h"
#include "weir/sim/quantity.h"
#include "weir/sim/scenario.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

constexpr double busy_enough = 0.985;    // of all time, to be called saturated
constexpr double behind_told_s = 1e-3;   // lateness of sending that is worth a word
constexpr double behind_floor_s = 5e-3;  // and that spoils the figures, if it is also more
constexpr double behind_share = 0.1;     // than this share of the mean response
constexpr double contention_told = 1.1;  // more by the clock than of processors
constexpr double alike = 1.645;          // of 1/√n: a correlation of n values beyond chance, at 5 %
constexpr double undecided_share = 0.01;  // of requests without an outcome

// What all workers together can do.
struct Capacity {
  double work = 0;   // seconds of work each second
  double slots = 0;  // requests served side by side
  std::uint64_t workers = 0;
};

Capacity capacity_of(const Scenario& scenario) {
  Capacity capacity;
  for (const Workers& group : scenario.workers) {
    const double slots = static_cast<double>(group.count) * group.servers();
    capacity.slots += slots;
    capacity.work += slots * group.speed;
    capacity.workers += group.count;
  }
  return capacity;
}

// Of one request at a worker of speed 1, in seconds.
double mean_service(const Load& load) {
  return load.service.mean(load.size ? load.size->mean() : 0);
}

std::string four_digits(double value) {
  int decimals = 3;
  for (double edge = 10; decimals > 0 && std::abs(value) >= edge; edge *= 10) --decimals;
  return fmt::format("{:.{}f}", value, decimals);
}

// "all 10 workers", "the 10 workers", but one is "the worker".
std::string workers_after(std::string_view article, const Capacity& capacity) {
  if (capacity.workers == 1) return "the worker";
  return fmt::format("{} {} workers", article, capacity.workers);
}

// Clients that keep c slots busy: each is away for the time to think and then for a service.
// Throughput is at most capacity / S, and Little's law says how many that takes.
std::optional<std::string> closed_saturation(const Load& load, const LoadSummary& measured,
                                             const Capacity& capacity) {
  const double service = mean_service(load);
  if (!(service > 0)) return {};
  const double bound = capacity.work / service;
  const double enough = std::ceil((bound * load.think.mean() + capacity.slots) * (1 - 1e-12));
  if (load.clients < enough) return {};
  std::string sentence = fmt::format("saturated: {} clients, but {:.0f} keep {} busy", load.clients,
                                     enough, workers_after("all", capacity));
  const double throughput = measured.throughput_per_s ? measured.throughput_per_s->value : 0;
  if (throughput >= busy_enough * bound) {
    return sentence + "; throughput is at its bound of " + four_digits(bound) + "/s";
  }
  return sentence + "; throughput is " + four_digits(throughput) + "/s of at most " +
         four_digits(bound) + "/s";
}

std::optional<std::string> open_saturation(const Scenario& scenario, const RunSummary& summary,
                                           const Capacity& capacity) {
  const double time_s = summary.window_s * summary.replications;
  if (!(time_s > 0)) return {};
  double work = 0;
  for (std::size_t i = 0; i < scenario.loads.size(); ++i) {
    if (scenario.loads[i].model != Load::Model::open) continue;
    work += static_cast<double>(summary.loads[i].counts.offered) * mean_service(scenario.loads[i]);
  }
  work /= time_s;
  if (work < capacity.work) return {};
  if (scenario.loads.size() > 1) {
    return fmt::format("saturated: {} s of work come each second, but {} can do {} s at most",
                       four_digits(work), workers_after("the", capacity),
                       four_digits(capacity.work));
  }
  const double service = mean_service(scenario.loads[0]);
  return fmt::format("saturated: {}/s are offered, but {} can serve {}/s at most",
                     four_digits(work / service), workers_after("the", capacity),
                     four_digits(capacity.work / service));
}

std::optional<std::string> measured_saturation(const RunSummary& summary) {
  double busy = 0, workers = 0;
  for (const WorkerSummary& worker : summary.workers) {
    if (!worker.averages.utilisation) return {};
    busy += worker.averages.utilisation->value;
    workers += 1;
  }
  if (!(workers > 0) || busy / workers < busy_enough) return {};
  return fmt::format("saturated: the workers are busy {:.1f} % of the time", 100 * busy / workers);
}

std::optional<std::string> saturation(const Scenario& scenario, const RunSummary& summary) {
  const Capacity capacity = capacity_of(scenario);
  std::optional<std::string> sentence;
  if (scenario.loads.size() == 1 && scenario.loads[0].model == Load::Model::closed) {
    sentence = closed_saturation(scenario.loads[0], summary.loads[0], capacity);
  } else {
    sentence = open_saturation(scenario, summary, capacity);
  }
  return sentence ? sentence : measured_saturation(summary);
}

bool computes(const Workers& group) {
  return group.work == Workers::Work::cpu;
}

// The shortest mean response of a load; infinite if none has one.
double least_response(const RunSummary& summary) {
  double least = INFINITY;
  for (const LoadSummary& load : summary.loads) {
    if (load.response.mean) least = std::min(least, *load.response.mean);
  }
  return least;
}

// Whether figures that contain such a lateness still tell of the scenario. Where no request was
// completed there is nothing to hold it against but the floor.
bool spoils(double late_s, double response_s) {
  return late_s > behind_floor_s && !(late_s <= behind_share * response_s);
}

std::string way_out(const Scenario& scenario) {
  std::string text = "lower the rate or give it more processors";
  if (std::ranges::any_of(scenario.workers, computes)) {
    text += ", or let workers wait instead of compute (work = \"wait\")";
  }
  return text;
}

// Whether the requests of open loads were sent when they were to be sent.
std::optional<Note> lateness(const Scenario& scenario, const RunSummary& summary) {
  const RealSummary& real = *summary.real;
  if (real.behind_p99_s < behind_told_s && real.given_up_after_s == 0) return {};
  const bool gave_up = real.given_up_after_s > real.behind_p99_s;
  const double late_s = gave_up ? real.given_up_after_s : real.behind_p99_s;
  const std::string late = format_duration(from_seconds(late_s));
  const std::string what = gave_up ? "at the end requests were " + late + " late, and not sent"
                                   : "requests were sent up to " + late + " late (99th percentile)";
  const double response_s = least_response(summary);
  if (!spoils(late_s, response_s == INFINITY ? 0 : response_s)) return Note{what};
  return Note{
      "generator behind: " + what + ", so this machine cannot carry the load; " + way_out(scenario),
      true};
}

// Whether the timers that workers wait by and clients think by did what they were asked for.
// Lateness of requests is told first, and comes from the same timers.
std::optional<Note> timer_lag(const Scenario& scenario, const RunSummary& summary) {
  const double lag_s = summary.real->timer_lag_p99_s;
  const double response_s = least_response(summary);
  const bool only_computes = std::ranges::all_of(scenario.workers, computes);
  if (only_computes || response_s == INFINITY || !spoils(lag_s, response_s)) return {};
  return Note{"timers fired up to " + format_duration(from_seconds(lag_s)) +
                  " late (99th percentile), and every service took that much longer; give it more "
                  "processors, or longer services",
              true};
}

// That workers compute on processors that others have, too: each other, the generator, whatever
// runs on this machine.
std::optional<Note> contention(const RunSummary& summary) {
  const RealSummary& real = *summary.real;
  if (!(real.work_clock_s > contention_told * real.work_processor_s)) return {};
  return Note{fmt::format(
      "computing workers did not have the processors to themselves: work took {:.2f} times as long "
      "by the clock as it took of processors",
      real.work_clock_s / real.work_processor_s)};
}

void add_real(const Scenario& scenario, const RunSummary& summary, std::vector<Note>& notes) {
  if (!summary.real) return;
  const auto late = lateness(scenario, summary);
  if (late) notes.push_back(*late);
  if (!late || !late->invalidates) {
    if (const auto lag = timer_lag(scenario, summary)) notes.push_back(*lag);
  }
  if (const auto contended = contention(summary)) notes.push_back(*contended);
}

Note unsettled(bool saturated) {
  if (saturated) {
    return {
        "no steady state was found, as the workers are saturated: the figures hang on the "
        "length of the run"};
  }
  return {"run too short: no steady state was found, so the figures may still hold the warm-up",
          true};
}

void add_undecided(const RunSummary& summary, std::vector<Note>& notes) {
  for (const LoadSummary& load : summary.loads) {
    const auto offered = static_cast<double>(load.counts.offered);
    const auto undecided = static_cast<double>(load.counts.in_flight);
    if (!(undecided > undecided_share * offered)) continue;
    notes.push_back({fmt::format("{:.1f} % of the requests of {} had no outcome yet at the end",
                                 100 * undecided / offered, load.name)});
  }
}

// That replications ended before the precision asked for was there.
Note imprecise(const StopRule& stop, const RunSummary& summary) {
  const auto found = figure(summary, stop.of);
  std::string reached = "unknown";
  if (found && found->interval && found->value != 0) {
    reached =
        fmt::format("±{:.2g} %", 100 * found->interval->half_width() / std::abs(found->value));
  }
  return {fmt::format(
      "max_replications ({}) ended the run: {} is known to {}, not to the {} asked for",
      stop.max_replications, stop.of.text(), reached, "±" + exact_percent(stop.relative))};
}

// Batches that know of each other differ less than chance makes runs differ. So few of them are
// alike by chance at times, which is no news.
std::optional<Note> dependent(const BatchSummary& batches) {
  if (batches.correlation < alike / std::sqrt(static_cast<double>(batches.count))) return {};
  return Note{fmt::format(
      "run too short for its intervals: neighbouring batches of {} are alike (correlation {:.2f}), "
      "so ± is too narrow; lengthen horizon.time",
      format_duration(from_seconds(batches.length_s)), batches.correlation)};
}

Note unrepeated(const Scenario& scenario) {
  std::string sentence =
      "one replication: nothing tells how far chance reaches, so there are no intervals";
  const auto has_one = [](const Expect& expect) { return has_interval(expect.metric); };
  if (std::ranges::any_of(scenario.expects, has_one)) {
    sentence += ", and expectations are judged by the bare figures";
  }
  return {sentence};
}

Note interrupted(const Horizon& horizon, const RunSummary& summary) {
  if (summary.real && summary.replications == 1 && horizon.most_replications() == 1) {
    const Duration after = from_seconds(std::round(summary.virtual_s * 10) / 10);
    return {"interrupted after " + format_duration(after) +
            (horizon.time ? " of " + format_duration(*horizon.time) : "")};
  }
  if (horizon.stop) {
    return {fmt::format("interrupted: {} replications, before the precision was there",
                        summary.replications)};
  }
  return {fmt::format("interrupted: {} of {} replications", summary.replications,
                      horizon.replications)};
}

}  // namespace

std::vector<Note> notes(const Scenario& scenario, const RunSummary& summary) {
  std::vector<Note> notes;
  const Horizon& horizon = scenario.horizon;
  if (summary.interrupted) notes.push_back(interrupted(horizon, summary));
  if (summary.replications == 0) return notes;
  if (!summary.precise && !summary.interrupted) notes.push_back(imprecise(*horizon.stop, summary));
  add_real(scenario, summary, notes);
  const std::optional<std::string> saturated = saturation(scenario, summary);
  if (saturated) notes.push_back({*saturated});
  if (summary.warmup_uncertain) notes.push_back(unsettled(saturated.has_value()));
  if (summary.batches) {
    if (const auto dependence = dependent(*summary.batches)) notes.push_back(*dependence);
  } else if (summary.replications == 1) {
    notes.push_back(unrepeated(scenario));
  }
  add_undecided(summary, notes);
  return notes;
}

}  // namespace weir::sim
