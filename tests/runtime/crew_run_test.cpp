// Tasks that need several processors get them, whatever the crew found best a moment ago.
//
// Each test first lets the crew shrink: fine-grained tasks run until a trial has sent processors to
// rest. Where the machine is too slow for a trial it begins with everybody, and has to hold too.
// Then tasks spin until others have run, which no processor does that rests: a fault shows as a
// test that does not end.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "weir/runtime/go.h"
#include "weir/runtime/run.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

Task<> yield_until(std::atomic<bool>& stop) {
  while (!stop) co_await yield();
}

// Keeps every processor busy with next to nothing until only one, or `patience` looks later, works.
Task<> shrink_crew(int processors) {
  constexpr int patience = 20'000;
  std::atomic<bool> stop = false;
  std::vector<TaskHandle> busy;
  for (int i = 0; i < 2 * processors; ++i) busy.push_back(go(yield_until, std::ref(stop)));
  for (int i = 0; i < patience && runtime_stats().crew > 1; ++i) co_await yield();
  stop = true;
  for (TaskHandle& each : busy) co_await each.join();
}

// Computes, as far as the scheduler can tell.
void spin_until(const std::function<bool()>& over) {
  while (!over()) std::this_thread::yield();
}

Task<> meet(std::atomic<int>& there, int all) {
  ++there;
  spin_until([&] { return there == all; });
  co_return;
}

Task<> meet_on_all(int processors) {
  co_await shrink_crew(processors);
  std::atomic<int> there = 0;
  std::vector<TaskHandle> others;
  for (int i = 1; i < processors; ++i) {
    others.push_back(go(meet, std::ref(there), processors));
  }
  co_await meet(there, processors);
  for (TaskHandle& each : others) co_await each.join();
}

Task<> set_flag(std::atomic<bool>& flag) {
  flag = true;
  co_return;
}

// The root never gives way: another processor has to take the task.
Task<> compute_until_another_runs() {
  std::atomic<bool> has_run = false;
  TaskHandle other = go(set_flag, std::ref(has_run));
  spin_until([&] { return has_run.load(); });
  co_await other.join();
}

Task<> sleep_and_set_flag(std::atomic<bool>& sleeps, std::atomic<bool>& flag) {
  sleeps = true;
  co_await sleep(1ms);
  flag = true;
}

Task<> compute_until_a_timer_fires(int processors) {
  co_await shrink_crew(processors);
  std::atomic<bool> sleeps = false;
  std::atomic<bool> has_slept = false;
  TaskHandle other = go(sleep_and_set_flag, std::ref(sleeps), std::ref(has_slept));
  while (!sleeps) co_await yield();
  co_await yield();
  spin_until([&] { return has_slept.load(); });
  co_await other.join();
}

class CrewRun : public testing::TestWithParam<int> {
 protected:
  const int processors = GetParam();
  Runtime runtime{{.processors = processors}};
};

TEST_P(CrewRun, LetsAsManyTasksMeetAsThereAreProcessors) {
  for (int round = 0; round < 5; ++round) runtime.run(meet_on_all(processors));
}

TEST_P(CrewRun, TakesATaskThatWaitsBehindOneThatComputesInTheNextRun) {
  for (int round = 0; round < 5; ++round) {
    runtime.run(shrink_crew(processors));
    runtime.run(compute_until_another_runs());
  }
}

TEST_P(CrewRun, FiresTimersBehindATaskThatComputes) {
  for (int round = 0; round < 5; ++round) runtime.run(compute_until_a_timer_fires(processors));
}

INSTANTIATE_TEST_SUITE_P(Processors, CrewRun, testing::Values(2, 3, 8),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace weir
