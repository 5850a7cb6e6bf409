#include "weir/report/plan_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "weir/report/number.h"
#include "weir/report/table.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;

std::string objective_text(const sim::Objective& objective) {
  return fmt::format("{} {} {}", objective.metric.text(), objective.at_most ? "<=" : ">=",
                     bound_text(objective.bound, objective.metric.unit));
}

std::string probe_text(const PlanReport& plan, const sim::Probe& probe) {
  return fmt::format("{} at {}{}, busy {:.0f} %",
                     figure_text(probe.figure, plan.objective.metric.unit), probe.value, plan.unit,
                     100 * probe.busy);
}

// The probe next to the answer on the side where it is not met.
const sim::Probe* worse_neighbour(const PlanReport& plan) {
  const sim::Probe* found = nullptr;
  for (const sim::Probe& probe : plan.result.probes) {
    if (plan.fewest && probe.value < *plan.result.answer) found = &probe;
    if (!plan.fewest && probe.value > *plan.result.answer) return &probe;
  }
  return found;
}

// Where the curve bends: the probe, coming from the answer towards more room, from which on the
// next one changes the figure by less than a tenth.
const sim::Probe* knee(const PlanReport& plan) {
  std::vector<const sim::Probe*> roomier;
  for (const sim::Probe& probe : plan.result.probes) {
    const bool has_room =
        plan.fewest ? probe.value >= *plan.result.answer : probe.value <= *plan.result.answer;
    if (has_room && probe.figure) roomier.push_back(&probe);
  }
  if (!plan.fewest) std::ranges::reverse(roomier);
  for (std::size_t i = 0; i + 1 < roomier.size(); ++i) {
    const double now = roomier[i]->figure->value;
    if (std::abs(now - roomier[i + 1]->figure->value) < 0.1 * std::abs(now)) return roomier[i];
  }
  return nullptr;
}

std::string work_text(const PlanReport& plan, double busy) {
  std::string text;
  for (const PlannedWorkers& group : plan.workers) {
    if (group.computes) {
      text += fmt::format(
          "{}: CPU-bound, its {:.0f} slots compute: give them {:.0f} cores, or they wait for each "
          "other; {:.1f} are busy on average over all workers\n",
          group.name, group.slots, group.slots, busy * group.slots);
    } else {
      text += fmt::format(
          "{}: IO-bound, its {:.0f} slots wait: they take memory and connections, not cores\n",
          group.name, group.slots);
    }
  }
  return text;
}

std::string answer_text(const PlanReport& plan, bool colour) {
  const std::string down =
      plan.down == 0 ? "" : fmt::format(", with {} worker(s) missing", plan.down);
  if (!plan.result.answer) {
    return painted(fmt::format("✗ {} cannot be met by any {} from {}{} to {}{}{}",
                               objective_text(plan.objective), plan.key,
                               plan.result.probes.front().value, plan.unit,
                               plan.result.probes.back().value, plan.unit, down),
                   Tone::bad, colour) +
           '\n';
  }
  std::string text =
      painted(fmt::format("✓ {} = {}{} is the {} that meets {}{}", plan.key, *plan.result.answer,
                          plan.unit, plan.fewest ? "least" : "most", objective_text(plan.objective),
                          down),
              Tone::good, colour) +
      '\n';
  const sim::Probe& answer = *plan.result.find(*plan.result.answer);
  text += "there: " + probe_text(plan, answer) + '\n';
  if (const sim::Probe* worse = worse_neighbour(plan)) {
    text += fmt::format("{}: {}\n", plan.fewest ? "one step fewer" : "one step more",
                        probe_text(plan, *worse));
  }
  if (const sim::Probe* bend = knee(plan)) {
    text += fmt::format(
        "the curve bends at {}{} (busy {:.0f} %): beyond it the next step changes "
        "the figure by less than a tenth\n",
        bend->value, plan.unit, 100 * bend->busy);
  }
  return text + work_text(plan, answer.busy);
}

Table::Cell mark(const sim::Probe& probe) {
  return probe.meets ? Table::Cell{"✓", Tone::good} : Table::Cell{"✗", Tone::bad};
}

}  // namespace

std::string plan_text(const PlanReport& plan, bool colour) {
  using enum Table::Align;
  std::string text =
      painted(fmt::format("{}: {}", plan.scenario, plan.policy), Tone::strong, colour) + '\n' +
      answer_text(plan, colour);
  Table table({{plan.key}, {plan.objective.metric.text()}, {"busy"}, {"", left}});
  for (const sim::Probe& probe : plan.result.probes) {
    table.add({{fmt::format("{}{}", probe.value, plan.unit)},
               {figure_text(probe.figure, plan.objective.metric.unit)},
               {fmt::format("{:.0f} %", 100 * probe.busy)},
               mark(probe)});
  }
  return text + '\n' + table.text(colour);
}

std::string plan_json(const PlanReport& plan) {
  Json probes = Json::array();
  for (const sim::Probe& probe : plan.result.probes) {
    const bool bounded = probe.figure && probe.figure->interval;
    probes.push_back(
        {{"value", probe.value},
         {"figure", probe.figure ? Json(probe.figure->value) : Json()},
         {"ci95", bounded ? Json::array({probe.figure->interval->low, probe.figure->interval->high})
                          : Json()},
         {"utilisation", probe.busy},
         {"meets", probe.meets}});
  }
  const Json json = {{"schema", "weir-plan/1"},
                     {"scenario", plan.scenario},
                     {"policy", plan.policy},
                     {"slo",
                      {{"metric", plan.objective.metric.text()},
                       {plan.objective.at_most ? "max" : "min", plan.objective.bound}}},
                     {"vary", plan.key},
                     {"down", plan.down},
                     {"met", plan.result.answer.has_value()},
                     {"answer", plan.result.answer ? Json(*plan.result.answer) : Json()},
                     {"probes", std::move(probes)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace weir::report
