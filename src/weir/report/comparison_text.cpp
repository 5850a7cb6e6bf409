// Policies in rows, load by load and class by class, and the sentence that a reader came for.

#include <fmt/format.h>

#include <algorithm>

#include "weir/report/hypothesis_report.h"
#include "weir/report/number.h"
#include "weir/report/preamble.h"
#include "weir/report/table.h"
#include "weir/report/text.h"

namespace weir::report {
namespace {

using sim::LoadSummary;
using sim::PolicyComparison;
using sim::PolicyDifference;
using sim::RunSummary;
using enum Table::Align;

const PolicyDifference* difference_of(const PolicyComparison& comparison, std::string_view policy,
                                      std::string_view load, std::string_view figure) {
  const auto found =
      std::ranges::find_if(comparison.differences, [&](const PolicyDifference& difference) {
        return difference.policy == policy && difference.metric.name == load &&
               difference.metric.figure == figure;
      });
  return found == comparison.differences.end() ? nullptr : &*found;
}

Table::Cell change_cell(const PolicyDifference* difference) {
  if (difference == nullptr) return {"baseline", Tone::faint};
  std::string text = change_text(difference->change, difference->interval);
  if (!difference->significant) return {text, Tone::faint};
  return {text + " *", *difference->change < 0 ? Tone::good : Tone::bad};
}

using MaybeInterval = std::optional<sim::Interval>;

// One time of each policy, in one unit.
std::vector<std::string> time_column(const PolicyComparison& comparison, std::size_t place,
                                     std::optional<double> sim::LatencySummary::* value,
                                     MaybeInterval sim::LatencySummary::Intervals::* interval) {
  std::vector<std::optional<double>> values;
  for (const RunSummary& policy : comparison.policies) {
    values.push_back(policy.requester(place).response.*value);
  }
  const TimeUnit unit = unit_of(values);
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::optional<sim::Figure> figure;
    if (values[i]) {
      const sim::LatencySummary& response = comparison.policies[i].requester(place).response;
      figure = sim::Figure{*values[i], response.ci95.*interval};
    }
    cells.push_back(time_text(figure, unit));
  }
  return cells;
}

std::string policies_text(const PolicyComparison& comparison, std::size_t place, bool colour) {
  using Latency = sim::LatencySummary;
  const auto p50 = time_column(comparison, place, &Latency::p50, &Latency::Intervals::p50);
  const auto p99 = time_column(comparison, place, &Latency::p99, &Latency::Intervals::p99);
  const auto mean = time_column(comparison, place, &Latency::mean, &Latency::Intervals::mean);
  const RunSummary& baseline = comparison.policies.front();
  const std::string& name = baseline.requester(place).name;
  const std::string title = baseline.requester_title(place);
  Table table(
      {{title, left}, {"p50"}, {"p99"}, {"mean"}, {"goodput"}, {"success"}, {"p99, change", left}});
  for (std::size_t i = 0; i < comparison.policies.size(); ++i) {
    const RunSummary& policy = comparison.policies[i];
    const LoadSummary& summary = policy.requester(place);
    table.add({{policy.policy},
               {p50[i]},
               {p99[i]},
               {mean[i]},
               {rate_text(summary.goodput_per_s)},
               {percent_text(summary.success)},
               i == 0
                   ? change_cell(nullptr)
                   : change_cell(difference_of(comparison, policy.policy, name, "response.p99"))});
  }
  return table.text(colour);
}

// The candidate whose p99 is lowest of those that are surely lower than the baseline's.
const PolicyDifference* best_of(const PolicyComparison& comparison, std::string_view load) {
  const PolicyDifference* best = nullptr;
  for (const PolicyDifference& difference : comparison.differences) {
    if (difference.metric.name != load || difference.metric.figure != "response.p99") continue;
    if (!difference.significant || *difference.change >= 0) continue;
    if (best == nullptr || *difference.change < *best->change) best = &difference;
  }
  return best;
}

std::string cut_text(const PolicyDifference& best) {
  const double half = 100 * best.interval->half_width();
  const int decimals = half < 1 ? 1 : 0;
  return fmt::format("{:.{}f} % [{:.{}f}, {:.{}f}]", -100 * *best.change, decimals,
                     -100 * best.interval->high, decimals, -100 * best.interval->low, decimals);
}

// Latencies are of completed requests only, so a better p99 may hide requests that were lost.
std::string success_remark(const PolicyComparison& comparison, std::string_view policy,
                           std::size_t place) {
  const std::string& name = comparison.policies.front().requester(place).name;
  const PolicyDifference* difference = difference_of(comparison, policy, name, "success");
  if (difference == nullptr || !difference->significant) return {};
  const auto candidate = std::ranges::find(comparison.policies, policy, &RunSummary::policy);
  return fmt::format("{}from {} to {}",
                     *difference->change > 0 ? ", and success rises " : ", but success falls ",
                     percent_text(comparison.policies.front().requester(place).success),
                     percent_text(candidate->requester(place).success));
}

std::string conclusion(const PolicyComparison& comparison, std::size_t place) {
  const std::string& name = comparison.policies.front().requester(place).name;
  const std::string title = comparison.policies.front().requester_title(place);
  if (const PolicyDifference* best = best_of(comparison, name)) {
    return fmt::format("{} cuts the p99 of {} by {} against {}{}.", best->policy, title,
                       cut_text(*best), comparison.baseline,
                       success_remark(comparison, best->policy, place));
  }
  const auto p99_differences = [&](const PolicyDifference& difference) {
    return difference.metric.name == name && difference.metric.figure == "response.p99";
  };
  const bool told = std::ranges::any_of(comparison.differences, [&](const auto& difference) {
    return p99_differences(difference) && difference.interval;
  });
  if (!told) return fmt::format("The data cannot tell whose p99 of {} is lower.", title);
  const bool all_worse = std::ranges::all_of(comparison.differences, [&](const auto& difference) {
    return !p99_differences(difference) || difference.significant;
  });
  if (all_worse) return fmt::format("{} has the lowest p99 of {}.", comparison.baseline, title);
  return fmt::format("No policy has a lower p99 of {} than {}, beyond chance.", title,
                     comparison.baseline);
}

// What is said of every policy is said once.
std::string remarks_text(const PolicyComparison& comparison, bool colour) {
  const std::vector<RunSummary>& policies = comparison.policies;
  const auto everywhere = [&](const sim::Note& note) {
    return std::ranges::all_of(policies, [&](const RunSummary& policy) {
      return std::ranges::find(policy.notes, note) != policy.notes.end();
    });
  };
  std::vector<sim::Note> notes;
  for (const sim::Note& note : policies.front().notes) {
    if (everywhere(note)) notes.push_back(note);
  }
  for (const RunSummary& policy : policies) {
    for (const sim::Note& note : policy.notes) {
      if (!everywhere(note)) {
        notes.push_back({policy.policy + ": " + note.sentence, note.invalidates});
      }
    }
  }
  return notes_text(notes, colour);
}

Table::Cell verdict_cell(const RunSummary& policy) {
  std::string text = verdict_text(policy, false);
  text.pop_back();
  return {text, policy.passes() && policy.valid() ? Tone::good : Tone::bad};
}

std::string verdicts_text(const PolicyComparison& comparison, bool colour) {
  Table table({{"expectations", left}, {"", left}});
  for (const RunSummary& policy : comparison.policies) {
    if (policy.verdicts.empty()) continue;
    table.add({{policy.policy}, verdict_cell(policy)});
  }
  return table.text(colour);
}

}  // namespace

std::string comparison_text(const sim::Scenario& scenario, const PolicyComparison& comparison,
                            const TextOptions& options) {
  const RunSummary& baseline = comparison.policies.front();
  std::string text = painted(fmt::format("{}: {} policies, the same requests for all",
                                         baseline.scenario, comparison.policies.size()),
                             Tone::strong, options.colour) +
                     '\n' + setting_text(scenario, baseline) + "\n\n";
  for (std::size_t place = 0; place < baseline.requesters(); ++place) {
    if (comparison.policies.size() > 1) {
      text += painted(conclusion(comparison, place), Tone::strong, options.colour) + '\n';
    }
  }
  text += remarks_text(comparison, options.colour);
  for (std::size_t place = 0; place < baseline.requesters(); ++place) {
    text += '\n' + policies_text(comparison, place, options.colour);
  }
  const std::string verdicts = verdicts_text(comparison, options.colour);
  if (!verdicts.empty()) text += '\n' + verdicts;
  const std::string claims = hypotheses_text(comparison.hypotheses, options.colour);
  if (!claims.empty()) text += '\n' + claims;
  if (baseline.replications > 1 && !comparison.differences.empty()) {
    text += '\n' +
            painted(fmt::format("* beyond chance, {} differences considered; ± and [ ]: 95 "
                                "% confidence over replications",
                                comparison.differences.size()),
                    Tone::faint, options.colour) +
            '\n';
  }
  return text;
}

}  // namespace weir::report
