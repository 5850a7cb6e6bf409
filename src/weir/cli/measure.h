// Runs experiments on the processors of this machine while the user looks on, and may stop them.
//
// The first SIGINT or SIGTERM lets what is complete be reported; a second ends the process.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "weir/cli/arguments.h"
#include "weir/sim/experiment.h"

namespace weir::cli {

// On standard error.
enum class Shown {
  nothing,
  progress,
  monitor,  // a line once a second, in real mode with the runtime's figures
};

// What the arguments ask for.
Shown shown(const Arguments& arguments);

struct MeasureOptions {
  int jobs = 0;  // replications side by side; 0: one for each processor
  bool real = false;
  bool batches = false;  // see sim::ExperimentOptions
  Shown shown = Shown::progress;
  std::string trace_file{};  // virtual time: of the first experiment's replication 0; empty: none
  sim::RequestLogs* logs = nullptr;  // see sim::ExperimentOptions
  std::size_t points_before = 0;     // of a sweep that is gone on with
};

// Says what is in store, if that is long: nobody waits for hours unprepared.
void announce_real_time(double seconds, Shown shown);

struct Measured {
  std::vector<sim::RunRecord> records;  // one for each experiment, in order
  int signal = 0;                       // that came meanwhile; 0: none
};

// Throws what run_experiments throws. Not from a task: it starts a runtime of its own.
Measured measure(std::vector<sim::Experiment> experiments, const MeasureOptions& options);

// The points of a sweep. `keep` hears of each as it is complete, one at a time, on a thread of the
// runtime; when it says false, nothing more is run. Gives the signal that came meanwhile, or 0.
int measure_points(std::vector<sim::Experiment> points, const MeasureOptions& options,
                   const std::function<bool(const sim::FinishedPoint&)>& keep);

}  // namespace weir::cli
