// What it costs to block: a call on another thread, and a region in place that nothing waits for.
// Not measured: what the call itself does.

#include "bench/shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

Task<> call(int count) {
  for (int i = 0; i < count; ++i) co_await blocking([] {});
}

Task<> mark(int count) {
  for (int i = 0; i < count; ++i) {
    const BlockingRegion region;
    benchmark::ClobberMemory();
  }
  co_return;
}

// Another task is always ready: the monitor is called, but the regions are too short for it.
Task<> mark_before_others(int count) {
  bool over = false;
  const TaskHandle other = go(
      [](bool& stop) -> Task<> {
        while (!stop) co_await yield();
      },
      std::ref(over));
  for (int i = 0; i < count; ++i) {
    {
      const BlockingRegion region;
      benchmark::ClobberMemory();
    }
    if (i % 64 == 0) co_await yield();
  }
  over = true;
  co_await other.join();
}

void BlockingCall(benchmark::State& state) {
  measure(state, call);
}
BENCHMARK(BlockingCall)->Apply([](auto* shape) { everywhere(shape, 10'000); });

void Region(benchmark::State& state) {
  measure(state, mark);
}
BENCHMARK(Region)->Apply([](auto* shape) { everywhere(shape, 1'000'000); });

void RegionBeforeOthers(benchmark::State& state) {
  measure(state, mark_before_others);
}
BENCHMARK(RegionBeforeOthers)->Apply([](auto* shape) { everywhere(shape, 1'000'000); });

}  // namespace
}  // namespace weir
