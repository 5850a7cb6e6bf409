// A claim that one variant beats another, and what the data say to it:
// compare = "p2c < round_robin", metric = "web.response.p99", where = "rate >= 800".
//
// Variants are policies in a comparison and values of an axis in a sweep. "a < b" holds if the
// paired differences of the metric, replication by replication, lie below 0 beyond chance, after
// Bonferroni's correction for everything that the claim and its fellows look at; in a sweep it has
// to hold at every point that `where` lets in. Not seen is not shown: a claim that the data leave
// open fails.

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/sim/interval.h"
#include "weir/sim/metric.h"

namespace weir::sim {

// One condition on an axis: rate >= 800, policy == p2c.
struct Condition {
  enum class Relation { less, at_most, greater, at_least, equal, unequal };

  std::string axis{};
  Relation relation = Relation::equal;
  std::string value{};

  // Compares the first numbers in the two texts; only == and != where one has none.
  bool holds(std::string_view value) const;

  bool operator==(const Condition&) const = default;
};

struct Hypothesis {
  std::vector<std::string> names{};  // from the least to the greatest: "a < b < c"; two or more
  Metric metric{};
  std::vector<Condition> where{};  // all of them
  std::string text{};              // as written: "p2c < round_robin"
  std::string where_text{};        // as written; empty: everywhere

  bool operator==(const Hypothesis&) const = default;
};

// "a < b < c" or "c > b > a"; commas and brackets of parameters belong to the names.
std::expected<std::vector<std::string>, ParseError> parse_ordering(std::string_view text);

// "rate >= 800 and policy == p2c".
std::expected<std::vector<Condition>, ParseError> parse_conditions(std::string_view text);

// One pair of neighbours in the order, at one place.
struct HypothesisCase {
  std::string lesser{};
  std::string greater{};
  std::string place{};             // "rate=poisson(800/s)"; empty in a comparison
  std::optional<double> change{};  // of the lesser against the greater: -0.12 is 12 % less
  std::optional<Interval> interval{};
  bool holds = false;
};

struct HypothesisVerdict {
  Hypothesis hypothesis{};
  std::vector<HypothesisCase> cases{};
  bool judged = false;  // the variants it names, and a place that it speaks of, were there
  bool pass = false;    // judged, and every case holds

  // Whether the exit code need not speak of it.
  bool holds_or_open() const { return pass || !judged; }
};

// The figures of two variants at one place, replication by replication.
struct PairedFigures {
  std::string lesser{};
  std::string greater{};
  std::string place{};
  std::vector<double> lesser_values{};
  std::vector<double> greater_values{};
};

// Judges one hypothesis by its pairs; `comparisons` is how many pairs all hypotheses have together.
HypothesisVerdict judge(const Hypothesis& hypothesis, const std::vector<PairedFigures>& pairs,
                        std::size_t comparisons);

}  // namespace weir::sim
