// Many short tasks: started at once, and as trees.

#include "bench/peers/weir/shapes.h"

namespace weir::peers {
namespace {

Task<> nothing() {
  co_return;
}

// A node of skynet: the sum of `size` numbers from `first` on, gathered by ten nodes below.
Task<> node(Sender<std::int64_t> out, std::int64_t first, std::int64_t size) {
  if (size == 1) {
    co_await out.send(first);
    co_return;
  }
  auto below = make_channel<std::int64_t>();
  for (int i = 0; i < 10; ++i) go(node(below, first + i * size / 10, size / 10));
  std::int64_t sum = 0;
  for (int i = 0; i < 10; ++i) {
    const auto value = co_await below.receive();
    sum += *value;
  }
  co_await out.send(sum);
}

std::int64_t serial_fibonacci(int n) {
  if (n < 2) return n;
  return serial_fibonacci(n - 1) + serial_fibonacci(n - 2);
}

constexpr int cutoff = 10;  // below it a node of the tree is computed without tasks

Task<> parallel_fibonacci(int n, std::int64_t& result) {
  if (n < cutoff) {
    result = serial_fibonacci(n);
    co_return;
  }
  std::int64_t left = 0;
  std::int64_t right = 0;
  const TaskHandle task = go(parallel_fibonacci(n - 1, left));
  co_await parallel_fibonacci(n - 2, right);
  co_await task.join();
  result = left + right;
}

}  // namespace

Task<Figure> spawn(Size size) {
  const int count = scaled(1'000'000, size);
  const Stopwatch watch;
  WaitGroup all;
  for (int i = 0; i < count; ++i) all.go(nothing());
  co_await all.wait();
  co_return Figure{watch.per_item(count), count};
}

Task<Figure> skynet(Size size) {
  const std::int64_t leaves = size == Size::quick ? 10'000 : 1'000'000;
  const Stopwatch watch;
  auto result = make_channel<std::int64_t>();
  go(node(result, 0, leaves));
  const auto sum = co_await result.receive();
  co_return Figure{watch.nanoseconds() / 1e6, *sum};
}

Task<Figure> fibonacci(Size size) {
  const Stopwatch watch;
  std::int64_t result = 0;
  co_await parallel_fibonacci(size == Size::quick ? 28 : 38, result);
  co_return Figure{watch.nanoseconds() / 1e6, result};
}

}  // namespace weir::peers
