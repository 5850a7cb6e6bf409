// Policies side by side: how the figures of each differ from those of the first, the baseline.
//
// All of them met the same arrivals and demands, so they are compared replication by replication,
// where chance has cancelled out; and since many differences are read at once, one counts as
// significant only after Bonferroni's correction for all of them.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/sim/metric.h"
#include "weir/sim/result.h"
#include "weir/sim/summary.h"

namespace weir::sim {

struct Scenario;

struct PolicyDifference {
  std::string policy{};
  Metric metric{};
  // Relative: -0.12 is 12 % less than the baseline. Empty where a figure is missing or the
  // baseline's is 0. Without replications to pair it is the change of the pooled figures.
  std::optional<double> change{};
  std::optional<Interval> interval{};  // of 95 %, not corrected
  bool significant = false;            // corrected
};

struct PolicyComparison {
  std::string baseline{};
  std::vector<RunSummary> policies{};  // the baseline first
  std::vector<PolicyDifference> differences{};
  std::vector<HypothesisVerdict> hypotheses{};  // one for each of the scenario

  // Whether every expectation holds under every policy, and every hypothesis that could be judged.
  bool passes() const;
  bool valid() const;
};

// The differences of every policy after the first in response.mean, response.p50, response.p99,
// success and goodput_per_s of each load and class: policy by policy, load by load, then class by
// class. Requires: all records are of one scenario.
std::vector<PolicyDifference> differences(std::span<const RunRecord> records);

// What the records say to the scenario's hypotheses, whose variants are policies here. Those with a
// `where`, and those that name a policy that was not run, are not judged.
std::vector<HypothesisVerdict> judge_hypotheses(std::span<const RunRecord> records,
                                                const Scenario& scenario);

// Differences and summaries, with verdicts and notes. Requires: at least one record.
PolicyComparison compare(std::span<const RunRecord> records, const Scenario& scenario);

}  // namespace weir::sim
