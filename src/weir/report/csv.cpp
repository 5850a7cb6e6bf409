#include "weir/report/csv.h"

#include "weir/sim/quantity.h"

namespace weir::report {
namespace {

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void append_rows(const sim::RunSummary& summary, std::string& text) {
  for (const sim::Metric& metric : sim::all_metrics(summary)) {
    std::vector<std::string> row = {summary.policy, metric.text()};
    append_figure(row, sim::figure(summary, metric));
    text += csv_row(row);
  }
}

std::string title_row() {
  return csv_row({"policy", "metric", "value", "low", "high"});
}

}  // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + cell(cells[i]);
  return line + '\n';
}

void append_figure(std::vector<std::string>& row, const std::optional<sim::Figure>& figure) {
  row.push_back(figure ? sim::exact_number(figure->value) : "");
  const bool bounded = figure && figure->interval;
  row.push_back(bounded ? sim::exact_number(figure->interval->low) : "");
  row.push_back(bounded ? sim::exact_number(figure->interval->high) : "");
}

std::string run_csv(const sim::RunSummary& summary) {
  std::string text = title_row();
  append_rows(summary, text);
  return text;
}

std::string comparison_csv(const sim::PolicyComparison& comparison) {
  std::string text = title_row();
  for (const sim::RunSummary& policy : comparison.policies) append_rows(policy, text);
  return text;
}

}  // namespace weir::report
