// An item received by a select over four channels, one producer each, with and without buffer.
// Not measured: selects with timers or contexts.

#include <array>

#include "bench/shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

Task<> produce(Sender<int> out, int count) {
  for (int i = 0; i < count; ++i) co_await out.send(i);
}

Task<> select_of_four(int count, std::size_t capacity) {
  std::array<Channel<int>, 4> channels;
  for (auto& channel : channels) {
    channel = make_channel<int>(capacity);
    go(produce(channel, count / 4));
  }
  auto first = receive_from(channels[0]);
  auto second = receive_from(channels[1]);
  auto third = receive_from(channels[2]);
  auto fourth = receive_from(channels[3]);
  long sum = 0;
  for (int i = 0; i < count; ++i) {
    switch (co_await select(first, second, third, fourth)) {
      case 0:
        sum += *first;
        break;
      case 1:
        sum += *second;
        break;
      case 2:
        sum += *third;
        break;
      default:
        sum += *fourth;
    }
  }
  benchmark::DoNotOptimize(sum);
}

void SelectOfFour(benchmark::State& state) {
  measure(state, [](int count) { return select_of_four(count, 0); });
}
BENCHMARK(SelectOfFour)->Apply([](auto* shape) { everywhere(shape, 500'000); });

void SelectOfFourBuffered(benchmark::State& state) {
  measure(state, [](int count) { return select_of_four(count, 128); });
}
BENCHMARK(SelectOfFourBuffered)->Apply([](auto* shape) { everywhere(shape, 500'000); });

}  // namespace
}  // namespace weir
