// From the name of a figure to the figure: the names are those of metric.cpp.

#include <algorithm>
#include <string_view>

#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using MaybeFigure = std::optional<Figure>;

template <class Struct, class Value>
struct Named {
  std::string_view name;
  Value Struct::* field;
};

constexpr Named<LoadCounts, std::uint64_t> counts[] = {
    {"offered", &LoadCounts::offered},     {"completed", &LoadCounts::completed},
    {"failed", &LoadCounts::failed},       {"timed_out", &LoadCounts::timed_out},
    {"rejected", &LoadCounts::rejected},   {"cancelled", &LoadCounts::cancelled},
    {"in_flight", &LoadCounts::in_flight}, {"attempts", &LoadCounts::attempts},
    {"retries", &LoadCounts::retries},     {"hedges", &LoadCounts::hedges},
};

constexpr Named<LoadSummary, MaybeFigure> shares_and_rates[] = {
    {"success", &LoadSummary::success},
    {"throughput_per_s", &LoadSummary::throughput_per_s},
    {"goodput_per_s", &LoadSummary::goodput_per_s},
};

constexpr Named<LoadSummary, LatencySummary> latencies[] = {
    {"response", &LoadSummary::response},
    {"wait", &LoadSummary::wait},
    {"service", &LoadSummary::service},
};

constexpr Named<LatencySummary, std::optional<double>> times[] = {
    {"mean", &LatencySummary::mean}, {"sd", &LatencySummary::sd},     {"min", &LatencySummary::min},
    {"p50", &LatencySummary::p50},   {"p90", &LatencySummary::p90},   {"p95", &LatencySummary::p95},
    {"p99", &LatencySummary::p99},   {"p999", &LatencySummary::p999}, {"max", &LatencySummary::max},
};

constexpr Named<LatencySummary::Intervals, std::optional<Interval>> intervals[] = {
    {"mean", &LatencySummary::Intervals::mean}, {"p50", &LatencySummary::Intervals::p50},
    {"p90", &LatencySummary::Intervals::p90},   {"p95", &LatencySummary::Intervals::p95},
    {"p99", &LatencySummary::Intervals::p99},   {"p999", &LatencySummary::Intervals::p999},
};

constexpr Named<TimeAverages, MaybeFigure> averages[] = {
    {"utilisation", &TimeAverages::utilisation},
    {"mean_in_flight", &TimeAverages::mean_in_flight},
    {"sd_in_flight", &TimeAverages::sd_in_flight},
    {"mean_queue", &TimeAverages::mean_queue},
};

// The field of that name, or null.
template <class Struct, class Value, std::size_t n>
const Value* find(const Struct& from, const Named<Struct, Value> (&table)[n],
                  std::string_view name) {
  const auto row = std::ranges::find(table, name, &Named<Struct, Value>::name);
  return row == std::end(table) ? nullptr : &(from.*(row->field));
}

template <class Items>
const auto* named(const Items& items, std::string_view name) {
  const auto found = std::ranges::find(items, name, [](const auto& item) { return item.name; });
  return found == items.end() ? nullptr : &*found;
}

MaybeFigure counted(auto value) {
  return Figure{static_cast<double>(value)};
}

MaybeFigure time_figure(const LatencySummary& latency, std::string_view name) {
  if (name == "count") return counted(latency.count);
  const std::optional<double>* value = find(latency, times, name);
  if (value == nullptr || !*value) return {};
  const std::optional<Interval>* interval = find(latency.ci95, intervals, name);
  return Figure{**value, interval == nullptr ? std::nullopt : *interval};
}

MaybeFigure load_figure(const LoadSummary* load, std::string_view name) {
  if (load == nullptr) return {};
  if (const auto* count = find(load->counts, counts, name)) return counted(*count);
  if (const auto* figure = find(*load, shares_and_rates, name)) return *figure;
  const std::size_t dot = std::min(name.find('.'), name.size());
  const LatencySummary* latency = find(*load, latencies, name.substr(0, dot));
  if (latency == nullptr || dot == name.size()) return {};
  return time_figure(*latency, name.substr(dot + 1));
}

// Of a worker or a group, which spell their figures alike.
MaybeFigure worker_figure(const auto* worker, std::string_view name) {
  if (worker == nullptr) return {};
  if (name == "completed") return counted(worker->completed);
  if (name == "failed") return counted(worker->failed);
  if (name == "rejected") return counted(worker->rejected);
  if (name == "max_queue") return counted(worker->max_queue);
  const MaybeFigure* figure = find(worker->averages, averages, name);
  return figure == nullptr ? MaybeFigure{} : *figure;
}

}  // namespace

std::vector<Metric> all_metrics(const RunSummary& summary) {
  std::vector<Metric> metrics;
  const auto add = [&](Metric::Subject subject, const std::string& name) {
    for (const std::string& figure : figure_names(subject)) {
      metrics.push_back({.subject = subject, .name = name, .figure = figure});
    }
  };
  for (const LoadSummary& load : summary.loads) add(Metric::Subject::load, load.name);
  for (const LoadSummary& one : summary.classes) add(Metric::Subject::load, one.name);
  for (const GroupSummary& group : summary.groups) add(Metric::Subject::workers, group.name);
  add(Metric::Subject::balancer, "");
  return metrics;
}

std::optional<Figure> figure(const RunSummary& summary, const Metric& metric) {
  switch (metric.subject) {
    case Metric::Subject::load:
      if (const auto* one = named(summary.classes, metric.name)) {
        return load_figure(one, metric.figure);
      }
      return load_figure(named(summary.loads, metric.name), metric.figure);
    case Metric::Subject::workers:
      if (!metric.index) return worker_figure(named(summary.groups, metric.name), metric.figure);
      return worker_figure(named(summary.workers, metric.subject_name()), metric.figure);
    case Metric::Subject::balancer:
      if (metric.figure == "mean_queue") return summary.line_mean_queue;
      if (metric.figure == "max_queue") return counted(summary.line_max_queue);
      return {};
  }
  return {};
}

}  // namespace weir::sim
