// The times of a log as an arrival process.
//
// A log that knows whole seconds only says how many requests came in each, and in which order: they
// are spread over their second as that many uniform numbers fall, in order, so request i stays the
// i-th. They come from the stream of the load's arrivals, keyed by seed and replication and by
// nothing else, so all policies meet the same ones. A finer log is replayed as it is.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weir/sim/arrival_source.h"

namespace weir::sim {

// Nanoseconds from the start of the run, ascending.
using LogTimes = std::shared_ptr<const std::vector<std::int64_t>>;

// At each of those times, or somewhere in the `spread` seconds from there on: requests of one time
// are spread together. Exact to the nanosecond for the first 26 days. Requires: times, and
// different ones no nearer to each other than `spread`.
ArrivalSourcePointer log_arrivals(LogTimes times, double spread);

}  // namespace weir::sim
