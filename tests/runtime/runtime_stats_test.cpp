// The figures of a runtime: tasks by state, and what processors have done.

#include "weir/runtime/runtime_stats.h"

#include <gtest/gtest.h>

#include "tests/runtime/gate.h"
#include "weir/runtime/duration_text.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

Task<> waits(Gate& gate) {
  co_await gate.wait();
}

Task<RuntimeStats> stats_with_three_parked() {
  Gate gate;
  for (int i = 0; i < 3; ++i) go(waits(gate));
  go([]() -> Task<> { co_return; });
  RuntimeStats stats = runtime_stats();
  while (stats.tasks_alive != 4 || stats.tasks_parked != 3) {
    co_await yield();
    stats = runtime_stats();
  }
  gate.open();
  co_await yield();
  co_return stats;
}

TEST(RuntimeStats, CountTasksByStateInVirtualTime) {
  const RuntimeStats stats = run_virtual(stats_with_three_parked());
  EXPECT_EQ(stats.tasks_started, 5u);
  EXPECT_EQ(stats.tasks_running, 1u);
  EXPECT_EQ(stats.tasks_ready, 0u);
  EXPECT_EQ(stats.threads, 1);
}

TEST(RuntimeStats, CountTasksByStateInRealTime) {
  for (const int processors : {1, 2, 8}) {
    const RuntimeStats stats = run(stats_with_three_parked(), {.processors = processors});
    EXPECT_EQ(stats.tasks_started, 5u);
    EXPECT_EQ(stats.processors.size(), static_cast<std::size_t>(processors));
    EXPECT_GE(stats.threads, 1);
    std::uint64_t slices = 0;
    for (const ProcessorStats& processor : stats.processors) slices += processor.slices;
    EXPECT_GE(slices, 5u);
  }
}

TEST(RuntimeStats, CountReadyTasks) {
  const auto ready = []() -> Task<RuntimeStats> {
    for (int i = 0; i < 700; ++i) go([]() -> Task<> { co_return; });
    co_return runtime_stats();
  };
  EXPECT_EQ(run_virtual(ready()).tasks_ready, 700u);
  EXPECT_EQ(run(ready(), {.processors = 1}).tasks_ready, 700u);
}

TEST(RuntimeStats, CountHandOffs) {
  const RuntimeStats stats = run(
      []() -> Task<RuntimeStats> {
        const auto next = []() -> Task<> {
          const TaskHandle child = go([]() -> Task<> { co_await yield(); });
          co_await child.join();
        };
        for (int i = 0; i < 10; ++i) co_await next();
        co_return runtime_stats();
      }(),
      {.processors = 1});
  EXPECT_GE(stats.processors[0].next_hits, 10u);  // the end of the child wakes the parent
  EXPECT_LT(stats.processors[0].next_hits, stats.processors[0].slices);
}

TEST(RuntimeStats, CountTimers) {
  const RuntimeStats stats = run(
      []() -> Task<RuntimeStats> {
        for (int i = 0; i < 3; ++i) go([]() -> Task<> { co_await sleep(1h); });
        for (int i = 0; i < 5; ++i) co_await sleep(1us);
        co_return runtime_stats();
      }(),
      {.processors = 1, .on_leak = OnLeak::ignore});
  EXPECT_EQ(stats.processors[0].timers_armed, 3u);
  EXPECT_EQ(stats.processors[0].timers_fired, 5u);
}

TEST(RuntimeStats, OutlastTheRun) {
  Runtime runtime({.processors = 1});
  runtime.run([]() -> Task<> {
    for (int i = 0; i < 9; ++i) go([]() -> Task<> { co_return; });
    co_return;
  }());
  const RuntimeStats stats = runtime.stats();
  EXPECT_EQ(stats.tasks_started, 10u);
  EXPECT_EQ(stats.tasks_alive, 0u);
  EXPECT_EQ(stats.processors[0].slices, 10u);
}

TEST(RuntimeStats, ReadWellAsText) {
  RuntimeStats stats{.elapsed = 2s,
                     .tasks_started = 10,
                     .tasks_alive = 4,
                     .tasks_ready = 1,
                     .tasks_running = 1,
                     .tasks_parked = 2,
                     .threads = 1};
  stats.processors.push_back({.slices = 100, .next_hits = 60, .ready = 1, .asleep = 500ms});
  EXPECT_EQ(to_text(stats),
            "tasks: 4 alive (1 running, 1 ready, 2 parked), 10 started; threads: 1; after 2 s\n"
            "processor 0: busy 75 %: 100 slices (60 hand-offs), 1 ready, 0 steals, 0 global takes, "
            "0 parks, 0 wakes, timers 0 armed, 0 fired\n");
}

TEST(DurationText, HasTwoDigitsOrMore) {
  EXPECT_EQ(spell_duration(0ns), "0 s");
  EXPECT_EQ(spell_duration(7ns), "7 ns");
  EXPECT_EQ(spell_duration(1500us), "1.5 ms");
  EXPECT_EQ(spell_duration(350ms), "350 ms");
  EXPECT_EQ(spell_duration(2s), "2 s");
  EXPECT_EQ(spell_duration(90s), "1.5 min");
  EXPECT_EQ(spell_duration(30h), "30 h");
  EXPECT_EQ(spell_duration(-2s), "-2 s");
  EXPECT_EQ(spell_duration(Duration::max()), "2562047 h");
}

}  // namespace
}  // namespace weir
