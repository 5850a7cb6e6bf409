#include "weir/report/sweep_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "weir/report/csv.h"
#include "weir/report/hypothesis_report.h"
#include "weir/report/number.h"
#include "weir/report/preamble.h"
#include "weir/report/table.h"

namespace weir::report {
namespace {

using sim::PointDifference;
using sim::PointResult;
using sim::SweepResult;
using enum Table::Align;

// "response.p99", with the load's name where there are several.
std::string metric_title(const SweepResult& result, const sim::Metric& metric) {
  const auto other = [&](const sim::Metric& each) {
    return each.subject != metric.subject || each.name != metric.name;
  };
  const bool alone = metric.subject == sim::Metric::Subject::load &&
                     std::ranges::none_of(result.header.metrics, other);
  return alone ? metric.figure : metric.text();
}

// Cells of one metric; times in one unit.
std::vector<std::string> metric_cells(const SweepResult& result, std::size_t metric) {
  const sim::Metric& name = result.header.metrics[metric];
  std::vector<std::optional<double>> values;
  for (const PointResult& point : result.points) {
    const auto& figure = point.figures[metric].figure;
    values.push_back(figure ? std::optional(figure->value) : std::nullopt);
  }
  const TimeUnit unit = unit_of(values);
  std::vector<std::string> cells;
  for (const PointResult& point : result.points) {
    const auto& figure = point.figures[metric].figure;
    cells.push_back(name.unit == sim::Metric::Unit::seconds ? time_text(figure, unit)
                                                            : figure_text(figure, name.unit));
  }
  return cells;
}

// The metric whose change is shown: the tail of the first load, or what was asked for first.
std::size_t changed_metric(const SweepResult& result) {
  const auto& metrics = result.header.metrics;
  const auto p99 = std::ranges::find(metrics, "response.p99", &sim::Metric::figure);
  return p99 == metrics.end() ? 0 : static_cast<std::size_t>(p99 - metrics.begin());
}

Table::Cell change_cell(const SweepResult& result, const PointResult& point,
                        const sim::Metric& metric) {
  const auto row = std::ranges::find_if(result.differences, [&](const PointDifference& each) {
    return each.point == point.number && each.metric == metric;
  });
  if (row == result.differences.end()) {
    const bool base = sim::baseline_of(result.header.sweep, point.values) == point.values;
    return {base ? "baseline" : std::string(dash), Tone::faint};
  }
  const std::string text = change_text(row->change, row->interval);
  if (!row->significant) return {text, Tone::faint};
  return {text + " *", *row->change < 0 ? Tone::good : Tone::bad};
}

Table::Cell mark_of(const PointResult& point) {
  if (!point.valid) return {"invalid", Tone::bad};
  return point.passes ? Table::Cell{} : Table::Cell{"✗", Tone::bad};
}

std::string points_text(const SweepResult& result, bool colour) {
  std::vector<Table::Column> columns;
  for (const sim::Axis& axis : result.header.sweep.axes) columns.push_back({axis.name, left});
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < result.header.metrics.size(); ++i) {
    columns.push_back({metric_title(result, result.header.metrics[i])});
    cells.push_back(metric_cells(result, i));
  }
  const bool compares = !result.header.sweep.baseline.empty();
  const sim::Metric& changed = result.header.metrics[changed_metric(result)];
  if (compares) columns.push_back({metric_title(result, changed) + ", change", left});
  columns.push_back({"", left});
  Table table(columns);
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const PointResult& point = result.points[i];
    std::vector<Table::Cell> row;
    for (const std::string& value : point.values) row.push_back({value});
    for (const auto& column : cells) row.push_back({column[i]});
    if (compares) row.push_back(change_cell(result, point, changed));
    row.push_back(mark_of(point));
    table.add(std::move(row));
  }
  return table.text(colour);
}

// Each sentence once, in the order in which points say it first.
std::string notes_of_points(const SweepResult& result, bool colour) {
  std::vector<std::pair<std::string, std::vector<const PointResult*>>> notes;
  for (const PointResult& point : result.points) {
    for (const std::string& note : point.notes) {
      const auto known =
          std::ranges::find(notes, note, [](const auto& each) { return each.first; });
      if (known == notes.end()) {
        notes.push_back({note, {&point}});
      } else {
        known->second.push_back(&point);
      }
    }
  }
  std::vector<sim::Note> lines;
  constexpr std::size_t lines_max = 12;
  for (const auto& [note, points] : notes) {
    if (lines.size() == lines_max) break;
    const std::string where = points.size() == result.points.size() ? "every point"
                              : points.size() == 1
                                  ? sim::place_text(result.header.sweep, points.front()->values)
                                  : fmt::format("{} points", points.size());
    lines.push_back({where + ": " + note, false});
  }
  if (notes.size() > lines_max) {
    lines.push_back(
        {fmt::format("and {} notes more, in the JSON", notes.size() - lines_max), false});
  }
  return notes_text(lines, colour);
}

std::string title_of(const SweepResult& result) {
  const auto& header = result.header;
  const std::size_t all = header.points();
  std::string text = fmt::format("{}: {} point{}", header.scenario, all, all == 1 ? "" : "s");
  if (header.shard.of > 1) {
    text += fmt::format(", shard {} of {}", header.shard.index + 1, header.shard.of);
  } else if (!result.complete()) {
    text += fmt::format(", {} of them done", result.points.size());
  }
  return text + (header.sweep.crn ? ", the same random numbers for all"
                                  : ", random numbers of its own for each");
}

std::string legend(const SweepResult& result, bool colour) {
  std::string text = "±: 95 % confidence over replications";
  if (!result.differences.empty()) {
    text += fmt::format("; * beyond chance, {} differences considered", result.differences.size());
  }
  const auto missed = std::ranges::count(result.points, false, &PointResult::passes);
  if (missed > 0) text += fmt::format("; ✗ an expectation is missed ({} points)", missed);
  return painted(text, Tone::faint, colour) + '\n';
}

}  // namespace

std::string sweep_text(const SweepResult& result, const TextOptions& options) {
  std::string text = painted(title_of(result), Tone::strong, options.colour) + '\n';
  text += notes_of_points(result, options.colour);
  if (result.points.empty()) return text;
  text += '\n' + points_text(result, options.colour);
  const std::string claims = hypotheses_text(result.hypotheses, options.colour);
  if (!claims.empty()) text += '\n' + claims;
  return text + '\n' + legend(result, options.colour);
}

std::string sweep_csv(const SweepResult& result) {
  std::vector<std::string> titles = {"point"};
  for (const sim::Axis& axis : result.header.sweep.axes) titles.push_back(axis.name);
  titles.insert(titles.end(), {"replications", "valid", "passes"});
  for (const sim::Metric& metric : result.header.metrics) {
    const std::string name = metric.text();
    titles.insert(titles.end(), {name, name + " low", name + " high"});
  }
  std::string text = csv_row(titles);
  for (const PointResult& point : result.points) {
    std::vector<std::string> row = {std::to_string(point.number)};
    row.insert(row.end(), point.values.begin(), point.values.end());
    row.insert(row.end(), {std::to_string(point.replications), point.valid ? "true" : "false",
                           point.passes ? "true" : "false"});
    for (std::size_t i = 0; i < result.header.metrics.size(); ++i) {
      append_figure(row, point.figures[i].figure);
    }
    text += csv_row(row);
  }
  return text;
}

}  // namespace weir::report
