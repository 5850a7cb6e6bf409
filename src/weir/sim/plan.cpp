#include "weir/sim/plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "weir/base/text.h"
#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

std::expected<double, ParseError> parse_bound(std::string_view text, Metric::Unit unit) {
  switch (unit) {
    case Metric::Unit::seconds:
      return parse_seconds(text);
    case Metric::Unit::fraction:
      return parse_percent(text);
    case Metric::Unit::per_second:
      return parse_rate(text);
    case Metric::Unit::number:
      break;
  }
  return parse_number(text);
}

// p99, mean and their like.
bool is_of_times(std::string_view name) {
  constexpr std::array<std::string_view, 4> others = {"mean", "min", "max", "sd"};
  const bool is_quantile = name.size() > 1 && name[0] == 'p' &&
                           name.find_first_not_of("0123456789", 1) == std::string_view::npos;
  return is_quantile || std::ranges::find(others, name) != others.end();
}

std::string full_name(std::string_view name, std::string_view load) {
  constexpr std::array<std::string_view, 3> times = {"response", "wait", "service"};
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    return std::string(load) + (is_of_times(name) ? ".response." : ".") + std::string(name);
  }
  const bool lacks_load = std::ranges::find(times, name.substr(0, dot)) != times.end() &&
                          is_of_times(name.substr(dot + 1));
  return lacks_load ? std::string(load) + "." + std::string(name) : std::string(name);
}

// One search, with what it has learnt.
class Searcher {
 public:
  Searcher(const Search& search, const RunProbe& run) : search_(search), run_(run) {}

  PlanResult search() {
    result_.complete = bracket() && halve();
    if (result_.complete) result_.answer = good_;
    std::ranges::sort(result_.probes, {}, &Probe::value);
    return std::move(result_);
  }

 private:
  // Steps from the start, towards what is better while it is not met, towards what is worse while
  // it is, until there is one of each or a bound is reached.
  bool bracket() {
    std::uint64_t value = search_.start;
    if (!probe(value)) return false;
    while (!(good_ && bad_)) {
      const bool upwards = good_.has_value() != search_.fewest;
      const std::uint64_t next =
          upwards ? std::min(search_.most, value * 2) : std::max(search_.least, value / 2);
      if (next == value) return true;
      value = next;
      if (!probe(value)) return false;
    }
    return true;
  }

  bool halve() {
    while (good_ && bad_ && gap() > tolerance()) {
      if (!probe(std::min(*good_, *bad_) + gap() / 2)) return false;
    }
    return true;
  }

  bool probe(std::uint64_t value) {
    std::optional<Probe> found = run_(value);
    if (!found) return false;
    (found->meets ? good_ : bad_) = value;
    result_.probes.push_back(*std::move(found));
    return true;
  }

  std::uint64_t gap() const { return std::max(*good_, *bad_) - std::min(*good_, *bad_); }
  std::uint64_t tolerance() const {
    return std::max<std::uint64_t>(1, std::min(*good_, *bad_) / 200);
  }

  const Search& search_;
  const RunProbe& run_;
  PlanResult result_;
  std::optional<std::uint64_t> good_;
  std::optional<std::uint64_t> bad_;
};

// The next value with more room; the same one at the end.
std::uint64_t roomier(const Search& search, std::uint64_t value) {
  const std::uint64_t step = std::max<std::uint64_t>(1, value / 10);
  return search.fewest ? std::min(search.most, value + step)
                       : value - std::min(step, value - search.least);
}

// That of the result, or a new one that is put there.
std::optional<Probe> probe_at(std::uint64_t value, const RunProbe& run, PlanResult& result) {
  if (const Probe* known = result.find(value)) return *known;
  std::optional<Probe> probe = run(value);
  if (probe) {
    result.probes.insert(std::ranges::lower_bound(result.probes, value, {}, &Probe::value), *probe);
  }
  return probe;
}

// More workers make times shorter and more load makes them longer: a lower bound has no answer.
bool faces_the_wrong_way(const Objective& objective) {
  if (objective.metric.unit == Metric::Unit::seconds) return !objective.at_most;
  return objective.metric.figure == "success" && objective.at_most;
}

}  // namespace

bool Objective::is_met_by(const std::optional<Figure>& figure) const {
  if (!figure) return false;
  const Interval range = figure->interval.value_or(Interval{figure->value, figure->value});
  return at_most ? range.high <= bound : range.low >= bound;
}

std::expected<Objective, std::string> parse_objective(std::string_view text,
                                                      std::string_view load) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos || at == 0) {
    return Error("--slo takes an objective such as 'p99<200ms' or 'success>99.9%', not '" +
                 std::string(text) + "'");
  }
  const std::string name = full_name(trimmed(text.substr(0, at)), load);
  std::string_view bound = text.substr(at + 1);
  if (bound.starts_with('=')) bound.remove_prefix(1);
  const auto metric = parse_metric(name);
  if (!metric) return Error("--slo " + std::string(text) + ": " + metric.error().message);
  const auto value = parse_bound(trimmed(bound), metric->unit);
  if (!value) return Error("--slo " + std::string(text) + ": " + value.error().message);
  const Objective objective{.metric = *metric, .at_most = text[at] == '<', .bound = *value};
  if (faces_the_wrong_way(objective)) {
    return Error("--slo " + std::string(text) + ": " + name + " is bounded from " +
                 (objective.at_most ? "below, with '>'" : "above, with '<'"));
  }
  return objective;
}

const Probe* PlanResult::find(std::uint64_t value) const {
  const auto found = std::ranges::find(probes, value, &Probe::value);
  return found == probes.end() ? nullptr : &*found;
}

PlanResult search_plan(const Search& search, const RunProbe& run) {
  return Searcher(search, run).search();
}

void find_knee(const Search& search, const RunProbe& run, PlanResult& result) {
  if (!result.answer) return;
  Probe now = *result.find(*result.answer);
  for (int steps = 0; steps < 8; ++steps) {
    const std::uint64_t value = roomier(search, now.value);
    if (value == now.value || !now.figure) return;
    auto next = probe_at(value, run, result);
    if (!next || !next->figure) return;
    if (std::abs(now.figure->value - next->figure->value) < 0.1 * std::abs(now.figure->value)) {
      result.knee = now.value;
      return;
    }
    now = *std::move(next);
  }
}

}  // namespace weir::sim
