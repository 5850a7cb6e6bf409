// An item through one channel: one producer and one consumer with a buffer, and four of each with
// and without.
// Not measured: what items cost to make or to move; they are numbers.

#include "bench/shapes.h"
#include "weir/cli/bench_shapes.h"

namespace weir {
namespace {

using namespace cli::shape;

void OneToOne(benchmark::State& state) {
  measure(state, [](int count) { return one_to_one(count, buffered); });
}
BENCHMARK(OneToOne)->Apply([](auto* shape) { everywhere(shape, 2'000'000); });

void ManyToMany(benchmark::State& state) {
  measure(state, [](int count) { return many_to_many(count, buffered); });
}
BENCHMARK(ManyToMany)->Apply([](auto* shape) { everywhere(shape, 1'000'000); });

void ManyToManyUnbuffered(benchmark::State& state) {
  measure(state, [](int count) { return many_to_many(count, 0); });
}
BENCHMARK(ManyToManyUnbuffered)->Apply([](auto* shape) { everywhere(shape, 500'000); });

}  // namespace
}  // namespace weir
