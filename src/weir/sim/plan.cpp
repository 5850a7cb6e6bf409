#include "weir/sim/plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

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

std::string full_name(std::string_view name, std::string_view load) {
  if (name.find('.') != std::string_view::npos) return std::string(name);
  constexpr std::array<std::string_view, 8> times = {"mean", "p50",  "p90", "p95",
                                                     "p99",  "p999", "max", "sd"};
  const bool is_time = std::ranges::find(times, name) != times.end();
  return std::string(load) + (is_time ? ".response." : ".") + std::string(name);
}

// One search, with what it has learnt.
class Searcher {
 public:
  Searcher(const Search& search, const RunProbe& run) : search_(search), run_(run) {}

  std::optional<PlanResult> search() {
    if (!bracket()) return std::nullopt;
    while (good_ && bad_ && gap() > tolerance()) {
      const std::uint64_t middle = std::min(*good_, *bad_) + gap() / 2;
      if (!probe(middle)) return std::nullopt;
    }
    result_.answer = good_;
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
  return Objective{.metric = *metric, .at_most = text[at] == '<', .bound = *value};
}

const Probe* PlanResult::find(std::uint64_t value) const {
  const auto found = std::ranges::find(probes, value, &Probe::value);
  return found == probes.end() ? nullptr : &*found;
}

std::optional<PlanResult> search_plan(const Search& search, const RunProbe& run) {
  return Searcher(search, run).search();
}

}  // namespace weir::sim
