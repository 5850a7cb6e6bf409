// An item received by a select over four channels, one producer each, with and without buffer.
// Not measured: selects with timers or contexts.

#include "bench/shapes.h"
#include "weir/cli/bench_shapes.h"

namespace weir {
namespace {

using namespace cli::shape;

void SelectOfFour(benchmark::State& state) {
  measure(state, [](int count) { return select_of_four(count, 0); });
}
BENCHMARK(SelectOfFour)->Apply([](auto* shape) { everywhere(shape, 500'000); });

void SelectOfFourBuffered(benchmark::State& state) {
  measure(state, [](int count) { return select_of_four(count, buffered); });
}
BENCHMARK(SelectOfFourBuffered)->Apply([](auto* shape) { everywhere(shape, 500'000); });

}  // namespace
}  // namespace weir
