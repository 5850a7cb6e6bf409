#include "weir/cli/bench_shapes.h"

#include <array>

#include "weir/pool/worker_pool.h"
#include "weir/runtime/go.h"
#include "weir/sync/channel.h"
#include "weir/sync/select.h"
#include "weir/sync/wait_group.h"

namespace weir::cli::shape {
namespace {

Task<> nothing() {
  co_return;
}

Task<> echo(Receiver<int> in, Sender<int> out) {
  while (auto value = co_await in.receive()) co_await out.send(*value);
}

// The numbers from `first` up to `end`.
Task<> produce(Sender<int> out, int first, int end) {
  for (int i = first; i < end; ++i) co_await out.send(i);
}

Task<> consume(Receiver<int> in, std::int64_t& sum) {
  while (auto value = co_await in.receive()) sum += *value;
}

Task<> submit_all(pool::WorkerPool<std::int64_t, std::int64_t>& pool, int count) {
  for (std::int64_t i = 0; i < count; ++i) co_await pool.submit(background(), i);
  pool.close();
}

}  // namespace

Task<std::int64_t> spawn(int count) {
  WaitGroup all;
  for (int i = 0; i < count; ++i) all.go(nothing());
  co_await all.wait();
  co_return count;
}

Task<std::int64_t> ping_pong(int count) {
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
  co_return sum;
}

Task<std::int64_t> one_to_one(int count, std::size_t capacity) {
  auto items = make_channel<int>(capacity);
  std::int64_t sum = 0;
  WaitGroup consumer;
  consumer.go(consume(items, sum));
  co_await produce(items, 0, count);
  items.close();
  co_await consumer.wait();
  co_return sum;
}

Task<std::int64_t> many_to_many(int count, std::size_t capacity) {
  auto items = make_channel<int>(capacity);
  std::array<std::int64_t, sides> sums = {};
  WaitGroup consumers;
  WaitGroup producers;
  const int each = count / sides;
  for (std::int64_t& sum : sums) consumers.go(consume(items, sum));
  for (int i = 0; i < sides; ++i) producers.go(produce(items, i * each, (i + 1) * each));
  co_await producers.wait();
  items.close();
  co_await consumers.wait();
  std::int64_t all = 0;
  for (const std::int64_t sum : sums) all += sum;
  co_return all;
}

Task<std::int64_t> select_of_four(int count, std::size_t capacity) {
  std::array<Channel<int>, sides> channels;
  const int each = count / sides;
  for (int i = 0; i < sides; ++i) {
    Channel<int>& channel = channels[static_cast<std::size_t>(i)];
    channel = make_channel<int>(capacity);
    go(produce(channel, i * each, (i + 1) * each));
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
  co_return sum;
}

Task<std::int64_t> worker_pool(int count) {
  const auto pass = [](std::int64_t job) { return job; };
  pool::WorkerPool<std::int64_t, std::int64_t> pool(
      background(), pass, {.workers = 2, .queue_max = buffered, .results_max = buffered});
  WaitGroup submitter;
  submitter.go(submit_all(pool, count));
  auto results = pool.results();
  std::int64_t sum = 0;
  while (auto outcome = co_await results.receive()) sum += **outcome;
  co_await submitter.wait();
  co_await pool.wait();
  co_return sum;
}

}  // namespace weir::cli::shape
