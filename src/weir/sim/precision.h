// When enough replications have been run: the stop rule of a scenario against what there is so far.
//
// Whoever asks does so after each replication in the order of their numbers, whatever the order in
// which they ended: then the answer, and with it the result, is the same for any number of threads.

#pragma once

#include <cstdint>
#include <optional>

#include "weir/sim/result.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

// Half the width of the 95 % interval of that figure, as a share of the figure. Empty where there
// is no interval, or the figure is 0.
std::optional<double> relative_half_width(const RunRecord& record, const Metric& metric);

// What the half-width must come to: g / (1 + g) of g, so that the error relative to the true value,
// which is not known, is at most g. Source: Law, §9.4.1.
double half_width_target(const StopRule& rule);

// Whether the record has come to the precision asked for. `least` replications must have been run,
// and ten in any case.
bool is_precise(const RunRecord& record, const StopRule& rule, std::uint32_t least);

// How many replications it will take, as far as one can tell from those there are: the half-width
// falls with the root of their number.
std::uint32_t replications_needed(const RunRecord& record, const StopRule& rule,
                                  std::uint32_t least);

}  // namespace weir::sim
