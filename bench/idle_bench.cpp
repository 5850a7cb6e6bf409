// What an idle runtime costs, and how soon it wakes when work comes from another thread.
//
// cpu_us: the processor time that the whole process takes while the runtime idles for WEIR_IDLE_MS
// milliseconds, 100 unless set. wake_p50_us, wake_p99_us: from just before a
// foreign thread's send to the task that has received it, the runtime having been idle for
// `idle_ms`.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

#include "bench/shapes.h"
#include "weir/weir.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

double process_time_us() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

std::chrono::milliseconds idle_time() {
  const char* text = std::getenv("WEIR_IDLE_MS");
  return std::chrono::milliseconds(text != nullptr ? std::atoi(text) : 100);
}

Task<> compute(int turns) {
  for (int i = 0; i < turns; ++i) co_await yield();
}

// Every processor has had work before, so that all threads are there.
Task<> idle_for(std::chrono::milliseconds time, double& spent) {
  WaitGroup all;
  for (int i = 0; i < 64; ++i) all.go(compute(1000));
  co_await all.wait();
  co_await sleep(20ms);
  const double before = process_time_us();
  co_await sleep(time);
  spent = process_time_us() - before;
}

void Idle(benchmark::State& state) {
  double spent = 0;
  for (auto _ : state) {
    run(idle_for(idle_time(), spent), {.processors = static_cast<int>(state.range(0))});
  }
  state.counters["cpu_us"] = spent;
}
BENCHMARK(Idle)->ArgName("processors")->Arg(1)->Arg(2)->Iterations(1)->UseRealTime();

Task<> receive_wakes(int count, std::chrono::milliseconds idle, std::vector<double>& latencies) {
  const ExternalHold hold;
  auto wakes = make_channel<Clock::time_point>(static_cast<std::size_t>(count));
  std::thread foreign([=] {
    for (int i = 0; i < count; ++i) {
      std::this_thread::sleep_for(idle);
      Clock::time_point sent = Clock::now();
      if (!wakes.try_send(sent)) std::abort();
    }
  });
  for (int i = 0; i < count; ++i) {
    const auto sent = co_await wakes.receive();
    latencies.push_back(std::chrono::duration<double, std::micro>(Clock::now() - *sent).count());
  }
  foreign.join();
}

void Wake(benchmark::State& state) {
  const int count = state.range(1) < 10 ? 200 : 20;
  std::vector<double> latencies;
  for (auto _ : state) {
    run(receive_wakes(count, std::chrono::milliseconds(state.range(1)), latencies),
        {.processors = static_cast<int>(state.range(0))});
  }
  std::ranges::sort(latencies);
  state.counters["wake_p50_us"] = latencies[latencies.size() / 2];
  state.counters["wake_p99_us"] = latencies[latencies.size() * 99 / 100];
}
BENCHMARK(Wake)
    ->ArgNames({"processors", "idle_ms"})
    ->ArgsProduct({{1, 2}, {1, 50}})
    ->Iterations(1)
    ->UseRealTime();

}  // namespace
}  // namespace weir
