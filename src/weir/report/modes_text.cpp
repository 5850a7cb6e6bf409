// One policy in virtual and in real time, side by side: does the machine do what the model says?

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "weir/report/number.h"
#include "weir/report/preamble.h"
#include "weir/report/table.h"
#include "weir/report/text.h"

namespace weir::report {
namespace {

using sim::PolicyComparison;
using sim::PolicyDifference;
using sim::RunSummary;
using enum Table::Align;

std::string conclusion(const PolicyComparison& comparison) {
  std::string text;
  for (const PolicyDifference& difference : comparison.differences) {
    if (difference.metric.figure != "response.p50") continue;
    if (!difference.change) {
      text += fmt::format("The data cannot tell how the medians of {} differ.\n",
                          difference.metric.name);
      continue;
    }
    text += fmt::format("The median response of {} is {:.1f} % {} in {} time than in {} time.\n",
                        difference.metric.name, 100 * std::abs(*difference.change),
                        *difference.change < 0 ? "lower" : "higher", difference.policy,
                        comparison.baseline);
  }
  return text;
}

std::string remarks(const PolicyComparison& comparison, bool colour) {
  std::vector<sim::Note> notes;
  for (const RunSummary& mode : comparison.policies) {
    for (const sim::Note& note : mode.notes) {
      notes.push_back({mode.policy + " time: " + note.sentence, note.invalidates});
    }
  }
  return notes_text(notes, colour);
}

Table::Cell change_cell(const PolicyDifference& difference) {
  const std::string text = change_text(difference.change, difference.interval);
  return {difference.significant ? text + " *" : text,
          difference.significant ? Tone::strong : Tone::faint};
}

std::string figures_text(const PolicyComparison& comparison, bool colour) {
  std::vector<Table::Column> columns = {{"", left}};
  for (const RunSummary& mode : comparison.policies) columns.push_back({mode.policy + " time"});
  columns.push_back({"change", left});
  Table table(columns);
  for (const PolicyDifference& difference : comparison.differences) {
    std::vector<Table::Cell> row = {{difference.metric.text()}};
    for (const RunSummary& mode : comparison.policies) {
      row.push_back({figure_text(sim::figure(mode, difference.metric), difference.metric.unit)});
    }
    row.push_back(change_cell(difference));
    table.add(std::move(row));
  }
  return table.text(colour);
}

}  // namespace

std::string modes_text(const sim::Scenario& scenario, const PolicyComparison& comparison,
                       const TextOptions& options) {
  const bool colour = options.colour;
  const RunSummary& last = comparison.policies.back();
  std::string text = painted(fmt::format("{}: {}, the same requests in both kinds of time",
                                         last.scenario, scenario.balancer.policy),
                             Tone::strong, colour) +
                     '\n' + setting_text(scenario, last) + "\n\n";
  text += painted(conclusion(comparison), Tone::strong, colour) + remarks(comparison, colour);
  for (const RunSummary& mode : comparison.policies) {
    if (mode.real) text += '\n' + real_text(mode);
  }
  if (!comparison.differences.empty()) text += '\n' + figures_text(comparison, colour);
  if (last.sections() > 1) {
    text += '\n' +
            painted(fmt::format("* beyond chance, {} differences considered; ± and [ ]: 95 "
                                "% confidence over {}",
                                comparison.differences.size(),
                                last.batches ? "batches" : "replications"),
                    Tone::faint, colour) +
            '\n';
  }
  return text;
}

}  // namespace weir::report
