// What is said of hypotheses, wherever they were judged.

#pragma once

#include <string>
#include <vector>

#include "weir/sim/hypothesis.h"

namespace weir::report {

// A JSON list: { "compare", "metric", "where", "judged", "pass", "cases": [ { "lesser", "greater",
// "place", "change", "ci95", "holds" } ] }.
std::string hypotheses_json(const std::vector<sim::HypothesisVerdict>& verdicts);

// A line for each hypothesis, and one below it for each case that fails. Empty if there are none.
std::string hypotheses_text(const std::vector<sim::HypothesisVerdict>& verdicts, bool colour);

}  // namespace weir::report
