// Memory of a task that is parked on a receive, by what the process grows.
// Not measured: time. The first run of the process counts; later ones find memory to use again.

#include "bench/resident_bytes.h"
#include "bench/shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

Task<> parked(Receiver<int> never) {
  co_await never.receive();
}

Task<> park_all(int count, double& bytes_each) {
  auto never = make_channel<int>();
  WaitGroup all;
  const long before = resident_bytes();
  for (int i = 0; i < count; ++i) {
    all.go(parked(never));
    if (i % 100 == 99) co_await yield();
  }
  co_await yield();
  bytes_each = static_cast<double>(resident_bytes() - before) / count;
  never.close();
  co_await all.wait();
}

void ParkedTask(benchmark::State& state) {
  double bytes_each = 0;
  for (auto _ : state) run_shape(state, park_all(static_cast<int>(state.range(1)), bytes_each));
  state.counters["bytes/task"] = bytes_each;
}
BENCHMARK(ParkedTask)->ArgNames({"processors", "count"})->Args({1, 1'000'000})->Iterations(1);

}  // namespace
}  // namespace weir
