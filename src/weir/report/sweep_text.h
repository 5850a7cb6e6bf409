// A sweep for people: points in rows, the figures asked for in columns.

#pragma once

#include <string>

#include "weir/report/text.h"
#include "weir/sim/sweep_result.h"

namespace weir::report {

// The table, notes said once each with the number of points they hold for, and hypotheses. Ends
// with a newline.
std::string sweep_text(const sim::SweepResult& result, const TextOptions& options = {});

// Points as rows for a spreadsheet: the axes, then for each metric its value and the ends of its 95
// % interval, in seconds, per second or as shares; empty where there is none.
std::string sweep_csv(const sim::SweepResult& result);

}  // namespace weir::report
