// A round trip between two tasks over two channels without buffer.
// Not measured: channels that many tasks share; see channel_bench.

#include "bench/shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

Task<> echo(Receiver<int> in, Sender<int> out) {
  while (auto value = co_await in.receive()) co_await out.send(*value);
}

Task<> ping_pong(int count) {
  auto ping = make_channel<int>();
  auto pong = make_channel<int>();
  go(echo(ping, pong));
  for (int i = 0; i < count; ++i) {
    co_await ping.send(i);
    co_await pong.receive();
  }
  ping.close();
}

void PingPong(benchmark::State& state) {
  measure(state, ping_pong);
}
BENCHMARK(PingPong)->Apply([](auto* shape) { everywhere(shape, 500'000); });

}  // namespace
}  // namespace weir
