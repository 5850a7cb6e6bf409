#include "weir/sim/comparison.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "weir/base/check.h"
#include "weir/sim/scenario.h"
#include "weir/sim/statistics.h"

namespace weir::sim {
namespace {

using Series = std::vector<double>;

struct Compared {
  std::string_view figure;
  Metric::Unit unit;
};

constexpr std::array compared = {
    Compared{"response.mean", Metric::Unit::seconds},
    Compared{"response.p50", Metric::Unit::seconds},
    Compared{"response.p99", Metric::Unit::seconds},
    Compared{"success", Metric::Unit::fraction},
    Compared{"goodput_per_s", Metric::Unit::per_second},
};

// One point of each replication; empty if one of them cannot support it.
Series points(const LoadRecord& load, double LatencyPoints::* point) {
  Series series;
  for (const LatencyPoints& replication : load.response.replications) {
    if (replication.*point < 0) return {};
    series.push_back(replication.*point);
  }
  return series;
}

Series success(const LoadRecord& load) {
  Series series;
  for (const LoadCounts& counts : load.replications) {
    const std::optional<double> share = counts.success();
    if (!share) return {};
    series.push_back(*share);
  }
  return series;
}

Series goodput(const RunRecord& record, const LoadRecord& load) {
  Series series;
  for (std::size_t i = 0; i < load.replications.size(); ++i) {
    if (!(record.windows_s[i] > 0)) return {};
    series.push_back(static_cast<double>(load.replications[i].good) / record.windows_s[i]);
  }
  return series;
}

Series series_of(const RunRecord& record, std::size_t load, std::string_view name) {
  const LoadRecord& from = record.loads[load];
  if (name == "response.mean") return points(from, &LatencyPoints::mean);
  if (name == "response.p50") return points(from, &LatencyPoints::p50);
  if (name == "response.p99") return points(from, &LatencyPoints::p99);
  if (name == "success") return success(from);
  return goodput(record, from);
}

// Without an interval: of the pooled figures.
std::optional<double> plain_change(const RunSummary& baseline, const RunSummary& candidate,
                                   const Metric& metric) {
  const std::optional<Figure> before = figure(baseline, metric);
  const std::optional<Figure> after = figure(candidate, metric);
  if (!before || !after || before->value == 0) return {};
  return after->value / before->value - 1;
}

// The records of the two that are compared, and what became of them.
struct Side {
  const RunRecord& record;
  const RunSummary& summary;
};

PolicyDifference difference_of(const Side& baseline, const Side& candidate, std::size_t load,
                               const Compared& name, const Comparison& options) {
  PolicyDifference row{.policy = candidate.record.policy,
                       .metric = {.subject = Metric::Subject::load,
                                  .name = baseline.record.loads[load].name,
                                  .figure = std::string(name.figure),
                                  .unit = name.unit}};
  const auto paired = paired_difference(series_of(baseline.record, load, name.figure),
                                        series_of(candidate.record, load, name.figure), options);
  if (!paired) {
    row.change = plain_change(baseline.summary, candidate.summary, row.metric);
    return row;
  }
  row.change = paired->change;
  row.interval = Interval{paired->low, paired->high};
  row.significant = paired->significant;
  return row;
}

std::vector<PolicyDifference> differences(std::span<const RunRecord> records,
                                          std::span<const RunSummary> summaries) {
  std::vector<PolicyDifference> result;
  if (records.empty()) return result;
  const Side baseline{records.front(), summaries.front()};
  const std::size_t loads = baseline.record.loads.size();
  const Comparison options{.comparisons = (records.size() - 1) * loads * compared.size()};
  for (std::size_t i = 1; i < records.size(); ++i) {
    WEIR_CHECK(records[i].loads.size() == loads,
               "policies are compared that ran different scenarios");
    for (std::size_t load = 0; load < loads; ++load) {
      for (const Compared& name : compared) {
        result.push_back(difference_of(baseline, {records[i], summaries[i]}, load, name, options));
      }
    }
  }
  return result;
}

}  // namespace

bool PolicyComparison::passes() const {
  return std::ranges::all_of(policies, &RunSummary::passes);
}

bool PolicyComparison::valid() const {
  return std::ranges::all_of(policies, &RunSummary::valid);
}

std::vector<PolicyDifference> differences(std::span<const RunRecord> records) {
  std::vector<RunSummary> summaries;
  for (const RunRecord& record : records) summaries.push_back(summarise(record));
  return differences(records, summaries);
}

PolicyComparison compare(std::span<const RunRecord> records, const Scenario& scenario) {
  WEIR_CHECK(!records.empty(), "a comparison of no policies: the list was empty");
  PolicyComparison comparison{.baseline = records.front().policy};
  for (const RunRecord& record : records) {
    comparison.policies.push_back(summarise(record, scenario));
  }
  comparison.differences = differences(records, comparison.policies);
  return comparison;
}

}  // namespace weir::sim
