#include "weir/sim/comparison.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "weir/base/check.h"
#include "weir/sim/metric_series.h"
#include "weir/sim/scenario.h"
#include "weir/sim/statistics.h"

namespace weir::sim {
namespace {

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

PolicyDifference difference_of(const Side& baseline, const Side& candidate, std::size_t place,
                               const Compared& name, const Comparison& options) {
  PolicyDifference row{.policy = candidate.record.policy,
                       .metric = {.subject = Metric::Subject::load,
                                  .name = baseline.summary.requester(place).name,
                                  .figure = std::string(name.figure),
                                  .unit = name.unit}};
  const auto paired = paired_difference(metric_series(baseline.record, row.metric),
                                        metric_series(candidate.record, row.metric), options);
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
  const std::size_t places = baseline.summary.requesters();
  const Comparison options{.comparisons = (records.size() - 1) * places * compared.size()};
  for (std::size_t i = 1; i < records.size(); ++i) {
    WEIR_CHECK(summaries[i].requesters() == places,
               "policies are compared that ran different scenarios");
    for (std::size_t place = 0; place < places; ++place) {
      for (const Compared& name : compared) {
        result.push_back(difference_of(baseline, {records[i], summaries[i]}, place, name, options));
      }
    }
  }
  return result;
}

}  // namespace

namespace {

const RunRecord* find_policy(std::span<const RunRecord> records, std::string_view policy) {
  const auto found = std::ranges::find(records, policy, &RunRecord::policy);
  return found == records.end() ? nullptr : &*found;
}

// Neighbours in the order that is claimed; none if a policy was not run.
std::vector<PairedFigures> pairs_of(const Hypothesis& hypothesis,
                                    std::span<const RunRecord> records) {
  std::vector<PairedFigures> pairs;
  if (!hypothesis.where.empty()) return pairs;
  for (std::size_t i = 0; i + 1 < hypothesis.names.size(); ++i) {
    const RunRecord* lesser = find_policy(records, hypothesis.names[i]);
    const RunRecord* greater = find_policy(records, hypothesis.names[i + 1]);
    if (lesser == nullptr || greater == nullptr) return {};
    pairs.push_back({.lesser = hypothesis.names[i],
                     .greater = hypothesis.names[i + 1],
                     .lesser_values = metric_series(*lesser, hypothesis.metric),
                     .greater_values = metric_series(*greater, hypothesis.metric)});
  }
  return pairs;
}

}  // namespace

std::vector<HypothesisVerdict> judge_hypotheses(std::span<const RunRecord> records,
                                                const Scenario& scenario) {
  std::vector<std::vector<PairedFigures>> pairs;
  std::size_t comparisons = 0;
  for (const Hypothesis& hypothesis : scenario.hypotheses) {
    comparisons += pairs.emplace_back(pairs_of(hypothesis, records)).size();
  }
  std::vector<HypothesisVerdict> verdicts;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    verdicts.push_back(judge(scenario.hypotheses[i], pairs[i], comparisons));
  }
  return verdicts;
}

bool PolicyComparison::passes() const {
  return std::ranges::all_of(policies, &RunSummary::passes) &&
         std::ranges::all_of(hypotheses, &HypothesisVerdict::holds_or_open);
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
  comparison.hypotheses = judge_hypotheses(records, scenario);
  return comparison;
}

}  // namespace weir::sim
