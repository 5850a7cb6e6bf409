#include "weir/sim/hypothesis.h"

#include <algorithm>
#include <array>
#include <span>

#include "weir/base/text.h"
#include "weir/sim/statistics.h"
#include "weir/sim/value_range.h"

namespace weir::sim {
namespace {

using Relation = Condition::Relation;
using Error = std::unexpected<ParseError>;

struct Spelled {
  std::string_view text;
  Relation relation;
};

// Longer ones first.
constexpr std::array relations = {
    Spelled{"<=", Relation::at_most}, Spelled{">=", Relation::at_least},
    Spelled{"==", Relation::equal},   Spelled{"!=", Relation::unequal},
    Spelled{"<", Relation::less},     Spelled{">", Relation::greater},
    Spelled{"=", Relation::equal},
};

// The parts between `separator`s outside of brackets.
std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i + separator.size() <= text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && depth > 0) --depth;
    if (depth > 0 || text.substr(i, separator.size()) != separator) continue;
    parts.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + separator.size();
    i = begin - 1;
  }
  parts.push_back(trimmed(text.substr(begin)));
  return parts;
}

std::expected<Condition, ParseError> parse_condition(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const Spelled& each : relations) {
      if (!text.substr(at).starts_with(each.text)) continue;
      const std::string_view axis = trimmed(text.substr(0, at));
      std::string_view value = trimmed(text.substr(at + each.text.size()));
      if (axis.empty() || value.empty()) break;
      if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) {
        value = value.substr(1, value.size() - 2);
      }
      return Condition{std::string(axis), each.relation, std::string(value)};
    }
  }
  return Error({"'" + std::string(text) + "' is no condition; write rate >= 800", 1});
}

bool related(Relation relation, auto left, auto right) {
  switch (relation) {
    case Relation::less:
      return left < right;
    case Relation::at_most:
      return left <= right;
    case Relation::greater:
      return left > right;
    case Relation::at_least:
      return left >= right;
    case Relation::equal:
      return left == right;
    case Relation::unequal:
      return left != right;
  }
  return false;
}

// Those of the first replications that both have.
HypothesisCase judge_pair(const PairedFigures& pair, std::size_t comparisons) {
  HypothesisCase result{.lesser = pair.lesser, .greater = pair.greater, .place = pair.place};
  const std::size_t common = std::min(pair.lesser_values.size(), pair.greater_values.size());
  const auto difference =
      paired_difference(std::span(pair.greater_values).first(common),
                        std::span(pair.lesser_values).first(common), {.comparisons = comparisons});
  if (!difference) return result;
  result.change = difference->change;
  result.interval = Interval{difference->low, difference->high};
  result.holds = difference->significant && difference->change < 0;
  return result;
}

}  // namespace

bool Condition::holds(std::string_view other) const {
  const auto left = number_in(other);
  const auto right = number_in(value);
  if (left && right) return related(relation, *left, *right);
  if (relation == Relation::equal) return other == value;
  return relation == Relation::unequal && other != value;
}

std::expected<std::vector<std::string>, ParseError> parse_ordering(std::string_view text) {
  const bool rising = text.find('<') != std::string_view::npos;
  const auto parts = split(text, rising ? "<" : ">");
  std::vector<std::string> names(parts.begin(), parts.end());
  const auto wrong = [](const std::string& name) {
    return name.empty() || name.find_first_of("<>=") == 0 ||
           name.find_first_of("<>") != std::string::npos;
  };
  if (names.size() < 2 || std::ranges::any_of(names, wrong)) {
    return Error({"'" + std::string(text) + "' is no ordering; write p2c < random", 1});
  }
  if (!rising) std::ranges::reverse(names);
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) {
      return Error({"'" + *name + "' stands on both sides", 1});
    }
  }
  return names;
}

std::expected<std::vector<Condition>, ParseError> parse_conditions(std::string_view text) {
  std::vector<Condition> conditions;
  for (const std::string_view part : split(text, " and ")) {
    auto condition = parse_condition(part);
    if (!condition) return Error(condition.error());
    conditions.push_back(*std::move(condition));
  }
  return conditions;
}

HypothesisVerdict judge(const Hypothesis& hypothesis, const std::vector<PairedFigures>& pairs,
                        std::size_t comparisons) {
  HypothesisVerdict verdict{.hypothesis = hypothesis};
  for (const PairedFigures& pair : pairs) verdict.cases.push_back(judge_pair(pair, comparisons));
  verdict.judged = !pairs.empty();
  verdict.pass = verdict.judged && std::ranges::all_of(verdict.cases, &HypothesisCase::holds);
  return verdict;
}

}  // namespace weir::sim
