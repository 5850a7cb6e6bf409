// Where a shape of tasks is run: on processors in real time, or in virtual time.
//
// Each benchmark takes one argument: the number of processors, 0 for virtual time. The shapes are
// those of the Go programs that weir is measured against, so that figures can be set side by side.

#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <utility>

#include "weir/runtime/run.h"

namespace weir {

inline constexpr int virtual_time = 0;

// Runs `root` once where `state` says.
template <class T>
T run_shape(const benchmark::State& state, Task<T> root) {
  const auto processors = static_cast<int>(state.range(0));
  if (processors == virtual_time) return run_virtual(std::move(root));
  return run(std::move(root), {.processors = processors});
}

// Runs make(count) as often as the benchmark asks and reports the time for one of `count` items.
// What it takes to start and end a run is part of it: choose `count` large.
template <class Make>
void measure(benchmark::State& state, Make make) {
  const auto count = static_cast<int>(state.range(1));
  for (auto _ : state) run_shape(state, make(count));
  state.SetItemsProcessed(state.iterations() * count);
  state.counters["time/item"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * count,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Registers a shape on one and two processors and in virtual time, `count` items each.
inline void everywhere(benchmark::internal::Benchmark* shape, int count) {
  shape->ArgNames({"processors", "count"})->UseRealTime()->Unit(benchmark::kMillisecond);
  for (const int processors : {1, 2, virtual_time}) shape->Args({processors, count});
}

}  // namespace weir
