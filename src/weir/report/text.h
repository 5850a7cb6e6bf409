// Results for people: what came out, whether to trust it, and only as many digits as are known.

#pragma once

#include <string>

#include "weir/sim/comparison.h"
#include "weir/sim/scenario.h"
#include "weir/sim/summary.h"

namespace weir::report {

struct TextOptions {
  bool colour = false;  // escape sequences for a terminal
};

// The report of one policy: verdict and notes, counts and rates, latencies, workers, expectations.
// Ends with a newline.
std::string run_text(const sim::Scenario& scenario, const sim::RunSummary& summary,
                     const TextOptions& options = {});

// One row for each policy, their change against the baseline, and what it comes to in a sentence.
std::string comparison_text(const sim::Scenario& scenario, const sim::PolicyComparison& comparison,
                            const TextOptions& options = {});

// The same for one policy in virtual and in real time, whose records are named "virtual" and
// "real".
std::string modes_text(const sim::Scenario& scenario, const sim::PolicyComparison& comparison,
                       const TextOptions& options);

}  // namespace weir::report
