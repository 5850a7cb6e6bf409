#include "weir/sim/sweep_result.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "weir/sim/metric_series.h"
#include "weir/sim/scenario.h"
#include "weir/sim/statistics.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using Values = std::vector<std::string>;
using ByValues = std::map<Values, const PointResult*>;

ByValues by_values(const std::vector<PointResult>& points) {
  ByValues found;
  for (const PointResult& point : points) found[point.values] = &point;
  return found;
}

const PointResult* find_values(const ByValues& points, const Values& values) {
  const auto found = points.find(values);
  return found == points.end() ? nullptr : found->second;
}

// What two points have in common of one metric.
std::optional<Difference> paired(const PointFigure& before, const PointFigure& after,
                                 std::size_t comparisons) {
  const std::size_t common = std::min(before.replications.size(), after.replications.size());
  return paired_difference(std::span(before.replications).first(common),
                           std::span(after.replications).first(common),
                           {.comparisons = comparisons});
}

PointDifference difference_of(const PointResult& baseline, const PointResult& point,
                              std::size_t metric, const Metric& name, std::size_t comparisons) {
  PointDifference row{.point = point.number, .baseline = baseline.number, .metric = name};
  const PointFigure& before = baseline.figures[metric];
  const PointFigure& after = point.figures[metric];
  if (const auto difference = paired(before, after, comparisons)) {
    row.change = difference->change;
    row.interval = Interval{difference->low, difference->high};
    row.significant = difference->significant;
  } else if (before.figure && after.figure && before.figure->value != 0) {
    row.change = after.figure->value / before.figure->value - 1;
  }
  return row;
}

std::vector<PointDifference> differences_of(const SweepHeader& header,
                                            const std::vector<PointResult>& points) {
  std::vector<std::pair<const PointResult*, const PointResult*>> pairs;
  const ByValues found = by_values(points);
  for (const PointResult& point : points) {
    const PointResult* baseline = find_values(found, baseline_of(header.sweep, point.values));
    if (baseline != nullptr && baseline != &point) pairs.emplace_back(baseline, &point);
  }
  std::vector<PointDifference> result;
  const std::size_t comparisons = pairs.size() * header.metrics.size();
  for (const auto& [baseline, point] : pairs) {
    for (std::size_t i = 0; i < header.metrics.size(); ++i) {
      result.push_back(difference_of(*baseline, *point, i, header.metrics[i], comparisons));
    }
  }
  return result;
}

// The axis that has all of the names among its values.
std::optional<std::size_t> axis_of(const Sweep& sweep, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    const auto& values = sweep.axes[i].values;
    const auto has = [&](const std::string& name) {
      return std::ranges::find(values, name) != values.end();
    };
    if (std::ranges::all_of(names, has)) return i;
  }
  return std::nullopt;
}

bool is_let_in(const Sweep& sweep, const Hypothesis& hypothesis, const Values& values) {
  return std::ranges::all_of(hypothesis.where, [&](const Condition& condition) {
    const auto axis = find_axis(sweep, condition.axis);
    return axis && condition.holds(values[*axis]);
  });
}

// Everything but the axis that differs.
std::string place_without(const Sweep& sweep, const Values& values, std::size_t axis) {
  std::string text;
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    if (i == axis) continue;
    text += (text.empty() ? "" : ", ") + sweep.axes[i].name + '=' + values[i];
  }
  return text;
}

// Neighbours in the order that is claimed, at every place that `where` lets in. A point that is not
// there yet leaves its place out.
std::vector<PairedFigures> pairs_of(const Hypothesis& hypothesis, const SweepHeader& header,
                                    const std::vector<PointResult>& points, const ByValues& found) {
  std::vector<PairedFigures> pairs;
  const auto axis = axis_of(header.sweep, hypothesis.names);
  if (!axis || header.sweep.zip || !header.sweep.crn) return pairs;
  const auto metrics = recorded_metrics(header);
  const auto metric =
      static_cast<std::size_t>(std::ranges::find(metrics, hypothesis.metric) - metrics.begin());
  for (const PointResult& first : points) {
    if (first.values[*axis] != hypothesis.names.front()) continue;
    if (!is_let_in(header.sweep, hypothesis, first.values)) continue;
    for (std::size_t i = 0; i + 1 < hypothesis.names.size(); ++i) {
      Values lesser = first.values;
      Values greater = first.values;
      lesser[*axis] = hypothesis.names[i];
      greater[*axis] = hypothesis.names[i + 1];
      const PointResult* left = find_values(found, lesser);
      const PointResult* right = find_values(found, greater);
      if (left == nullptr || right == nullptr) continue;
      pairs.push_back({.lesser = hypothesis.names[i],
                       .greater = hypothesis.names[i + 1],
                       .place = place_without(header.sweep, first.values, *axis),
                       .lesser_values = left->figures[metric].replications,
                       .greater_values = right->figures[metric].replications});
    }
  }
  return pairs;
}

std::vector<HypothesisVerdict> judge_all(const SweepHeader& header,
                                         const std::vector<PointResult>& points) {
  const ByValues found = by_values(points);
  std::vector<std::vector<PairedFigures>> pairs;
  std::size_t comparisons = 0;
  for (const Hypothesis& hypothesis : header.hypotheses) {
    comparisons += pairs.emplace_back(pairs_of(hypothesis, header, points, found)).size();
  }
  std::vector<HypothesisVerdict> verdicts;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    verdicts.push_back(judge(header.hypotheses[i], pairs[i], comparisons));
  }
  return verdicts;
}

}  // namespace

bool SweepResult::valid() const {
  return std::ranges::all_of(points, &PointResult::valid);
}

bool SweepResult::passes() const {
  return std::ranges::all_of(points, &PointResult::passes) &&
         std::ranges::all_of(hypotheses, &HypothesisVerdict::holds_or_open);
}

const PointResult* SweepResult::find(std::size_t number) const {
  const auto found = std::ranges::find(points, number, &PointResult::number);
  return found == points.end() ? nullptr : &*found;
}

std::vector<Metric> recorded_metrics(const SweepHeader& header) {
  std::vector<Metric> metrics = header.metrics;
  for (const Hypothesis& hypothesis : header.hypotheses) {
    const bool known = std::ranges::find(metrics, hypothesis.metric) != metrics.end();
    if (!known) metrics.push_back(hypothesis.metric);
  }
  return metrics;
}

PointResult point_result(const SweepHeader& header, const SweepPoint& point,
                         const RunRecord& record, const RunSummary& summary) {
  PointResult result{.number = point.number,
                     .values = point.values,
                     .replications = record.replications,
                     .valid = summary.valid(),
                     .passes = summary.passes()};
  for (const Note& note : summary.notes) result.notes.push_back(note.sentence);
  for (const Metric& metric : recorded_metrics(header)) {
    result.figures.push_back({figure(summary, metric), metric_series(record, metric)});
  }
  return result;
}

SweepResult evaluate_sweep(SweepHeader header, std::vector<PointResult> points) {
  std::ranges::sort(points, {}, &PointResult::number);
  SweepResult result{.header = std::move(header), .points = std::move(points)};
  result.differences = differences_of(result.header, result.points);
  result.hypotheses = judge_all(result.header, result.points);
  return result;
}

std::vector<Metric> default_metrics(const Scenario& scenario) {
  std::vector<Metric> metrics;
  for (const Load& load : scenario.loads) {
    for (const char* name : {"response.p50", "response.p99", "success", "goodput_per_s"}) {
      metrics.push_back(*parse_metric(load.name + '.' + name));
    }
  }
  return metrics;
}

std::string place_text(const Sweep& sweep, const std::vector<std::string>& values) {
  return place_without(sweep, values, sweep.axes.size());
}

}  // namespace weir::sim
