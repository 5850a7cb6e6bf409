#include "weir/cli/validate_command.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "weir/base/suggestion.h"
#include "weir/cli/colour.h"
#include "weir/cli/measure.h"
#include "weir/cli/output_file.h"
#include "weir/cli/run.h"
#include "weir/report/validation.h"
#include "weir/sim/scenario_file.h"

namespace weir::cli {
namespace {

using Cases = std::vector<sim::ValidationCase>;
using Rows = std::vector<sim::ValidationRow>;

constexpr std::uint64_t default_seed = 1;

std::string unknown_family(const std::string& family, const Cases& cases) {
  std::vector<std::string_view> known;
  for (const sim::ValidationCase& validation : cases) {
    if (known.empty() || known.back() != validation.family) known.push_back(validation.family);
  }
  std::string text =
      "there is no family '" + family + "'" + did_you_mean(family, known) + "; known:";
  for (std::size_t i = 0; i < known.size(); ++i) {
    text.append(i == 0 ? " " : ", ").append(known[i]);
  }
  return text;
}

std::expected<std::vector<sim::Experiment>, std::string> experiments_of(
    const Cases& cases, std::uint64_t seed, const balance::Catalog& catalog) {
  std::vector<sim::Experiment> experiments;
  for (const sim::ValidationCase& validation : cases) {
    auto scenario = sim::read_scenario(sim::case_scenario(validation, seed), validation.name);
    if (!scenario) return std::unexpected(scenario.error().text());
    auto policy = catalog.make(scenario->balancer.policy);
    if (!policy) return std::unexpected(policy.error());
    experiments.push_back({.scenario = *std::move(scenario), .policy = *std::move(policy)});
  }
  return experiments;
}

// Of the cases that were not cut short.
Rows rows_of(const Cases& cases, const std::vector<sim::RunRecord>& records) {
  Rows rows;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (records[i].interrupted) continue;
    const Rows of_case = sim::judge(cases[i], records[i]);
    rows.insert(rows.end(), of_case.begin(), of_case.end());
  }
  return rows;
}

int code_of(int signal, const Rows& rows) {
  if (signal != 0) return exit_code::signalled + signal;
  const bool pass = std::ranges::all_of(rows, &sim::ValidationRow::pass);
  return pass ? exit_code::pass : exit_code::missed;
}

std::expected<Cases, std::string> of_family(Cases cases, const std::string& family) {
  if (family.empty()) return cases;
  const auto other = [&](const auto& validation) { return validation.family != family; };
  if (std::ranges::all_of(cases, other)) return std::unexpected(unknown_family(family, cases));
  std::erase_if(cases, other);
  return cases;
}

std::size_t row_count(const Cases& cases) {
  std::size_t rows = 0;
  for (const sim::ValidationCase& validation : cases) rows += validation.figures.size();
  return rows;
}

// Standard output first: what took a minute is seen even if the file has become unwritable.
std::expected<void, std::string> write(const Rows& rows, std::size_t planned,
                                       const Arguments& arguments, std::uint64_t seed,
                                       const std::optional<OutputFile>& file) {
  const std::string json = report::validation_json(rows, planned, seed);
  const auto shown = write_standard_output(
      arguments.json == "-" ? json
                            : report::validation_text(rows, planned, {.colour = wants_colour()}));
  if (file) {
    if (const auto written = file->write(json); !written) return written;
  }
  return shown;
}

// What would be measured, family by family.
std::string description(const Cases& cases) {
  std::string text;
  std::string_view family;
  for (const sim::ValidationCase& validation : cases) {
    if (validation.family != family) text += std::string(validation.family) + "\n";
    family = validation.family;
    text += "  " + validation.name + ":";
    for (const sim::ExactFigure& figure : validation.figures) {
      text += " " + std::string(figure.figure);
    }
    text += "\n";
  }
  return text + std::to_string(row_count(cases)) + " rows\n";
}

Outcome list(const Cases& cases) {
  const auto written = write_standard_output(description(cases));
  if (!written) return std::unexpected(written.error());
  return exit_code::pass;
}

}  // namespace

Outcome validate(Cases all, const Arguments& arguments, const balance::Catalog& catalog) {
  const auto cases = of_family(std::move(all), arguments.family);
  if (!cases) return std::unexpected(cases.error());
  if (arguments.only_list) return list(*cases);
  const std::uint64_t seed = arguments.seed.value_or(default_seed);
  auto experiments = experiments_of(*cases, seed, catalog);
  if (!experiments) return std::unexpected(experiments.error());
  std::optional<OutputFile> file;
  if (!arguments.json.empty() && arguments.json != "-") {
    auto opened = OutputFile::open(arguments.json);
    if (!opened) return std::unexpected(opened.error());
    file = *std::move(opened);
  }
  const Shown shown = arguments.quiet ? Shown::nothing : Shown::progress;
  const Measured measured =
      measure(*std::move(experiments), {.jobs = arguments.jobs, .shown = shown});
  const Rows rows = rows_of(*cases, measured.records);
  const auto written = write(rows, row_count(*cases), arguments, seed, file);
  if (!written) {
    return std::unexpected(written.error());
  }
  return code_of(measured.signal, rows);
}

Outcome validate_command(const Arguments& arguments, const balance::Catalog& catalog) {
  return validate(sim::validation_cases(), arguments, catalog);
}

}  // namespace weir::cli
