// A task that was woken does not wait behind its waker's long computation while processors are
// idle.

#include <gtest/gtest.h>

#include <atomic>

#include "weir/runtime/run.h"
#include "weir/sync/channel.h"

namespace weir {
namespace {

// Wakes a task and then computes until that task has run, which takes a second processor.
Task<> compute_until_the_woken_task_ran(Duration idle) {
  auto channel = make_channel<int>();
  std::atomic<bool> ran = false;
  auto woken = go(
      [](Receiver<int> in, std::atomic<bool>& flag) -> Task<> {
        co_await in.receive();
        flag = true;
      },
      Receiver<int>(channel), std::ref(ran));
  co_await sleep(idle);
  co_await channel.send(1);
  while (!ran) continue;
  co_await woken.join();
}

TEST(Handoff, AnIdleProcessorTakesOverWhatWasWoken) {
  for (int processors : {2, 8}) {
    for (Duration idle : {Duration(0), Duration(1ms), Duration(50ms)}) {
      run(compute_until_the_woken_task_ran(idle), {.processors = processors});
    }
  }
}

Task<> meet(std::atomic<int>& present, int count) {
  ++present;
  while (present < count) continue;
  co_return;
}

// Two tasks that wait for each other without parking need two threads, in every run.
TEST(Handoff, EveryRunOfARuntimeUsesItsThreads) {
  Runtime runtime({.processors = 2});
  for (int i = 0; i < 3; ++i) {
    runtime.run([]() -> Task<> {
      std::atomic<int> present = 0;
      auto other = go(meet, std::ref(present), 2);
      auto mine = meet(present, 2);
      co_await mine;
      co_await other.join();
    }());
  }
}

}  // namespace
}  // namespace weir
