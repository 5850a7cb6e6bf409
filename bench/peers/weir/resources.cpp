// What tasks and a runtime take of the machine: memory, processor time, the time to wake up.

#include <sys/resource.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "bench/peers/weir/shapes.h"
#include "bench/resident_bytes.h"

namespace weir::peers {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Processor time of the process.
double cpu_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

Task<> park(WaitGroup& started, Receiver<int> never) {
  started.done();
  co_await never.receive();
}

Task<> nap(Duration pause) {
  co_await sleep(pause);
}

using Clock = std::chrono::steady_clock;

// A thread that is no processor's: sends the time now and then.
void send_the_time(Channel<Clock::time_point> out, int count) {
  for (int i = 0; i < count; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!out.try_send(Clock::now())) break;
  }
  out.close();
}

}  // namespace

Task<Figure> parked(Size size) {
  const int count = scaled(1'000'000, size);
  const long before = resident_bytes();
  auto never = make_channel<int>();
  WaitGroup started;
  WaitGroup all;
  started.add(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.go(park(started, never));
  co_await started.wait();
  const double bytes = static_cast<double>(resident_bytes() - before) / count;
  never.close();
  co_await all.wait();
  co_return Figure{bytes, count};
}

Task<Figure> sleepers(Size size) {
  const int count = scaled(1'000'000, size);
  const double before = cpu_seconds();
  WaitGroup all;
  std::uint64_t draw = 1;
  std::int64_t sum = 0;
  for (int i = 0; i < count; ++i) {
    draw = draw * 6364136223846793005U + 1442695040888963407U;
    const auto milliseconds = static_cast<std::int64_t>(1 + (draw >> 33) % 1000);
    sum += milliseconds;
    all.go(nap(milliseconds * 1ms));
  }
  co_await all.wait();
  co_return Figure{cpu_seconds() - before, sum};
}

Task<Figure> idle(Size size) {
  co_await spawn(size);
  co_await sleep(200ms);
  const Duration pause = scaled(3'000, size) * 1ms;
  const double before = cpu_seconds();
  co_await sleep(pause);
  const double used = cpu_seconds() - before;
  co_return Figure{used * 1e3 / std::chrono::duration<double>(pause).count(), 1};
}

Task<Figure> wake(Size size) {
  const int count = scaled(200, size);
  auto sent = make_channel<Clock::time_point>(static_cast<std::size_t>(count));
  std::vector<double> waits;
  const ExternalHold hold;
  std::jthread sender(send_the_time, sent, count);
  while (auto at = co_await sent.receive()) {
    waits.push_back(std::chrono::duration<double, std::nano>(Clock::now() - *at).count());
  }
  std::ranges::sort(waits);
  co_return Figure{waits[waits.size() / 2], static_cast<std::int64_t>(waits.size())};
}

}  // namespace weir::peers
