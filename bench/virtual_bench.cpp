// Customers a second through the full path in virtual time: channels, balancer, worker tasks and a
// histogram of latencies, on one core.
//
// A fast engine that is wrong is worth nothing, so M/M/1 prints its mean wait with the 95 %
// interval beside the exact value rho / (1 - rho).

#include <benchmark/benchmark.h>

#include <cstdio>
#include <vector>

#include "weir/base/time.h"
#include "weir/cli/bench_scenarios.h"
#include "weir/sim/experiment.h"
#include "weir/sim/statistics.h"

namespace {

using namespace weir;

// One replication after the other, without the first fifth of each; the mean waits of them all.
std::vector<double> replicate(benchmark::State& state, const sim::Experiment& experiment) {
  std::vector<double> waits;
  std::uint64_t customers = 0;
  std::uint32_t number = 0;
  for (auto _ : state) {
    const Duration warmup = *experiment.scenario.horizon.time / 5;
    const auto record = sim::run_replication(experiment, number++, warmup);
    waits.push_back(record.loads[0].latencies.wait.mean() * 1e-9);
    customers += record.loads[0].counts.offered * 5 / 4;
  }
  state.counters["customers"] =
      benchmark::Counter(static_cast<double>(customers), benchmark::Counter::kIsRate);
  return waits;
}

// V2: M/M/1 at 90 % load.
void OneServer(benchmark::State& state) {
  constexpr double rho = 0.9;
  const auto waits = replicate(state, cli::shape::one_server(200000s));
  if (const auto wait = sim::mean_interval(waits)) {
    char text[120];
    std::snprintf(text, sizeof text, "mean wait %.3f [%.3f, %.3f], exact %.3f", wait->value,
                  wait->low, wait->high, rho / (1 - rho));
    state.SetLabel(text);
  }
}
BENCHMARK(OneServer)->Unit(benchmark::kMillisecond);

// V3: ten workers, two choices, a timeout and a retry for each request.
void TenWorkers(benchmark::State& state) {
  replicate(state, cli::shape::ten_workers(20000s));
}
BENCHMARK(TenWorkers)->Unit(benchmark::kMillisecond);

}  // namespace
