// An item through one channel: one producer and one consumer with a buffer, and four of each with
// and without.
// Not measured: what items cost to make or to move; they are numbers.

#include <array>

#include "bench/shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

constexpr std::size_t buffered = 128;

Task<> produce(Sender<int> out, int count) {
  for (int i = 0; i < count; ++i) co_await out.send(i);
}

Task<> consume(Receiver<int> in, long& sum) {
  while (auto value = co_await in.receive()) sum += *value;
}

Task<> one_to_one(int count) {
  auto items = make_channel<int>(buffered);
  long sum = 0;
  WaitGroup consumer;
  consumer.go(consume(items, sum));
  co_await produce(items, count);
  items.close();
  co_await consumer.wait();
  benchmark::DoNotOptimize(sum);
}

Task<> many_to_many(int count, std::size_t capacity) {
  constexpr int sides = 4;
  auto items = make_channel<int>(capacity);
  std::array<long, sides> sums = {};
  WaitGroup consumers;
  WaitGroup producers;
  for (long& sum : sums) consumers.go(consume(items, sum));
  for (int i = 0; i < sides; ++i) producers.go(produce(items, count / sides));
  co_await producers.wait();
  items.close();
  co_await consumers.wait();
  benchmark::DoNotOptimize(sums);
}

void OneToOne(benchmark::State& state) {
  measure(state, one_to_one);
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
