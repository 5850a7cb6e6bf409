#include "weir/sim/metric_series.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace weir::sim {
namespace {

using Series = std::vector<double>;

template <class Struct>
struct Named {
  std::string_view name;
  double Struct::* field;
};

constexpr std::array points = {
    Named<LatencyPoints>{"mean", &LatencyPoints::mean},
    Named<LatencyPoints>{"p50", &LatencyPoints::p50},
    Named<LatencyPoints>{"p90", &LatencyPoints::p90},
    Named<LatencyPoints>{"p95", &LatencyPoints::p95},
    Named<LatencyPoints>{"p99", &LatencyPoints::p99},
    Named<LatencyPoints>{"p999", &LatencyPoints::p999},
};

constexpr std::array averages = {
    Named<WorkerFigures>{"utilisation", &WorkerFigures::utilisation},
    Named<WorkerFigures>{"mean_in_flight", &WorkerFigures::mean_in_flight},
    Named<WorkerFigures>{"sd_in_flight", &WorkerFigures::sd_in_flight},
    Named<WorkerFigures>{"mean_queue", &WorkerFigures::mean_queue},
};

template <class Table>
auto field_named(const Table& table, std::string_view name) {
  const auto row = std::ranges::find(table, name, [](const auto& each) { return each.name; });
  return row == table.end() ? nullptr : row->field;
}

Series latency_series(const LatencyRecord& record, double LatencyPoints::* point) {
  Series series;
  for (const LatencyPoints& replication : record.replications) {
    if (replication.*point < 0) return {};
    series.push_back(replication.*point);
  }
  return series;
}

Series success_series(const LoadRecord& load) {
  Series series;
  for (const LoadCounts& counts : load.replications) {
    const std::optional<double> share = counts.success();
    if (!share) return {};
    series.push_back(*share);
  }
  return series;
}

Series rate_series(const RunRecord& record, const LoadRecord& load,
                   std::uint64_t LoadCounts::* count) {
  Series series;
  for (std::size_t i = 0; i < load.replications.size(); ++i) {
    if (!(record.windows_s[i] > 0)) return {};
    series.push_back(static_cast<double>(load.replications[i].*count) / record.windows_s[i]);
  }
  return series;
}

Series load_series(const RunRecord& record, const LoadRecord& load, std::string_view figure) {
  if (figure == "success") return success_series(load);
  if (figure == "goodput_per_s") return rate_series(record, load, &LoadCounts::good);
  if (figure == "throughput_per_s") return rate_series(record, load, &LoadCounts::replies);
  const std::size_t dot = std::min(figure.find('.'), figure.size());
  const auto point = field_named(points, figure.substr(std::min(dot + 1, figure.size())));
  if (point == nullptr) return {};
  if (figure.starts_with("response.")) return latency_series(load.response, point);
  if (figure.starts_with("wait.")) return latency_series(load.wait, point);
  return latency_series(load.service, point);
}

// Of one worker, or of the mean worker of a group.
Series worker_series(const RunRecord& record, const Metric& metric) {
  const auto field = field_named(averages, metric.figure);
  if (field == nullptr) return {};
  const std::string wanted = metric.subject_name();
  Series series(record.replications);
  Series all(record.replications);
  for (const WorkerRecord& worker : record.workers) {
    if ((metric.index ? worker.name : worker.group) != wanted) continue;
    for (std::size_t i = 0; i < series.size(); ++i) {
      const WorkerFigures& figures = worker.replications[i];
      series[i] += figures.present * (figures.*field);
      all[i] += figures.present;
    }
  }
  if (std::ranges::any_of(all, [](double present) { return !(present > 0); })) return {};
  for (std::size_t i = 0; i < series.size(); ++i) series[i] /= all[i];
  return series;
}

}  // namespace

bool has_interval(const Metric& metric) {
  const std::string_view figure = metric.figure;
  if (metric.subject == Metric::Subject::balancer) return figure == "mean_queue";
  if (metric.subject == Metric::Subject::workers) return field_named(averages, figure) != nullptr;
  if (figure == "success" || figure.ends_with("_per_s")) return true;
  const std::size_t dot = figure.find('.');
  return dot != std::string_view::npos && field_named(points, figure.substr(dot + 1)) != nullptr;
}

Series metric_series(const RunRecord& record, const Metric& metric) {
  if (!has_interval(metric)) return {};
  const auto& batches = metric.is_tail() ? record.tail_batches : record.batches;
  if (!batches.empty()) return metric_series(batches.front(), metric);
  if (metric.subject == Metric::Subject::workers) return worker_series(record, metric);
  if (metric.subject == Metric::Subject::balancer) {
    Series series;
    for (const LineFigures& line : record.line) series.push_back(line.mean_queue);
    return series;
  }
  const LoadRecord* load = record.load_named(metric.name);
  return load == nullptr ? Series() : load_series(record, *load, metric.figure);
}

}  // namespace weir::sim
