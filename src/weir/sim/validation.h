// Whether the laboratory measures what theory says: scenarios with exact answers, as anybody would
// write them, and the judgement on what came out.
//
// The real engine runs them, no special model: if a balancer, a queue, a sampler, a clock or a
// figure is wrong by a few percent, a row fails. A row passes when it lies within four standard
// errors of the exact value and the standard error is small enough for that to mean something: a
// sloppy measurement fails as a wrong one does. By chance a right row fails once in 10,000 times:
// each has a hundred replications, so Student's t is nearly normal.
//
// The cases stand in validation_*.cpp, a table for each kind of system. Run lengths come from the
// asymptotic variance of the queue (Whitt 1989), which is why loads are low to moderate.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/result.h"
#include "weir/sim/validation_row.h"

namespace weir::sim {

// A figure of the result and what it must be.
struct ExactFigure {
  std::string_view figure{};  // of measured_figure()
  double exact = 0;
  double error_max = 0.01;  // of the standard error, relative to `exact`
};

// One scenario and all that theory knows of it.
struct ValidationCase {
  std::string_view family{};    // "M/M/c"
  std::string name{};           // "10 servers at 0.8"
  std::string_view scenario{};  // TOML, without what case_scenario() adds
  double window_s = 10'000;     // of each replication
  double warmup_s = 500;        // before it; 0: from the empty system, and all of it counts
  std::uint32_t replications = 100;
  std::vector<ExactFigure> figures{};
};

// All of them, in the order of the report; cases of one family stand together. Cost: some ten
// milliseconds, for the exact values.
std::vector<ValidationCase> validation_cases();

// The whole scenario. Its seed comes from `seed` and the names of the case, so that what one case
// draws hangs on no other.
std::string case_scenario(const ValidationCase& validation, std::uint64_t seed);

// A row for each figure of the case. Requires: the record is of its scenario, whole.
std::vector<ValidationRow> judge(const ValidationCase& validation, const RunRecord& record);

// A figure of the record with its standard error. Names are those of metric.h, of figures that
// replications can carry an interval for, and besides:
//   LOAD.wait.sd      standard deviation of the wait (also response.sd, service.sd)
//   LOAD.loss         share of the requests that were refused
//   LOAD.failure      share of the requests whose last attempt failed
//   LOAD.unserved     share of the requests that no worker answered, in time or late
//   LOAD.attempts_each, LOAD.hedges_each   per request
//   LOAD.in_flight    requests without an outcome at the end, per replication
//   in_flight         in the whole system, waiting or served: time average
struct MeasuredFigure {
  double value = 0;
  double error = 0;
};
MeasuredFigure measured_figure(const RunRecord& record, std::string_view figure);

}  // namespace weir::sim
