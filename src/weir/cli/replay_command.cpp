// weir replay: what a log tells, and what policies make of it.

#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "weir/cli/colour.h"
#include "weir/cli/command.h"
#include "weir/cli/deliver.h"
#include "weir/cli/destination.h"
#include "weir/cli/interrupt.h"
#include "weir/cli/measure.h"
#include "weir/cli/prepare.h"
#include "weir/cli/replay_plan.h"
#include "weir/cli/run_files.h"
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

// What is written must not take the place of what is read.
std::expected<void, std::string> spare_log(const Arguments& arguments) {
  for (const auto& [option, file] :
       {std::pair("--log", &arguments.log), std::pair("--trace", &arguments.trace),
        std::pair("--json", &arguments.json), std::pair("--csv", &arguments.csv)}) {
    std::error_code error;  // False of what is not there.
    if (file->empty() || !std::filesystem::equivalent(*file, arguments.replay.log, error)) continue;
    return std::unexpected(std::string(option) + " would overwrite the log that is replayed, '" +
                           *file + "'");
  }
  return {};
}

double seconds_of(const ReplayPlan& plan) {
  double all = 0;
  for (const sim::Experiment& each : plan.experiments) {
    all += to_seconds(plan.span) * each.scenario.horizon.replications;
  }
  return all;
}

Outcome carry_out(ReplayPlan plan, const Arguments& given) {
  const sim::Scenario scenario = plan.experiments.front().scenario;
  const auto destination = find_destination(given, scenario);
  if (!destination) return std::unexpected(destination.error());
  const Arguments& arguments = destination->arguments;
  const auto delivery = Delivery::open(arguments);
  if (!delivery) return std::unexpected(delivery.error());
  const auto files = RunFiles::open(arguments, scenario.horizon);
  if (!files) return std::unexpected(files.error());
  MeasureOptions options{.jobs = arguments.jobs, .shown = shown(arguments)};
  options.real = runs_for_real(arguments, scenario);
  options.batches = options.real;
  options.trace_file = arguments.trace;
  options.logs = files->logs();
  if (options.real) announce_real_time(seconds_of(plan), options.shown);
  const Measured measured = measure(std::move(plan.experiments), options);
  const auto finished = files->finish(measured.records.front().replications);
  if (!finished) return std::unexpected(finished.error());
  const Report report = report_of(plan.report, scenario, sim::compare(measured.records, scenario));
  if (const auto written = delivery->write(report); !written) {
    return std::unexpected(written.error());
  }
  tell_files(*destination);
  return code_of(measured.signal, report);
}

}  // namespace

Outcome replay_command(const Arguments& arguments, const balance::Catalog& catalog) {
  if (const auto spared = spare_log(arguments); !spared) return std::unexpected(spared.error());
  std::optional<Interrupt> interrupt(std::in_place);  // A long log takes minutes to read.
  auto plan = plan_replay(arguments, catalog);
  interrupt.reset();
  if (const int signal = Interrupt::signal(); signal != 0) {
    const std::string where = plan ? "interrupted before the replay began" : plan.error();
    std::fprintf(stderr, "weir: %s; nothing was run\n", where.c_str());
    return 128 + signal;
  }
  if (!plan) return std::unexpected(plan.error());
  return carry_out(*std::move(plan), arguments);
}

}  // namespace weir::cli
