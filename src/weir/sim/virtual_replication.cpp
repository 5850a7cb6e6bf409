#include "weir/sim/virtual_replication.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "weir/base/sequence_hash.h"
#include "weir/runtime/run.h"

namespace weir::sim {
namespace {

// The processors that a replication needs: one for each slot that computes, and one for all the
// others.
int virtual_processors(const Scenario& scenario) {
  std::uint64_t slots = 1;
  for (const Workers& group : scenario.workers) {
    if (group.work == Workers::Work::cpu) slots += std::uint64_t{group.count} * group.concurrency;
  }
  return static_cast<int>(slots);
}

// Kept in memory by a trace until the end, of all processors.
std::size_t traced_slices(int processors) {
  constexpr std::size_t all = std::size_t{1} << 22;
  return std::clamp<std::size_t>(all / static_cast<std::size_t>(processors), 1 << 10, 1 << 17);
}

}  // namespace

SimulationResult simulate_virtually(const Experiment& experiment, SimulationOptions options,
                                    std::string_view trace_file) {
  VirtualOptions virtual_options;
  virtual_options.seed = experiment.scenario.seed;
  virtual_options.replication = options.number;
  virtual_options.processors = virtual_processors(experiment.scenario);
  virtual_options.trace_file = trace_file;
  virtual_options.trace_slices_max = traced_slices(virtual_options.processors);
  virtual_options.on_leak = OnLeak::fail;  // Every task of a replication ends, or weir has a bug.
  std::uint64_t steps = 0;
  SimulationResult result =
      run_virtual(simulate(experiment, std::move(options)), virtual_options, &steps);
  SequenceHash with_steps(result.record.hash);
  with_steps.add(steps);
  result.record.hash = with_steps.value();
  return result;
}

}  // namespace weir::sim
