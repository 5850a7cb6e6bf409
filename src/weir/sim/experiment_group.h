// Experiments that are measured as one: their warm-up is cut alike, and they stop after the same
// number of replications.
//
// The policies of a comparison are one group, every point of a sweep is one of its own. The task of
// a group starts a replication whenever a slot is free and takes the results in by the order of
// their numbers, all experiments of one number at once; what has been started in vain when the stop
// rule is met is dropped. So nothing in a record depends on how many run side by side.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "weir/sim/experiment.h"
#include "weir/sync/semaphore.h"

namespace weir::sim {

// A step forward, for whoever tells of progress.
struct Advance {
  std::uint32_t parts = 0;     // of parts_of_a_run, of one run
  std::uint32_t finished = 0;  // replications
  std::uint32_t points = 0;    // groups
  std::int64_t planned = 0;    // replications that it will take besides those told before
  std::int64_t pilots = 0;     // the same of runs that find the warm-up
  std::optional<Precision> precision{};
};

inline constexpr std::uint32_t parts_of_a_run = 256;

// What all groups share.
struct Batch {
  const ExperimentOptions& options;
  Context stop;
  Sender<Advance> advances;
  std::uint32_t jobs = 1;         // the permits of `slots`
  std::uint32_t speculation = 1;  // replications started before it is known that they are needed
  Semaphore& slots;
};

// Measures the experiments of a group and gives their records. `traced`: whether replication 0 of
// the first is the one that options.trace_file is of. Requires: everything outlives the task.
Task<std::vector<RunRecord>> run_group(const Batch& batch, std::span<const Experiment> experiments,
                                       bool traced);

// What a group will take at first sight, as progress reckons.
Advance plan_of(std::span<const Experiment> experiments, bool real);

}  // namespace weir::sim
