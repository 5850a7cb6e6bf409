// What theory says of a scenario before it is run: how much work is offered, and the figures that
// follow from it where a formula is known.
//
// A formula is named together with what it takes for granted, and nothing is guessed: a scenario
// with one feature that its formula leaves out (a timeout that bites, a fault, a stale view) gets
// no figure but the reason.

#pragma once

#include <string>
#include <vector>

#include "weir/sim/metric.h"

namespace weir::sim {

struct Scenario;

// The work of all open loads, as a share of what the workers can do, over a stretch of the run.
struct OfferedLoad {
  double begin_s = 0;
  double end_s = 0;
  double low = 0;  // least and greatest within the stretch; equal where the rate is level
  double high = 0;
};

struct Prediction {
  enum class Relation { equal, about, at_most, at_least };

  Metric metric{};
  Relation relation = Relation::equal;
  double value = 0;       // in the unit of the metric
  std::string formula{};  // "M/M/c (Erlang 1917): Poisson arrivals, exponential service, one line"
};

struct Predictions {
  std::vector<OfferedLoad> offered{};  // one for each level; empty if no load is open
  std::vector<Prediction> figures{};
  std::string none{};  // why there are no figures; empty if there are

  // Some lines for people, the last with its newline.
  std::string text() const;
};

Predictions predictions(const Scenario& scenario);

}  // namespace weir::sim
