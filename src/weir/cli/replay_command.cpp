// weir replay: what a log tells, and what policies make of it.

#include <utility>

#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/destination.h"
#include "weir/cli/measure.h"
#include "weir/cli/prepare.h"
#include "weir/cli/replay_plan.h"
#include "weir/report/csv.h"
#include "weir/sim/comparison.h"

namespace weir::cli {
namespace {

Report report_of(const report::ReplayReport& replay, const sim::Scenario& scenario,
                 const sim::PolicyComparison& comparison) {
  return {.text = report::replay_text(replay, scenario, comparison, {.colour = wants_colour()}),
          .json = report::replay_json(replay, comparison),
          .csv = report::comparison_csv(comparison),
          .valid = comparison.valid(),
          .passes = comparison.passes()};
}

}  // namespace

Outcome replay_command(const Arguments& arguments, const balance::Catalog& catalog) {
  auto plan = plan_replay(arguments, catalog);
  if (!plan) return std::unexpected(plan.error());
  const sim::Scenario scenario = plan->experiments.front().scenario;
  const auto destination = find_destination(arguments, scenario);
  if (!destination) return std::unexpected(destination.error());
  const auto delivery = Delivery::open(destination->arguments);
  if (!delivery) return std::unexpected(delivery.error());
  const bool real = runs_for_real(arguments, scenario);
  const Measured measured =
      measure(std::move(plan->experiments),
              {.jobs = arguments.jobs, .real = real, .batches = real, .shown = shown(arguments)});
  const Report report = report_of(plan->report, scenario, sim::compare(measured.records, scenario));
  if (const auto written = delivery->write(report); !written) {
    return std::unexpected(written.error());
  }
  tell_files(*destination);
  return code_of(measured.signal, report);
}

}  // namespace weir::cli
