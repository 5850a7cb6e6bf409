#include "weir/sim/validation.h"

#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "weir/base/check.h"
#include "weir/base/sequence_hash.h"
#include "weir/sim/statistics.h"
#include "weir/sim/summary.h"
#include "weir/sim/validation_cases.h"

namespace weir::sim {
namespace {

constexpr double distance_max = 4;  // standard errors

// So many in each replication.
using PerReplication = std::vector<double>;

double standard_error(const Estimate& estimate, std::size_t replications) {
  return estimate.half_width() / student_t(0.975, static_cast<double>(replications) - 1);
}

MeasuredFigure measured_mean(const PerReplication& values) {
  const auto estimate = mean_interval(values);
  WEIR_CHECK(estimate, "a figure to be validated has fewer than two replications");
  return {estimate->value, standard_error(*estimate, values.size())};
}

// Of counts of the load.
MeasuredFigure counted(const LoadRecord& load, double (*share)(const LoadCounts&)) {
  PerReplication values;
  for (const LoadCounts& counts : load.replications) values.push_back(share(counts));
  return measured_mean(values);
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<MeasuredFigure> counted_figure(const LoadRecord& load, std::string_view figure) {
  using Counts = const LoadCounts&;
  if (figure == "loss") return counted(load, [](Counts c) { return ratio(c.rejected, c.offered); });
  if (figure == "failure")
    return counted(load, [](Counts c) { return ratio(c.failed, c.offered); });
  if (figure == "unserved") {
    return counted(load, [](Counts c) { return 1 - ratio(c.replies, c.offered); });
  }
  if (figure == "attempts_each") {
    return counted(load, [](Counts c) { return ratio(c.attempts, c.offered); });
  }
  if (figure == "hedges_each") {
    return counted(load, [](Counts c) { return ratio(c.hedges, c.offered); });
  }
  if (figure == "in_flight") return counted(load, [](Counts c) { return ratio(c.in_flight, 1); });
  return std::nullopt;
}

// By sectioning, as quantiles are: replications are the sections.
MeasuredFigure deviation(const LatencyRecord& latency) {
  PerReplication sections;
  for (const LatencyPoints& points : latency.replications) sections.push_back(points.sd);
  const double pooled = latency.pooled.standard_deviation() / 1e9;
  const auto estimate = quantile_interval(pooled, sections);
  WEIR_CHECK(estimate, "a figure to be validated has fewer than two replications");
  return {pooled, standard_error(*estimate, sections.size())};
}

std::optional<MeasuredFigure> load_figure(const LoadRecord& load, std::string_view figure) {
  if (figure == "response.sd") return deviation(load.response);
  if (figure == "wait.sd") return deviation(load.wait);
  if (figure == "service.sd") return deviation(load.service);
  return counted_figure(load, figure);
}

MeasuredFigure all_in_flight(const RunRecord& record) {
  PerReplication values;
  for (const LineFigures& line : record.line) values.push_back(line.mean_queue);
  for (const WorkerRecord& worker : record.workers) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] += worker.replications[i].mean_in_flight;
    }
  }
  return measured_mean(values);
}

// One of the report's own.
MeasuredFigure reported_figure(const RunRecord& record, std::string_view name) {
  const auto metric = parse_metric(name);
  WEIR_CHECK(metric, "a figure to be validated has no such name");
  const auto found = figure(summarise(record), *metric);
  WEIR_CHECK(found && found->interval, "a figure to be validated has too few data");
  const Estimate estimate{found->value, found->interval->low, found->interval->high};
  return {found->value, standard_error(estimate, record.replications)};
}

std::uint64_t own_seed(const ValidationCase& validation, std::uint64_t seed) {
  SequenceHash hash;
  hash.add(seed);
  for (const char letter : validation.family) hash.add(static_cast<unsigned char>(letter));
  for (const char letter : validation.name) hash.add(static_cast<unsigned char>(letter));
  return hash.value() >> 1;  // TOML has no greater numbers
}

ValidationRow row_of(const ValidationCase& validation, const ExactFigure& exact,
                     const MeasuredFigure& measured) {
  ValidationRow row{.family = std::string(validation.family),
                    .name = validation.name + ": " + std::string(exact.figure),
                    .measured = measured.value,
                    .exact = exact.exact,
                    .error = measured.error};
  const double off = std::abs(row.measured - row.exact);
  // What is the same in all replications may still be rounded to nanoseconds.
  const double rounding = 1e-8 * std::abs(row.exact);
  row.pass = off <= distance_max * row.error + rounding &&
             row.error <= exact.error_max * std::abs(row.exact);
  return row;
}

}  // namespace

MeasuredFigure measured_figure(const RunRecord& record, std::string_view figure) {
  if (figure == "in_flight") return all_in_flight(record);
  for (const LoadRecord& load : record.loads) {
    if (!figure.starts_with(load.name + '.')) continue;
    if (const auto found = load_figure(load, figure.substr(load.name.size() + 1))) return *found;
  }
  return reported_figure(record, figure);
}

double ValidationRow::distance() const {
  return error > 0 ? (measured - exact) / error : measured - exact;
}

std::vector<ValidationCase> validation_cases() {
  std::vector<ValidationCase> all;
  for (const auto table :
       {one_server_cases, general_service_cases, central_line_cases, many_line_cases, bounded_cases,
        closed_cases, changing_cases, machine_cases, attempt_cases}) {
    for (ValidationCase& validation : table()) all.push_back(std::move(validation));
  }
  return all;
}

std::string case_scenario(const ValidationCase& validation, std::uint64_t seed) {
  const auto seconds = [](double value) { return std::to_string(value) + "s"; };
  const bool steady = validation.warmup_s > 0;
  std::string text = "weir = 1\nseed = " + std::to_string(own_seed(validation, seed)) + "\n";
  text += "horizon = { replications = " + std::to_string(validation.replications) + ", time = '" +
          seconds(validation.warmup_s + validation.window_s) + "', ";
  text +=
      steady ? "warmup = '" + seconds(validation.warmup_s) + "' }\n" : "kind = 'terminating' }\n";
  return text + std::string(validation.scenario);
}

std::vector<ValidationRow> judge(const ValidationCase& validation, const RunRecord& record) {
  std::vector<ValidationRow> rows;
  for (const ExactFigure& exact : validation.figures) {
    rows.push_back(row_of(validation, exact, measured_figure(record, exact.figure)));
  }
  return rows;
}

}  // namespace weir::sim
