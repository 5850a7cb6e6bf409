// The size of computations: measured against a clock of the test's own, so that no machine's speed
// matters; and on the real one only what holds on every machine.

#include "weir/runtime/computation.h"

#include <gtest/gtest.h>

#include "weir/runtime/clock.h"
#include "weir/runtime/run.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

// Computes so many rounds in a nanosecond, but for every `disturbed_each`-th time, when it takes
// three times as long.
struct Machine {
  double rounds_per_ns = 1;
  int disturbed_each = 0;
  Duration time{};
  int calls = 0;

  ComputingRate measure() {
    return measure_rate(
        [this](std::uint64_t rounds) {
          const bool disturbed = disturbed_each > 0 && ++calls % disturbed_each == 0;
          const double ns = static_cast<double>(rounds) / rounds_per_ns * (disturbed ? 3 : 1);
          time += Duration(static_cast<std::int64_t>(ns));
        },
        [this] { return time; });
  }
};

TEST(Computation, MeasuresHowManyRoundsTheMachineDoes) {
  for (const double rounds_per_ns : {0.01, 0.9, 4.0}) {
    Machine machine{.rounds_per_ns = rounds_per_ns};
    const ComputingRate rate = machine.measure();
    EXPECT_NEAR(rate.rounds_per_ns / rounds_per_ns, 1, 1e-4);
    EXPECT_LT(rate.spread, 1e-4);
  }
}

TEST(Computation, IsNotMisledByADisturbanceNowAndThen) {
  Machine machine{.rounds_per_ns = 1, .disturbed_each = 4};
  EXPECT_NEAR(machine.measure().rounds_per_ns, 1, 1e-4);
}

TEST(Computation, TellsWhenTheSamplesDisagree) {
  Machine machine{.rounds_per_ns = 1, .disturbed_each = 2};
  EXPECT_GT(machine.measure().spread, 0.5);
}

TEST(Computation, EndsItsMeasuringIfTheClockStandsStill) {
  std::uint64_t most = 0;
  const ComputingRate rate = measure_rate(
      [&](std::uint64_t rounds) { most = std::max(most, rounds); }, [] { return Duration(0); });
  EXPECT_LE(most, std::uint64_t{1} << 27);
  EXPECT_GT(rate.rounds_per_ns, 0);
}

TEST(Computation, HasASizeInProportionToItsTime) {
  const ComputingRate rate{.rounds_per_ns = 0.5};
  EXPECT_EQ(rate.rounds_in(1us), 500U);
  EXPECT_EQ(rate.rounds_in(1h), 1'800'000'000'000U);
  EXPECT_EQ(rate.rounds_in(0ns), 0U);
  EXPECT_EQ(rate.rounds_in(-1s), 0U);
}

TEST(Computation, MeasuresThisMachineOnce) {
  EXPECT_GT(computing_rate().rounds_per_ns, 0);
  EXPECT_EQ(&computing_rate(), &computing_rate());
}

// More rounds take more processor time, and that is no more than the clock says, whose pace may be
// corrected.
TEST(Computation, TakesProcessorTime) {
  const TimePoint begin = steady_now();
  const Duration before = processor_time();
  compute(1000);
  const Duration few = processor_time() - before;
  compute(1'000'000);
  const Duration all = processor_time() - before;
  EXPECT_GT(all, few);
  EXPECT_LE(all, 2 * (steady_now() - begin));
}

WorkStats work_of(const RuntimeStats& stats) {
  WorkStats all;
  for (const ProcessorStats& processor : stats.processors) all += processor.work;
  return all;
}

TEST(Computation, OfATaskIsAccountedFor) {
  const auto root = []() -> Task<WorkStats> {
    for (int i = 0; i < 5; ++i) co_await work(1ms);
    co_await work(50us);  // too short to be looked at
    co_return work_of(runtime_stats());
  };
  const WorkStats all = run(root());
  EXPECT_EQ(all.asked, 5ms);
  EXPECT_GT(all.processor_time, Duration(0));
  EXPECT_GT(2 * all.clock_time, all.processor_time);
}

}  // namespace
}  // namespace weir
