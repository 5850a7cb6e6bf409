// What a task costs from go to its end: many at once, and one at a time.
// Not measured: what tasks do.

#include "bench/shapes.h"
#include "weir/cli/bench_shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

Task<> send_once(Channel<int> out) {
  co_await out.send(1);
}

Task<> spawn_one_by_one(int count) {
  auto done = make_channel<int>();
  for (int i = 0; i < count; ++i) {
    go(send_once(done));
    co_await done.receive();
  }
}

void Spawn(benchmark::State& state) {
  measure(state, cli::shape::spawn);
}
BENCHMARK(Spawn)->Apply([](auto* shape) { everywhere(shape, 1'000'000); });

void SpawnOneByOne(benchmark::State& state) {
  measure(state, spawn_one_by_one);
}
BENCHMARK(SpawnOneByOne)->Apply([](auto* shape) { everywhere(shape, 200'000); });

}  // namespace
}  // namespace weir
