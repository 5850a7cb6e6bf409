// Batches of one long run, long enough to be taken for runs of their own.
//
// Replications in real time take real time, so one run is cut up instead: some twenty batches of
// equal length, of which each gives one mean or quantile, and intervals come from how these differ
// (method of batch means, quantiles by sectioning). That holds if batches know little of each
// other. Between 10 and 30 are used (Schmeiser 1982); if the mean responses of neighbours are alike
// (a correlation beyond 0.2), there are half as many, twice as long.

#pragma once

#include <vector>

#include "weir/sim/monitors.h"
#include "weir/sim/recorder.h"
#include "weir/sim/result.h"

namespace weir::sim {

inline constexpr std::size_t batches_least = 10;

// Of the mean responses of neighbouring batches, of the load where it is greatest; 0 if no load has
// a response in each.
double neighbour_correlation(const std::vector<ReplicationRecord>& batches);

// Cuts a run that is over, unless that would give fewer than ten batches. Requires: both have been
// kept for the same window, and monitors.report(end) comes later.
void cut_into_batches(Recorder& recorder, Monitors& monitors, TimePoint end,
                      ReplicationRecord& record);

}  // namespace weir::sim
