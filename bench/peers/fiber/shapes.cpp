// The shapes of the comparison in Boost.Fiber, as far as it has them: no select, and a fiber's
// stack is too large for a million that are parked.
//
//   fiber_shapes SHAPE PROCESSORS [--quick]
//
// prints the shape, its figure and a checksum that all peers must agree on. Each shape runs twice
// and the second run counts, except where it takes gigabytes and many seconds. On one processor the
// library's own round robin schedules, on more its work stealing, which the documentation proposes
// for several threads.

#include <array>
#include <atomic>
#include <boost/fiber/all.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace fibers = boost::fibers;

struct Figure {
  double value = 0;
  std::int64_t check = 0;
};

bool quick = false;

int scaled(int count) {
  return quick ? count / 50 : count;
}

class Stopwatch {
 public:
  double nanoseconds() const {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin_)
        .count();
  }
  double per_item(int count) const { return nanoseconds() / count; }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

constexpr std::size_t buffered = 128;
constexpr int sides = 4;

using Buffered = fibers::buffered_channel<std::int64_t>;
using Unbuffered = fibers::unbuffered_channel<std::int64_t>;

// A fiber with a stack that is small, since there are many at once, but not so small that the
// library's own calls overflow it, as they do 4 KiB.
template <class Function>
fibers::fiber spawn_small(Function function) {
  constexpr std::size_t stack_bytes = 8192;
  return fibers::fiber(fibers::launch::post, std::allocator_arg,
                       fibers::fixedsize_stack(stack_bytes), std::move(function));
}

// Counts down; the last one lets the waiting fiber go on, and still touches it after that.
class Countdown {
 public:
  explicit Countdown(int count) : left_(count) {}

  void done() {
    if (left_.fetch_sub(1) == 1) last_.set_value();
  }
  void wait() { last_.get_future().wait(); }

 private:
  std::atomic<int> left_;
  fibers::promise<void> last_;
};

// B1
Figure spawn() {
  const int count = scaled(1'000'000);
  const Stopwatch watch;
  const auto all = std::make_shared<Countdown>(count);
  for (int i = 0; i < count; ++i) spawn_small([all] { all->done(); }).detach();
  all->wait();
  return {watch.per_item(count), count};
}

// B2
Figure ping_pong() {
  const int count = scaled(1'000'000);
  const Stopwatch watch;
  Unbuffered ping;
  Unbuffered pong;
  fibers::fiber echo([&] {
    for (const std::int64_t value : ping) pong.push(value);
  });
  std::int64_t sum = 0;
  for (int i = 0; i < count; ++i) {
    ping.push(i);
    sum += pong.value_pop();
  }
  ping.close();
  echo.join();
  return {watch.per_item(count), sum};
}

template <class Channel>
void produce(Channel& out, int count) {
  for (int i = 0; i < count; ++i) out.push(i);
}

template <class Channel>
void consume(Channel& in, std::int64_t& sum) {
  for (const std::int64_t value : in) sum += value;
}

// B3
Figure one_to_one() {
  const int count = scaled(5'000'000);
  const Stopwatch watch;
  Buffered items(buffered);
  std::int64_t sum = 0;
  fibers::fiber consumer([&] { consume(items, sum); });
  produce(items, count);
  items.close();
  consumer.join();
  return {watch.per_item(count), sum};
}

// B4 and B4u
template <class Channel>
Figure many_to_many(Channel& items, const Stopwatch& watch) {
  const int count = scaled(4'000'000);
  std::array<std::int64_t, sides> sums = {};
  std::vector<fibers::fiber> producers;
  std::vector<fibers::fiber> consumers;
  for (std::int64_t& sum : sums) {
    consumers.emplace_back([&items, &sum] { consume(items, sum); });
    producers.emplace_back([&items, count] { produce(items, count / sides); });
  }
  for (auto& producer : producers) producer.join();
  items.close();
  for (auto& consumer : consumers) consumer.join();
  std::int64_t all = 0;
  for (const std::int64_t sum : sums) all += sum;
  return {watch.per_item(count), all};
}

Figure many_to_many_buffered() {
  const Stopwatch watch;
  Buffered items(buffered);
  return many_to_many(items, watch);
}

Figure many_to_many_unbuffered() {
  const Stopwatch watch;
  Unbuffered items;
  return many_to_many(items, watch);
}

// The channel is shared, since a sender still touches it when its value has been received.
void node(const std::shared_ptr<Unbuffered>& out, std::int64_t first, std::int64_t size) {
  if (size == 1) {
    out->push(first);
    return;
  }
  const auto below = std::make_shared<Unbuffered>();
  for (int i = 0; i < 10; ++i) {
    const auto child = [below, first, size, i] { node(below, first + i * size / 10, size / 10); };
    spawn_small(child).detach();
  }
  std::int64_t sum = 0;
  for (int i = 0; i < 10; ++i) sum += below->value_pop();
  out->push(sum);
}

// B7
Figure skynet() {
  const Stopwatch watch;
  const auto result = std::make_shared<Unbuffered>();
  spawn_small([result] { node(result, 0, quick ? 10'000 : 1'000'000); }).detach();
  const std::int64_t sum = result->value_pop();
  return {watch.nanoseconds() / 1e6, sum};
}

// B9
Figure worker_pool() {
  const int count = scaled(2'000'000);
  const Stopwatch watch;
  Buffered tasks(buffered);
  Buffered results(buffered);
  const auto pass_on = [&] {
    for (const std::int64_t task : tasks) results.push(task);
  };
  fibers::fiber feeder([&] {
    std::array<fibers::fiber, 2> workers = {fibers::fiber(pass_on), fibers::fiber(pass_on)};
    for (int i = 0; i < count; ++i) tasks.push(i);
    tasks.close();
    for (auto& worker : workers) worker.join();
    results.close();
  });
  std::int64_t sum = 0;
  for (const std::int64_t result : results) sum += result;
  feeder.join();
  return {watch.per_item(count), sum};
}

std::int64_t serial_fibonacci(int n) {
  if (n < 2) return n;
  return serial_fibonacci(n - 1) + serial_fibonacci(n - 2);
}

void parallel_fibonacci(int n, std::int64_t& result) {
  constexpr int cutoff = 10;
  if (n < cutoff) {
    result = serial_fibonacci(n);
    return;
  }
  std::int64_t left = 0;
  std::int64_t right = 0;
  fibers::fiber task = spawn_small([&left, n] { parallel_fibonacci(n - 1, left); });
  parallel_fibonacci(n - 2, right);
  task.join();
  result = left + right;
}

// B11
Figure fibonacci() {
  const Stopwatch watch;
  std::int64_t result = 0;
  parallel_fibonacci(quick ? 28 : 38, result);
  return {watch.nanoseconds() / 1e6, result};
}

struct Shape {
  std::string_view name;
  int runs;
  Figure (*measure)();
};

constexpr Shape shapes[] = {
    {"B1", 1, spawn},
    {"B2", 2, ping_pong},
    {"B3", 2, one_to_one},
    {"B4", 2, many_to_many_buffered},
    {"B4u", 2, many_to_many_unbuffered},
    {"B7", 1, skynet},
    {"B9", 2, worker_pool},
    {"B11", 1, fibonacci},
};

void schedule(unsigned processors) {
  constexpr bool sleep_if_idle = true;
  fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(processors, sleep_if_idle);
}

// Threads that run fibers beside this one, for as long as it lives.
class Crew {
 public:
  explicit Crew(unsigned processors) {
    if (processors < 2) return;
    for (unsigned i = 1; i < processors; ++i) {
      threads_.emplace_back([this, processors] { serve(processors); });
    }
    schedule(processors);
  }

  ~Crew() {
    {
      const std::unique_lock lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void serve(unsigned processors) {
    schedule(processors);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_; });
  }

  fibers::mutex mutex_;
  fibers::condition_variable changed_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

// In a fiber of its own, since the one of a thread's main function cannot be stolen.
Figure run_shape(const Shape& shape) {
  Figure figure;
  fibers::fiber([&] {
    for (int i = 0; i < shape.runs; ++i) figure = shape.measure();
  }).join();
  return figure;
}

int measure_as_told(std::span<const char* const> words) {
  const Shape* chosen = nullptr;
  unsigned processors = 0;
  if (words.size() > 2) {
    for (const Shape& shape : shapes) {
      if (shape.name == words[1]) chosen = &shape;
    }
    const std::string_view number = words[2];
    std::from_chars(number.data(), number.data() + number.size(), processors);
  }
  if (chosen == nullptr || processors == 0) {
    std::fputs("usage: fiber_shapes SHAPE PROCESSORS [--quick]\n", stderr);
    return 2;
  }
  quick = words.size() > 3 && std::string_view(words[3]) == "--quick";
  const Crew crew(processors);
  const Figure figure = run_shape(*chosen);
  std::printf("%s %.9g %lld\n", words[1], figure.value, static_cast<long long>(figure.check));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return measure_as_told(std::span(argv, static_cast<std::size_t>(argc)));
}
