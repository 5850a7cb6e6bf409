// Results as rows for a spreadsheet, in the form of RFC 4180 with plain line feeds.
//
// Numbers are as in the JSON: seconds, rates per second, shares from 0 to 1, in the shortest form
// that reads back to the same value. Where there is no figure the cell is empty.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "weir/sim/comparison.h"
#include "weir/sim/summary.h"

namespace weir::report {

// One line with its newline; cells are quoted where they must be.
std::string csv_row(const std::vector<std::string>& cells);

// Value, low and high end.
void append_figure(std::vector<std::string>& row, const std::optional<sim::Figure>& figure);

// A row for each figure of each load, group of workers and the balancer: policy, metric, value,
// low, high.
std::string run_csv(const sim::RunSummary& summary);
std::string comparison_csv(const sim::PolicyComparison& comparison);

}  // namespace weir::report
