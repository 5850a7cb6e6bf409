// The lines with which every report opens and what it says of notes and expectations.

#pragma once

#include <string>
#include <vector>

#include "weir/sim/scenario.h"
#include "weir/sim/summary.h"

namespace weir::report {

// What was simulated: the loads, open or closed, the workers, and how long. Two lines.
std::string setting_text(const sim::Scenario& scenario, const sim::RunSummary& summary);

// "✓ all 3 expectations hold"; says first if the run is invalid or incomplete. Empty if nothing
// was expected and nothing is wrong. One line.
std::string verdict_text(const sim::RunSummary& summary, bool colour);

// Each a line that begins with a mark.
std::string notes_text(const std::vector<sim::Note>& notes, bool colour);

// What the generator, the timers and the processors did; empty if the run was not in real time.
std::string real_text(const sim::RunSummary& summary);

// Each verdict a line: the figure and its bounds.
std::string expectations_text(const std::vector<sim::Verdict>& verdicts, bool colour);

}  // namespace weir::report
