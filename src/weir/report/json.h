// Results for programs: the schemas weir-run/1 and weir-compare/1, as docs/laboratory.md has them.
//
// Equal summaries give equal bytes: keys stand in the order of the schema, numbers in the shortest
// form that reads back to the same value. Times are in seconds. Where the data cannot support a
// figure there is a null.

#pragma once

#include <string>

#include "weir/sim/comparison.h"
#include "weir/sim/summary.h"

namespace weir::report {

// Indented, with a newline at the end.
std::string run_json(const sim::RunSummary& summary);
std::string comparison_json(const sim::PolicyComparison& comparison);

}  // namespace weir::report
