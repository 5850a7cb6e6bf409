// How many workers an objective takes, or how much load it bears: a search over one number.
//
// Every probe runs the scenario with the same random numbers, so that a neighbour differs by what
// was changed and by nothing else. A value meets the objective if the end of the 95 % interval
// does, not if the point figure does. That more workers never make it worse (and more load never
// better) is taken for granted: the search halves. The road not taken is a formula: none knows the
// p99 of a policy with a line each, and where one does the search agrees with it.

#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/interval.h"
#include "weir/sim/metric.h"

namespace weir::sim {

// A service level objective: "p99<200ms", "success>99.9%", "web.wait.mean<=10ms".
struct Objective {
  Metric metric{};
  bool at_most = true;
  double bound = 0;  // in the unit of the metric

  // With the whole interval; the figure itself where it has none.
  bool is_met_by(const std::optional<Figure>& figure) const;

  bool operator==(const Objective&) const = default;
};

// A short name means the load's: p99 is LOAD.response.p99. The error is one line.
std::expected<Objective, std::string> parse_objective(std::string_view text, std::string_view load);

struct Probe {
  std::uint64_t value = 0;
  std::optional<Figure> figure{};
  double busy = 0;               // mean utilisation of all workers
  std::vector<double> groups{};  // the same of each group, in the scenario's order
  bool valid = true;             // whether the run can be trusted; if not, nothing is met
  bool overloaded = false;       // lines grow for as long as it runs; then nothing is met
  bool meets = false;
};

struct Search {
  bool fewest = true;       // else the greatest value that meets it
  std::uint64_t least = 1;  // of the values that are tried
  std::uint64_t most = 1;
  std::uint64_t start = 1;  // where to begin; within them
};

struct PlanResult {
  std::optional<std::uint64_t> answer{};
  std::optional<std::uint64_t> knee{};
  std::vector<Probe> probes{};  // by value; each value once
  bool complete = true;         // false: the user had enough, and no answer is known

  const Probe* find(std::uint64_t value) const;
};

// Nothing: the user has had enough.
using RunProbe = std::function<std::optional<Probe>(std::uint64_t)>;

// Doubles away from the start until the answer is between two probes, then halves. The neighbours
// of the answer that are worse are among the probes. Between values of more than 200 it is content
// with half a percent. Incomplete, with the probes so far, when a probe was nothing.
PlanResult search_plan(const Search& search, const RunProbe& run);

// Goes on from the answer, if there is one, towards more room in steps of a tenth (of one worker at
// least), eight at most, until the next step changes the figure by less than a tenth: that is the
// knee, where the curve bends.
void find_knee(const Search& search, const RunProbe& run, PlanResult& result);

}  // namespace weir::sim
