// An idle runtime costs nothing: none of its threads wakes up. Seen in the kernel's count of how
// often each thread has gone to sleep, so that no clock is asked.

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/gate.h"
#include "weir/runtime/blocking.h"
#include "weir/runtime/blocking_region.h"
#include "weir/runtime/external_hold.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

using SleepCounts = std::map<std::string, std::string>;  // of each thread but the caller's

SleepCounts sleep_counts() {
  const std::string own = std::to_string(syscall(SYS_gettid));
  SleepCounts counts;
  DIR* folder = opendir("/proc/self/task");
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] == '.' || entry->d_name == own) continue;
    std::ifstream status("/proc/self/task/" + std::string(entry->d_name) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("voluntary_ctxt_switches")) counts[entry->d_name] = line;
    }
  }
  closedir(folder);
  return counts;
}

// True if no thread has slept and woken during one of several long looks: what has just become idle
// may have something to put away in the first of them.
bool all_stay_asleep() {
  constexpr int attempts = 20;
  constexpr int reads = 300;  // take longer than any interval at which something is watched
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const SleepCounts before = sleep_counts();
    SleepCounts after;
    for (int i = 0; i < reads; ++i) after = sleep_counts();
    if (after == before) return true;
  }
  return false;
}

// Gives every processor its thread, the monitor something to hurry for, and the pool a call.
Task<> be_busy(int processors) {
  std::atomic<int> present = 0;
  std::vector<TaskHandle> tasks;
  for (int i = 0; i < processors; ++i) {
    tasks.push_back(go(
        [](std::atomic<int>& count, int all) -> Task<> {
          ++count;
          while (count < all) spin_pause();
          co_return;
        },
        std::ref(present), processors));
  }
  for (const TaskHandle& task : tasks) co_await task.join();
  co_await blocking([] {});
  const BlockingRegion region;
}

Task<> idle_until_told(Gate& gate, std::atomic<bool>& idle, int processors) {
  const ExternalHold hold;
  co_await be_busy(processors);
  go([]() -> Task<> { co_await sleep(1h); });  // A timer that is far away wakes nobody either.
  idle = true;
  co_await gate.wait();
}

TEST(Idle, WakesNoThread) {
  for (const int processors : {1, 2, 4}) {
    Gate gate;
    std::atomic<bool> idle = false;
    bool stayed_asleep = false;
    std::thread observer([&] {
      while (!idle) std::this_thread::yield();
      stayed_asleep = all_stay_asleep();
      gate.open();
    });
    run(idle_until_told(gate, idle, processors),
        {.processors = processors, .on_leak = OnLeak::ignore});
    observer.join();
    EXPECT_TRUE(stayed_asleep) << processors << " processors";
  }
}

}  // namespace
}  // namespace weir
