// Items through channels: ping-pong, queues, select.

#include <array>

#include "bench/peers/weir/shapes.h"

namespace weir::peers {
namespace {

constexpr int sides = 4;

Task<> echo(Receiver<int> in, Sender<int> out) {
  while (auto value = co_await in.receive()) co_await out.send(*value);
}

Task<> produce(Sender<int> out, int count) {
  for (int i = 0; i < count; ++i) co_await out.send(i);
}

Task<> consume(Receiver<int> in, std::int64_t& sum) {
  while (auto value = co_await in.receive()) sum += *value;
}

}  // namespace

Task<Figure> ping_pong(Size size) {
  const int count = scaled(1'000'000, size);
  const Stopwatch watch;
  auto ping = make_channel<int>();
  auto pong = make_channel<int>();
  go(echo(ping, pong));
  std::int64_t sum = 0;
  for (int i = 0; i < count; ++i) {
    co_await ping.send(i);
    const auto value = co_await pong.receive();
    sum += *value;
  }
  ping.close();
  co_return Figure{watch.per_item(count), sum};
}

Task<Figure> one_to_one(Size size) {
  const int count = scaled(5'000'000, size);
  const Stopwatch watch;
  auto items = make_channel<int>(buffered);
  std::int64_t sum = 0;
  const TaskHandle consumer = go(consume(items, sum));
  co_await produce(items, count);
  items.close();
  co_await consumer.join();
  co_return Figure{watch.per_item(count), sum};
}

Task<Figure> many_to_many(Size size, std::size_t capacity) {
  const int count = scaled(4'000'000, size);
  const Stopwatch watch;
  auto items = make_channel<int>(capacity);
  std::array<std::int64_t, sides> sums = {};
  WaitGroup consumers;
  WaitGroup producers;
  for (std::int64_t& sum : sums) {
    consumers.go(consume(items, sum));
    producers.go(produce(items, count / sides));
  }
  co_await producers.wait();
  items.close();
  co_await consumers.wait();
  std::int64_t all = 0;
  for (const std::int64_t sum : sums) all += sum;
  co_return Figure{watch.per_item(count), all};
}

Task<Figure> select_of_four(Size size, std::size_t capacity) {
  const int count = scaled(2'000'000, size);
  const Stopwatch watch;
  std::array<Channel<int>, sides> channels;
  for (auto& channel : channels) {
    channel = make_channel<int>(capacity);
    go(produce(channel, count / sides));
  }
  auto first = receive_from(channels[0]);
  auto second = receive_from(channels[1]);
  auto third = receive_from(channels[2]);
  auto fourth = receive_from(channels[3]);
  std::int64_t sum = 0;
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
  co_return Figure{watch.per_item(count), sum};
}

namespace {

Task<> pass_on(Receiver<std::uint64_t> tasks, Sender<std::uint64_t> results) {
  while (auto task = co_await tasks.receive()) co_await results.send(*task);
}

Task<> feed(Channel<std::uint64_t> tasks, Channel<std::uint64_t> results, int count) {
  WaitGroup workers;
  for (int i = 0; i < 2; ++i) workers.go(pass_on(tasks, results));
  for (int i = 0; i < count; ++i) co_await tasks.send(static_cast<std::uint64_t>(i));
  tasks.close();
  co_await workers.wait();
  results.close();
}

}  // namespace

Task<Figure> worker_pool(Size size) {
  const int count = scaled(2'000'000, size);
  const Stopwatch watch;
  auto tasks = make_channel<std::uint64_t>(buffered);
  auto results = make_channel<std::uint64_t>(buffered);
  go(feed(tasks, results, count));
  std::uint64_t sum = 0;
  while (auto result = co_await results.receive()) sum += *result;
  co_return Figure{watch.per_item(count), static_cast<std::int64_t>(sum)};
}

}  // namespace weir::peers
