// A round trip between two tasks over two channels without buffer.
// Not measured: channels that many tasks share; see channel_bench.

#include "bench/shapes.h"
#include "weir/cli/bench_shapes.h"

namespace weir {
namespace {

void PingPong(benchmark::State& state) {
  measure(state, cli::shape::ping_pong);
}
BENCHMARK(PingPong)->Apply([](auto* shape) { everywhere(shape, 500'000); });

}  // namespace
}  // namespace weir
