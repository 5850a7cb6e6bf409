// weir run and weir compare: one road from the arguments to the report, with two reports at its
// end.

#include <memory>
#include <utility>
#include <vector>

#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/destination.h"
#include "weir/cli/measure.h"
#include "weir/cli/output_file.h"
#include "weir/cli/prepare.h"
#include "weir/report/csv.h"
#include "weir/report/json.h"
#include "weir/report/text.h"
#include "weir/sim/comparison.h"
#include "weir/sim/request_log.h"
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

Shown shown(const Arguments& arguments) {
  if (arguments.monitor) return Shown::monitor;
  return arguments.quiet ? Shown::nothing : Shown::progress;
}

// Null if no log was asked for.
std::expected<std::unique_ptr<sim::RequestLogs>, std::string> open_logs(
    const Arguments& arguments, const sim::Horizon& horizon) {
  if (arguments.log.empty()) return nullptr;
  if (const auto opened = OutputFile::open(arguments.log); !opened) {
    return std::unexpected(opened.error());
  }
  return std::make_unique<sim::RequestLogs>(
      sim::RequestLogOptions{.file = arguments.log,
                             .format = sim::format_of(arguments.log).value(),
                             .share = arguments.log_share},
      horizon);
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
  if (!arguments.trace.empty()) {  // Written by the run that it is of.
    if (const auto opened = OutputFile::open(arguments.trace); !opened) {
      return std::unexpected(opened.error());
    }
  }
  const sim::Scenario scenario = experiments->front().scenario;
  auto logs = open_logs(arguments, scenario.horizon);
  if (!logs) return std::unexpected(logs.error());
  const Measured measured = measure(*std::move(experiments), {.jobs = arguments.jobs,
                                                              .real = arguments.real,
                                                              .shown = shown(arguments),
                                                              .trace_file = arguments.trace,
                                                              .logs = logs->get()});
  if (*logs != nullptr) {
    const auto finished = (*logs)->finish(measured.records.front().replications);
    if (!finished) return std::unexpected(finished.error());
  }
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
  return conduct(arguments, catalog, report_comparison);
}

}  // namespace weir::cli
