#include "weir/sim/summary.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "weir/base/elementary.h"
#include "weir/sim/scenario.h"
#include "weir/sim/statistics.h"

namespace weir::sim {
namespace {

using Values = std::vector<double>;

std::optional<Interval> interval_of(const std::optional<Estimate>& estimate) {
  if (!estimate) return {};
  return Interval{estimate->low, estimate->high};
}

// The mean over replications with its interval.
std::optional<Figure> mean_figure(const Values& values) {
  if (values.empty()) return {};
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return Figure{sum / static_cast<double>(values.size()), interval_of(mean_interval(values))};
}

template <class Record, class Read>
Values each(const std::vector<Record>& records, const Read& read) {
  Values values;
  values.reserve(records.size());
  for (const Record& record : records) values.push_back(static_cast<double>(read(record)));
  return values;
}

// One point of every replication; empty if one of them cannot support it.
Values points(const LatencyRecord& record, double LatencyPoints::* point) {
  Values values = each(record.replications, [&](const LatencyPoints& p) { return p.*point; });
  if (std::ranges::any_of(values, [](double value) { return value < 0; })) return {};
  return values;
}

std::optional<double> quantile_of(const Histogram& histogram, double p) {
  if (!histogram.supports(p)) return {};
  return static_cast<double>(histogram.quantile(p)) / 1e9;
}

std::optional<Interval> sectioned(const LatencyRecord& record, std::optional<double> pooled,
                                  double LatencyPoints::* point) {
  if (!pooled) return {};
  return interval_of(quantile_interval(*pooled, points(record, point)));
}

LatencySummary latency_of(const LatencyRecord& record) {
  const Histogram& all = record.pooled;
  LatencySummary summary{.count = all.count()};
  if (all.empty()) return summary;
  summary.mean = all.mean() / 1e9;
  if (all.count() > 1) summary.sd = all.standard_deviation() / 1e9;
  summary.min = static_cast<double>(all.min()) / 1e9;
  summary.p50 = quantile_of(all, 0.5);
  summary.p90 = quantile_of(all, 0.9);
  summary.p95 = quantile_of(all, 0.95);
  summary.p99 = quantile_of(all, 0.99);
  summary.p999 = quantile_of(all, 0.999);
  summary.max = static_cast<double>(all.max()) / 1e9;
  summary.ci95 = {.mean = interval_of(mean_interval(points(record, &LatencyPoints::mean))),
                  .p50 = sectioned(record, summary.p50, &LatencyPoints::p50),
                  .p90 = sectioned(record, summary.p90, &LatencyPoints::p90),
                  .p95 = sectioned(record, summary.p95, &LatencyPoints::p95),
                  .p99 = sectioned(record, summary.p99, &LatencyPoints::p99),
                  .p999 = sectioned(record, summary.p999, &LatencyPoints::p999)};
  return summary;
}

// Pooled; the interval needs an outcome in every replication.
std::optional<Figure> success_of(const LoadRecord& load) {
  const std::optional<double> pooled = load.counts.success();
  if (!pooled) return {};
  Values values;
  for (const LoadCounts& counts : load.replications) {
    const std::optional<double> success = counts.success();
    if (!success) return Figure{*pooled};
    values.push_back(*success);
  }
  return Figure{*pooled, interval_of(mean_interval(values))};
}

std::optional<Figure> rate_of(const LoadRecord& load, const Values& windows_s,
                              std::uint64_t LoadCounts::* count) {
  Values rates;
  for (std::size_t i = 0; i < load.replications.size(); ++i) {
    if (!(windows_s[i] > 0)) return {};
    rates.push_back(static_cast<double>(load.replications[i].*count) / windows_s[i]);
  }
  return mean_figure(rates);
}

LoadSummary load_of(const LoadRecord& load, const Values& windows_s) {
  return {.name = load.name,
          .counts = load.counts,
          .success = success_of(load),
          .throughput_per_s = rate_of(load, windows_s, &LoadCounts::replies),
          .goodput_per_s = rate_of(load, windows_s, &LoadCounts::good),
          .response = latency_of(load.response),
          .wait = latency_of(load.wait),
          .service = latency_of(load.service)};
}

TimeAverages averages_of(const std::vector<WorkerFigures>& replications) {
  const auto mean = [&](double WorkerFigures::* read) {
    Values values;
    for (const WorkerFigures& figures : replications) {
      if (figures.present > 0) values.push_back(figures.*read);
    }
    return mean_figure(values);
  };
  return {.utilisation = mean(&WorkerFigures::utilisation),
          .mean_in_flight = mean(&WorkerFigures::mean_in_flight),
          .sd_in_flight = mean(&WorkerFigures::sd_in_flight),
          .mean_queue = mean(&WorkerFigures::mean_queue)};
}

WorkerSummary worker_of(const WorkerRecord& worker) {
  WorkerSummary summary{.name = worker.name, .group = worker.group};
  for (const WorkerFigures& figures : worker.replications) {
    summary.completed += figures.completed;
    summary.failed += figures.failed;
    summary.rejected += figures.rejected;
    summary.max_queue = std::max(summary.max_queue, figures.max_queue);
  }
  summary.averages = averages_of(worker.replications);
  return summary;
}

// The averages of the group's mean worker, replication by replication. Who was there for a part of
// the time counts for that part.
std::vector<WorkerFigures> mean_workers(std::span<const WorkerRecord> workers) {
  std::vector<WorkerFigures> means(workers.front().replications.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    double all = 0;
    for (const WorkerRecord& worker : workers) all += worker.replications[i].present;
    for (const WorkerRecord& worker : workers) {
      const WorkerFigures& figures = worker.replications[i];
      means[i].utilisation += figures.present * figures.utilisation / all;
      means[i].mean_in_flight += figures.present * figures.mean_in_flight / all;
      means[i].sd_in_flight += figures.present * figures.sd_in_flight / all;
      means[i].mean_queue += figures.present * figures.mean_queue / all;
    }
  }
  return means;
}

GroupSummary group_of(std::span<const WorkerRecord> workers) {
  GroupSummary group{.name = workers.front().group, .workers = workers.size()};
  const auto n = static_cast<double>(workers.size());
  std::uint64_t completed = 0, failed = 0, rejected = 0;
  for (const WorkerRecord& record : workers) {
    const WorkerSummary worker = worker_of(record);
    completed += worker.completed;
    failed += worker.failed;
    rejected += worker.rejected;
    group.max_queue = std::max(group.max_queue, worker.max_queue);
  }
  group.completed = static_cast<double>(completed) / n;
  group.failed = static_cast<double>(failed) / n;
  group.rejected = static_cast<double>(rejected) / n;
  group.averages = averages_of(mean_workers(workers));
  return group;
}

// Workers stand group by group.
std::vector<GroupSummary> groups_of(const std::vector<WorkerRecord>& workers) {
  std::vector<GroupSummary> groups;
  for (auto first = workers.begin(); first != workers.end();) {
    const auto last = std::find_if(first, workers.end(), [&](const WorkerRecord& worker) {
      return worker.group != first->group;
    });
    groups.push_back(group_of({first, last}));
    first = last;
  }
  return groups;
}

DelaySummary delay_of(const Histogram& delays) {
  return {.p50 = quantile_of(delays, 0.5),
          .p99 = quantile_of(delays, 0.99),
          .most = static_cast<double>(delays.max()) / 1e9};
}

RealSummary real_of(const RealFigures& figures) {
  RealSummary real{.behind = delay_of(figures.behind), .timer_lag = delay_of(figures.timer_lag)};
  const auto sent = static_cast<double>(figures.sent);
  if (figures.due_s > 0) {
    real.offered_per_s = sent / figures.due_s;
    real.achieved_per_s = sent / figures.took_s;
  }
  real.behind_p99_s = static_cast<double>(figures.behind.quantile(0.99)) / 1e9;
  real.given_up_after_s = figures.given_up_after_s;
  real.timer_lag_p99_s = static_cast<double>(figures.timer_lag.quantile(0.99)) / 1e9;
  real.work_s = figures.work_s;
  real.work_processor_s = figures.work_processor_s;
  real.work_clock_s = figures.work_clock_s;
  if (figures.work_s > 0) real.calibration_error = figures.work_processor_s / figures.work_s - 1;
  return real;
}

// Intervals of the summary are Student's of 95 %: at another level they are as much wider as the
// quantile is greater.
std::optional<Interval> at_level(const Figure& figure, double level, std::size_t sections) {
  if (!figure.interval || level == 0.95 || sections < 2) return figure.interval;
  const double degrees = static_cast<double>(sections) - 1.0;
  const double times = student_t((1 + level) / 2, degrees) / student_t(0.975, degrees);
  return Interval{figure.value - times * (figure.value - figure.interval->low),
                  figure.value + times * (figure.interval->high - figure.value)};
}

// Gives figures of the whole run the intervals that its batches have, centred on them.
class BatchIntervals {
 public:
  // `tails`: of longer batches.
  static void give(const RunSummary& batches, const RunSummary& tails, RunSummary& run) {
    for (std::size_t i = 0; i < run.loads.size(); ++i) {
      give(batches.loads[i], tails.loads[i], run.loads[i]);
    }
    for (std::size_t i = 0; i < run.classes.size(); ++i) {
      give(batches.classes[i], tails.classes[i], run.classes[i]);
    }
    for (std::size_t i = 0; i < run.workers.size(); ++i) {
      give(batches.workers[i].averages, run.workers[i].averages);
    }
    for (std::size_t i = 0; i < run.groups.size(); ++i) {
      give(batches.groups[i].averages, run.groups[i].averages);
    }
    give(batches.line_mean_queue, run.line_mean_queue);
  }

 private:
  using MaybeInterval = std::optional<Interval>;

  static MaybeInterval centred(const MaybeInterval& interval, const std::optional<double>& at) {
    if (!interval || !at) return {};
    return Interval{*at - interval->half_width(), *at + interval->half_width()};
  }

  // As far on a scale of logarithms. Few sections see a tail, and where they found it low, they
  // also found it steady; so the true value lies above more often than below.
  static MaybeInterval log_centred(const MaybeInterval& interval, const std::optional<double>& at) {
    if (!interval || !at || !(*at > 0)) return centred(interval, at);
    const double reach = interval->half_width() / *at;
    return Interval{*at * elementary::exp(-reach), *at * elementary::exp(reach)};
  }

  static void give(const std::optional<Figure>& from, std::optional<Figure>& to) {
    if (from && to) to->interval = centred(from->interval, to->value);
  }

  static void give(const TimeAverages& from, TimeAverages& to) {
    give(from.utilisation, to.utilisation);
    give(from.mean_in_flight, to.mean_in_flight);
    give(from.sd_in_flight, to.sd_in_flight);
    give(from.mean_queue, to.mean_queue);
  }

  static void give(const LatencySummary& from, const LatencySummary& tails, LatencySummary& to) {
    to.ci95 = {.mean = centred(from.ci95.mean, to.mean),
               .p50 = centred(from.ci95.p50, to.p50),
               .p90 = centred(from.ci95.p90, to.p90),
               .p95 = centred(from.ci95.p95, to.p95),
               .p99 = log_centred(tails.ci95.p99, to.p99),
               .p999 = log_centred(tails.ci95.p999, to.p999)};
  }

  static void give(const LoadSummary& from, const LoadSummary& tails, LoadSummary& to) {
    give(from.success, to.success);
    give(from.throughput_per_s, to.throughput_per_s);
    give(from.goodput_per_s, to.goodput_per_s);
    give(from.response, tails.response, to.response);
    give(from.wait, tails.wait, to.wait);
    give(from.service, tails.service, to.service);
  }
};

void take_intervals(const RunRecord& record, RunSummary& summary) {
  const RunRecord& batches = record.batches.front();
  const RunRecord& tails = record.tail_batches.front();
  summary.batches = BatchSummary{.count = batches.replications,
                                 .tail_count = tails.replications,
                                 .length_s = batches.windows_s.front(),
                                 .correlation = record.batch_correlation};
  BatchIntervals::give(summarise(batches), summarise(tails), summary);
}

}  // namespace

RunSummary summarise(const RunRecord& record) {
  const std::optional<Figure> window =
      mean_figure(each(record.windows_s, [](double seconds) { return seconds; }));
  RunSummary summary{.scenario = record.scenario,
                     .mode = record.mode,
                     .policy = record.policy,
                     .seed = record.seed,
                     .replications = record.replications,
                     .run_hash = record.run_hash,
                     .window_s = window ? window->value : 0,
                     .warmup_s = record.warmup_s,
                     .virtual_s = record.virtual_s,
                     .wall_s = record.wall_s,
                     .interrupted = record.interrupted,
                     .warmup_uncertain = record.warmup_uncertain,
                     .precise = record.precise};
  if (record.real) summary.real = real_of(*record.real);
  for (const LoadRecord& load : record.loads) {
    summary.loads.push_back(load_of(load, record.windows_s));
  }
  for (const ClassRecord& one : record.classes) {
    summary.classes.push_back(load_of(one.figures, record.windows_s));
  }
  for (const WorkerRecord& worker : record.workers) summary.workers.push_back(worker_of(worker));
  summary.groups = groups_of(record.workers);
  summary.line_mean_queue =
      mean_figure(each(record.line, [](const LineFigures& line) { return line.mean_queue; }));
  for (const LineFigures& line : record.line) {
    summary.line_max_queue = std::max(summary.line_max_queue, line.max_queue);
  }
  if (!record.batches.empty()) take_intervals(record, summary);
  return summary;
}

RunSummary summarise(const RunRecord& record, const Scenario& scenario) {
  RunSummary summary = summarise(record);
  summary.verdicts = verdicts(scenario, summary);
  summary.notes = notes(scenario, summary);
  return summary;
}

bool RunSummary::passes() const {
  return std::ranges::all_of(verdicts, &Verdict::pass);
}

bool RunSummary::valid() const {
  return std::ranges::none_of(notes, &Note::invalidates);
}

std::vector<Verdict> verdicts(const Scenario& scenario, const RunSummary& summary) {
  std::vector<Verdict> result;
  for (const Expect& expect : scenario.expects) {
    Verdict verdict{.metric = expect.metric, .min = expect.min, .max = expect.max};
    verdict.figure = figure(summary, expect.metric);
    if (verdict.figure) {
      verdict.judged_by =
          at_level(*verdict.figure, expect.confidence, summary.sections_of(expect.metric));
      const double value = verdict.figure->value;
      const Interval range = verdict.judged_by.value_or(Interval{value, value});
      verdict.pass =
          (!expect.min || range.low >= *expect.min) && (!expect.max || range.high <= *expect.max);
    }
    result.push_back(std::move(verdict));
  }
  return result;
}

}  // namespace weir::sim
