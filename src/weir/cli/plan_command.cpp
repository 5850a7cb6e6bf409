// weir plan: the fewest workers, or the highest rate, with which an objective holds.

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/destination.h"
#include "weir/cli/measure.h"
#include "weir/cli/prepare.h"
#include "weir/cli/run.h"
#include "weir/report/plan_report.h"
#include "weir/sim/expect_reader.h"
#include "weir/sim/plan.h"
#include "weir/sim/quantity.h"
#include "weir/sim/scenario_file.h"
#include "weir/sim/summary.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;

constexpr std::uint64_t workers_most = 10'000;  // of a plan; nobody waits for more

// What a plan changes, and how a value of it becomes a scenario.
struct Lever {
  std::string key{};          // "workers.fast.count", "load.web.arrival"
  std::string before{};       // "poisson("
  std::string after{};        // "/s)"
  std::uint32_t missing = 0;  // of the workers that are counted
  sim::Search search{};

  std::string assignment(std::uint64_t value) const {
    return key + '=' + before + std::to_string(value - missing) + after;
  }
};

const sim::Load* find_load(const sim::Scenario& scenario, const std::string& name) {
  const auto found = std::ranges::find(scenario.loads, name, &sim::Load::name);
  return found == scenario.loads.end() ? nullptr : &*found;
}

// "workers.fast.count": the group.
const sim::Workers* counted_group(const sim::Scenario& scenario, std::string_view key) {
  const auto found = std::ranges::find_if(scenario.workers, [&](const sim::Workers& group) {
    return key == "workers." + group.name + ".count";
  });
  return found == scenario.workers.end() ? nullptr : &*found;
}

// Poisson or constant arrivals, whose one number is the rate.
std::expected<Lever, std::string> rate_lever(const sim::Load& load) {
  const std::string text = load.arrival.text();
  const bool plain = text.starts_with("poisson(") || text.starts_with("const(");
  if (load.model != sim::Load::Model::open || !plain) {
    return Error("--rate takes a load with poisson or const arrivals; for others --vary a key");
  }
  const auto start = static_cast<std::uint64_t>(std::max(1.0, load.arrival.mean_rate()));
  return Lever{.key = "load." + load.name + ".arrival",
               .before = text.substr(0, text.find('(') + 1),
               .after = "/s)",
               .search = {.fewest = false, .least = 1, .most = start * 64, .start = start}};
}

std::expected<Lever, std::string> lever_of(const Arguments& arguments,
                                           const sim::Scenario& scenario, const sim::Load& load) {
  const PlanArguments& plan = arguments.plan;
  if (plan.rate) return rate_lever(load);
  const std::string key =
      plan.vary.empty() ? "workers." + scenario.workers.front().name + ".count" : plan.vary;
  if (const sim::Workers* group = counted_group(scenario, key)) {
    const std::uint64_t start = std::max<std::uint64_t>(group->count, plan.down + 1);
    return Lever{.key = key,
                 .missing = plan.down,
                 .search = {.least = plan.down + 1, .most = workers_most, .start = start}};
  }
  const bool clients = key == "load." + load.name + ".clients";
  if (clients && load.model == sim::Load::Model::closed) {
    return Lever{
        .key = key,
        .search = {
            .fewest = false, .least = 1, .most = sim::limit::clients, .start = load.clients}};
  }
  return Error(
      "--vary takes workers.NAME.count of a group that is there, or load.NAME.clients of a "
      "closed load, not '" +
      key + "'");
}

// With a rate or clients to vary, the missing workers are taken from the first group.
std::expected<std::vector<std::string>, std::string> missing_workers(const Arguments& arguments,
                                                                     const sim::Scenario& scenario,
                                                                     const Lever& lever) {
  const std::uint32_t down = arguments.plan.down;
  if (down == 0 || lever.missing > 0) return std::vector<std::string>();
  const sim::Workers& group = scenario.workers.front();
  if (group.count <= down) {
    return Error("--down " + std::to_string(down) + " leaves no worker of " + group.name);
  }
  return std::vector<std::string>{"workers." + group.name +
                                  ".count=" + std::to_string(group.count - down)};
}

std::vector<double> group_busy(const sim::RunSummary& summary) {
  std::vector<double> busy;
  for (const sim::GroupSummary& group : summary.groups) {
    busy.push_back(group.averages.utilisation ? group.averages.utilisation->value : 0);
  }
  return busy;
}

double mean_busy(const sim::RunSummary& summary) {
  double busy = 0;
  for (const sim::WorkerSummary& worker : summary.workers) {
    if (worker.averages.utilisation) busy += worker.averages.utilisation->value;
  }
  return busy / std::max<double>(1, static_cast<double>(summary.workers.size()));
}

// Whether more comes than is served, and nobody is turned away: what was answered may look well,
// but in the long run next to nothing would be.
bool is_overloaded(const sim::Scenario& scenario, const sim::RunSummary& summary) {
  constexpr double busy_enough = 0.985, unanswered_share = 0.01;
  if (scenario.horizon.kind != sim::Horizon::Kind::steady) return false;
  if (mean_busy(summary) < busy_enough) return false;
  for (std::size_t i = 0; i < scenario.loads.size(); ++i) {
    const sim::LoadCounts& counts = summary.loads[i].counts;
    const double share = unanswered_share * static_cast<double>(counts.offered);
    const bool open = scenario.loads[i].model == sim::Load::Model::open;
    if (open && static_cast<double>(counts.in_flight) > share) return true;
  }
  return false;
}

std::vector<report::PlannedWorkers> planned_workers(const sim::Scenario& scenario,
                                                    const Lever& lever,
                                                    const sim::PlanResult& result) {
  std::vector<report::PlannedWorkers> workers;
  if (!result.answer) return workers;
  const std::vector<double>& busy = result.find(*result.answer)->groups;
  for (const sim::Workers& group : scenario.workers) {
    const bool varied = lever.key == "workers." + group.name + ".count";
    const double count = varied ? static_cast<double>(*result.answer) : group.count;
    const std::size_t number = workers.size();
    workers.push_back({.name = group.name,
                       .computes = group.work == sim::Workers::Work::cpu,
                       .slots = count * group.servers(),
                       .busy = number < busy.size() ? busy[number] : 0});
  }
  return workers;
}

// Runs the scenario with the lever at a value; remembers what went wrong.
class Prober {
 public:
  Prober(const Arguments& arguments, const balance::Catalog& catalog, const ScenarioSource& source,
         const Lever& lever, const sim::Objective& objective, std::vector<std::string> assignments)
      : arguments_(arguments),
        catalog_(catalog),
        source_(source),
        lever_(lever),
        objective_(objective),
        assignments_(std::move(assignments)) {}

  std::optional<sim::Probe> run(std::uint64_t value) {
    std::vector<std::string> assignments = assignments_;
    assignments.push_back(lever_.assignment(value));
    auto scenario = read_source(source_, arguments_, catalog_, assignments);
    if (!scenario) return fail(scenario.error());
    auto experiment = make_experiment(*scenario, catalog_);
    if (!experiment) return fail(experiment.error());
    const Measured measured = measure(
        {*std::move(experiment)},
        {.jobs = arguments_.jobs, .shown = arguments_.quiet ? Shown::nothing : Shown::progress});
    signal_ = measured.signal;
    if (signal_ != 0) return std::nullopt;
    const sim::RunSummary summary = sim::summarise(measured.records.front(), *scenario);
    const auto found = sim::figure(summary, objective_.metric);
    const bool overloaded = is_overloaded(*scenario, summary);
    const bool counts = summary.valid() && !overloaded;
    return sim::Probe{.value = value,
                      .figure = found,
                      .busy = mean_busy(summary),
                      .groups = group_busy(summary),
                      .valid = summary.valid(),
                      .overloaded = overloaded,
                      .meets = counts && objective_.is_met_by(found)};
  }

  int signal() const { return signal_; }
  const std::string& trouble() const { return trouble_; }

 private:
  std::optional<sim::Probe> fail(std::string why) {
    trouble_ = std::move(why);
    return std::nullopt;
  }

  const Arguments& arguments_;
  const balance::Catalog& catalog_;
  const ScenarioSource& source_;
  const Lever& lever_;
  const sim::Objective& objective_;
  std::vector<std::string> assignments_;
  std::string trouble_;
  int signal_ = 0;
};

struct Plan {
  sim::Scenario scenario{};
  sim::Objective objective{};
  Lever lever{};
  std::vector<std::string> missing{};  // assignments
};

// What is asked for, or what is wrong with that.
std::expected<Plan, std::string> read_plan(const Arguments& arguments, sim::Scenario scenario) {
  if (scenario.horizon.replications < 2) {
    return Error("weir plan takes two replications or more: one has no interval to go by");
  }
  const std::string name =
      arguments.plan.load.empty() ? scenario.loads.front().name : arguments.plan.load;
  const sim::Load* load = find_load(scenario, name);
  if (load == nullptr) return Error("--load names no load: '" + name + "'");
  auto objective = sim::parse_objective(arguments.plan.slo, name);
  if (!objective) return Error(objective.error());
  if (const auto complaint = sim::unknown_subject(objective->metric, scenario)) {
    return Error("--slo " + arguments.plan.slo + " " + *complaint);
  }
  auto lever = lever_of(arguments, scenario, *load);
  if (!lever) return Error(lever.error());
  auto missing = missing_workers(arguments, scenario, *lever);
  if (!missing) return Error(missing.error());
  return Plan{.scenario = std::move(scenario),
              .objective = *std::move(objective),
              .lever = *std::move(lever),
              .missing = *std::move(missing)};
}

Report report_of(const Plan& plan, const Arguments& arguments, const sim::PlanResult& result) {
  const report::PlanReport report{.scenario = plan.scenario.name,
                                  .policy = plan.scenario.balancer.policy,
                                  .objective = plan.objective,
                                  .key = plan.lever.key,
                                  .unit = plan.lever.after.empty() ? "" : "/s",
                                  .fewest = plan.lever.search.fewest,
                                  .down = arguments.plan.down,
                                  .workers = planned_workers(plan.scenario, plan.lever, result),
                                  .result = result};
  return {.text = report::plan_text(report, wants_colour()),
          .json = report::plan_json(report),
          .valid = std::ranges::any_of(result.probes, &sim::Probe::valid),
          .passes = result.answer.has_value()};
}

}  // namespace

Outcome plan_command(const Arguments& arguments, const balance::Catalog& catalog) {
  const auto source = find_source(arguments.scenario);
  if (!source) return Error(source.error());
  const auto scenario = read_source(*source, arguments, catalog);
  if (!scenario) return Error(scenario.error());
  const auto plan = read_plan(arguments, *scenario);
  if (!plan) return Error(plan.error());
  const auto destination = find_destination(arguments, *scenario);
  if (!destination) return Error(destination.error());
  const auto delivery = Delivery::open(destination->arguments);
  if (!delivery) return Error(delivery.error());

  Prober prober(arguments, catalog, *source, plan->lever, plan->objective, plan->missing);
  const sim::RunProbe run = [&](std::uint64_t value) { return prober.run(value); };
  sim::PlanResult result = sim::search_plan(plan->lever.search, run);
  if (plan->objective.metric.unit == sim::Metric::Unit::seconds) {
    sim::find_knee(plan->lever.search, run, result);
  }
  if (!prober.trouble().empty()) return Error(prober.trouble());
  const Report report = report_of(*plan, arguments, result);
  if (const auto written = delivery->write(report); !written) return Error(written.error());
  tell_files(*destination);
  return code_of(prober.signal(), report);
}

}  // namespace weir::cli
