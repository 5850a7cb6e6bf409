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

std::string counted(double count, std::string_view what) {
  return fmt::format("{:.0f} {}{}", count, what, count == 1 ? "" : "s");
}

std::string work_text(const PlannedWorkers& group) {
  const std::string slots = counted(group.slots, "slot");
  if (group.computes) {
    return fmt::format(
        "{}: CPU-bound (work = \"cpu\"): {} to compute in, {:.1f} busy on average; with fewer than "
        "{} they wait for each other\n",
        group.name, slots, group.busy * group.slots, counted(group.slots, "core"));
  }
  return fmt::format("{}: waiting (work = \"wait\"): {}: memory and connections, not cores\n",
                     group.name, slots);
}

std::string down_text(const PlanReport& plan) {
  if (plan.down == 0) return "";
  return fmt::format(", with {} missing", counted(plan.down, "worker"));
}

std::string no_answer_text(const PlanReport& plan, bool colour) {
  const auto& probes = plan.result.probes;
  if (!plan.result.complete) {
    return painted(fmt::format("interrupted: no answer yet from {} of {}",
                               counted(static_cast<double>(probes.size()), "value"), plan.key),
                   Tone::bad, colour) +
           '\n';
  }
  return painted(fmt::format("✗ {} cannot be met by any {} from {}{} to {}{}{}",
                             objective_text(plan.objective), plan.key, probes.front().value,
                             plan.unit, probes.back().value, plan.unit, down_text(plan)),
                 Tone::bad, colour) +
         '\n';
}

// What the next value would do that does not meet it.
std::string worse_text(const PlanReport& plan, std::uint64_t answer) {
  const sim::Probe* worse = worse_neighbour(plan);
  if (worse == nullptr) return fmt::format("beyond {}{} nothing was tried\n", answer, plan.unit);
  const std::uint64_t steps = plan.fewest ? answer - worse->value : worse->value - answer;
  return fmt::format("with {}{} {}: {}\n", steps, plan.unit, plan.fewest ? "fewer" : "more",
                     probe_text(plan, *worse));
}

std::string knee_text(const PlanReport& plan) {
  if (!plan.result.knee) return "";
  const sim::Probe& knee = *plan.result.find(*plan.result.knee);
  return fmt::format(
      "the curve bends at {}{} (busy {:.0f} %): {} would change it by less than a tenth\n",
      knee.value, plan.unit, 100 * knee.busy,
      !plan.fewest          ? "ten percent less"
      : knee.value / 10 > 1 ? "ten percent more"
                            : "one more");
}

std::string answer_text(const PlanReport& plan, bool colour) {
  if (!plan.result.answer) return no_answer_text(plan, colour);
  const sim::Probe& answer = *plan.result.find(*plan.result.answer);
  std::string text = painted(fmt::format("✓ {} = {}{} is the {} that meets {}{}", plan.key,
                                         answer.value, plan.unit, plan.fewest ? "least" : "most",
                                         objective_text(plan.objective), down_text(plan)),
                             Tone::good, colour) +
                     '\n' + "there: " + probe_text(plan, answer) + '\n' +
                     worse_text(plan, answer.value) + knee_text(plan);
  for (const PlannedWorkers& group : plan.workers) text += work_text(group);
  return text;
}

Table::Cell mark(const sim::Probe& probe) {
  if (!probe.valid) return {"run invalid", Tone::bad};
  if (probe.overloaded) return {"✗ overloaded", Tone::bad};
  return probe.meets ? Table::Cell{"✓", Tone::good} : Table::Cell{"✗", Tone::bad};
}

Json workers_json(const PlanReport& plan) {
  Json workers = Json::array();
  for (const PlannedWorkers& group : plan.workers) {
    workers.push_back({{"name", group.name},
                       {"work", group.computes ? "cpu" : "wait"},
                       {"slots", group.slots},
                       {"utilisation", group.busy}});
  }
  return workers;
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
         {"valid", probe.valid},
         {"overloaded", probe.overloaded},
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
                     {"complete", plan.result.complete},
                     {"met", plan.result.complete ? Json(plan.result.answer.has_value()) : Json()},
                     {"answer", plan.result.answer ? Json(*plan.result.answer) : Json()},
                     {"knee", plan.result.knee ? Json(*plan.result.knee) : Json()},
                     {"workers", workers_json(plan)},
                     {"probes", std::move(probes)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace weir::report
