// One figure of a record, replication by replication: what intervals and paired differences are
// made of.

#pragma once

#include <vector>

#include "weir/sim/metric.h"
#include "weir/sim/result.h"

namespace weir::sim {

// Whether replications give the figure an interval: means, quantiles, shares, rates and time
// averages have one; counts and extremes are what they are.
bool has_interval(const Metric& metric);

// One value of each replication, or of each batch of a single one that was cut up. Empty if one of
// them cannot support the figure, or the record has no such load or worker, or the figure has no
// interval.
std::vector<double> metric_series(const RunRecord& record, const Metric& metric);

}  // namespace weir::sim
