// Lesson 15: a task for each piece of work, which is easy, and what it costs.
//
// Tasks are cheap, but what they hold is not: here each has a chunk of 1 MB from the moment when it
// is started. Four processors need 250 ms for the 1000 chunks however many tasks there are, so all
// that a thousand tasks at once add is memory. A semaphore taken before the chunk is read bounds
// it, and whoever reads waits for whoever works.

#include <algorithm>
#include <cstdio>

#include "weir/weir.h"

using namespace weir;

struct Memory {
  void take() { most = std::max(most, ++chunks); }
  int chunks = 0;
  int most = 0;
};

// `permits` is null where there is no bound.
Task<> process(Memory& memory, Semaphore* permits) {
  co_await work(1ms);  // keeps one processor busy
  --memory.chunks;
  if (permits != nullptr) permits->release();
}

Task<> process_all(Memory& memory, Semaphore* permits) {
  WaitGroup all;
  for (int chunk = 0; chunk < 1000; ++chunk) {
    if (permits != nullptr) co_await permits->acquire();
    memory.take();  // the chunk is read
    all.go(process, std::ref(memory), permits);
  }
  co_await all.wait();
}

Task<> measure(const char* name, Semaphore* permits) {
  Memory memory;
  co_await process_all(memory, permits);
  const auto time = static_cast<long long>(now().time_since_epoch() / 1ms);
  std::printf("%-14s %lld ms, at most %4d MB\n", name, time, memory.most);
}

int main() {
  Semaphore eight(8);
  run_virtual(measure("without bound", nullptr), {.processors = 4});
  run_virtual(measure("with a bound", &eight), {.processors = 4});
}

// Output:
// without bound  250 ms, at most 1000 MB
// with a bound   250 ms, at most    8 MB
