// weir run and weir compare: one road from the arguments to the report, with two reports at its
// end.

#include <optional>
#include <utility>
#include <vector>

#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/destination.h"
#include "weir/cli/measure.h"
#include "weir/cli/prepare.h"
#include "weir/cli/run_files.h"
#include "weir/report/csv.h"
#include "weir/report/json.h"
#include "weir/report/text.h"
#include "weir/sim/comparison.h"
#include "weir/sim/summary.h"

namespace weir::cli {
namespace {

using Records = std::vector<sim::RunRecord>;

Report report_run(const sim::Scenario& scenario, const Records& records) {
  const sim::RunSummary summary = sim::summarise(records.front(), scenario);
  return {.text = report::run_text(scenario, summary, {.colour = wants_colour()}),
          .json = report::run_json(summary),
          .csv = report::run_csv(summary),
          .valid = summary.valid(),
          .passes = summary.passes()};
}

Report report_comparison(const sim::Scenario& scenario, const Records& records) {
  const sim::PolicyComparison comparison = sim::compare(records, scenario);
  return {.text = report::comparison_text(scenario, comparison, {.colour = wants_colour()}),
          .json = report::comparison_json(comparison),
          .csv = report::comparison_csv(comparison),
          .valid = comparison.valid(),
          .passes = comparison.passes()};
}

Report report_modes(const sim::Scenario& scenario, const Records& records) {
  Report report = report_comparison(scenario, records);
  report.text =
      report::modes_text(scenario, sim::compare(records, scenario), {.colour = wants_colour()});
  return report;
}

// How many seconds experiments take in real time; nothing if requests are counted.
std::optional<double> seconds_of(const std::vector<sim::Experiment>& experiments) {
  double all = 0;
  for (const sim::Experiment& each : experiments) {
    const sim::Horizon& horizon = each.scenario.horizon;
    if (!horizon.time) return std::nullopt;
    all += to_seconds(*horizon.time) * horizon.replications;
  }
  return all;
}

Measured measure_as_asked(std::vector<sim::Experiment> experiments, const Arguments& arguments,
                          sim::RequestLogs* logs) {
  MeasureOptions options{.jobs = arguments.jobs, .shown = shown(arguments)};
  options.trace_file = arguments.trace;
  options.logs = logs;
  options.real = runs_for_real(arguments, experiments.front().scenario);
  options.batches = options.real || !arguments.modes.empty();
  if (const auto seconds = seconds_of(experiments); seconds && options.batches) {
    announce_real_time(*seconds, options.shown);
  }
  if (arguments.modes.empty()) return measure(std::move(experiments), options);
  Measured both;
  for (const std::string& mode : arguments.modes) {
    options.real = mode == "real";
    Measured one = measure(experiments, options);
    one.records.front().policy = mode;
    both.records.push_back(std::move(one.records.front()));
    both.signal = one.signal;
    if (both.signal != 0) break;
  }
  return both;
}

Outcome conduct(const Arguments& given, const balance::Catalog& catalog,
                Report (*report_on)(const sim::Scenario&, const Records&)) {
  auto experiments = prepare_experiments(given, catalog);
  if (!experiments) return std::unexpected(experiments.error());
  const auto destination = find_destination(given, experiments->front().scenario);
  if (!destination) return std::unexpected(destination.error());
  const Arguments& arguments = destination->arguments;
  const auto delivery = Delivery::open(arguments);
  if (!delivery) return std::unexpected(delivery.error());
  const sim::Scenario scenario = experiments->front().scenario;
  const auto files = RunFiles::open(arguments, scenario.horizon);
  if (!files) return std::unexpected(files.error());
  const Measured measured = measure_as_asked(*std::move(experiments), arguments, files->logs());
  const auto finished = files->finish(measured.records.front().replications);
  if (!finished) return std::unexpected(finished.error());
  const Report report = report_on(scenario, measured.records);
  if (const auto written = delivery->write(report); !written) {
    return std::unexpected(written.error());
  }
  tell_files(*destination);
  return code_of(measured.signal, report);
}

}  // namespace

Outcome run_command(const Arguments& arguments, const balance::Catalog& catalog) {
  return conduct(arguments, catalog, report_run);
}

Outcome compare_command(const Arguments& arguments, const balance::Catalog& catalog) {
  return conduct(arguments, catalog, arguments.modes.empty() ? report_comparison : report_modes);
}

}  // namespace weir::cli
