// The crew finds the number of processors that gets most done, in the rates of made-up programs.

#include "weir/runtime/crew.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace weir {
namespace {

using namespace std::chrono_literals;

// Units per microsecond that a program makes with so many processors.
using Rates = std::function<double(int)>;

struct Program {
  explicit Program(int processors) : crew(processors) { crew.begin(time, 0); }

  // Looks as often as the crew asks for, and a little late, as the ticks of processors are.
  void go_on(Duration length, const Rates& rates) {
    for (const TimePoint end = time + length; time < end;) {
      const Duration step = crew.due() - time + 5us;
      units += rates(crew.size()) * static_cast<double>(step.count()) / 1000;
      spent[crew.size()] += step;
      time += step;
      crew.look(time, static_cast<std::uint64_t>(units));
    }
  }

  Duration spent_at(int size) { return std::exchange(spent[size], Duration{}); }

  Crew crew;
  TimePoint time{1s};
  double units = 0;
  std::map<int, Duration> spent;
};

double slower_together(int size) {
  return size == 1 ? 20 : 5;
}
double faster_together(int size) {
  return 10.0 * size;
}
double long_tasks(int size) {
  return 0.01 * size;
}

TEST(Crew, IsEverybodyAtFirst) {
  EXPECT_EQ(Crew(8).size(), 8);
}

TEST(Crew, ShrinksToOneForTasksThatAreFasterAlone) {
  Program program(2);
  program.go_on(1ms, slower_together);
  EXPECT_EQ(program.crew.size(), 1);
}

TEST(Crew, ShrinksFromManyToOne) {
  Program program(64);
  program.go_on(20ms, slower_together);
  program.spent_at(1);
  program.go_on(100ms, slower_together);
  EXPECT_GT(program.spent_at(1), 95ms);
}

TEST(Crew, TriesAnotherSizeForLessThanOneInAHundredOfTheTime) {
  Program program(2);
  program.go_on(200ms, slower_together);
  program.spent_at(2);
  program.go_on(10s, slower_together);
  EXPECT_LT(program.spent_at(2), 100ms);
}

TEST(Crew, StaysTogetherWhereThatIsFaster) {
  Program program(8);
  program.go_on(200ms, faster_together);
  program.spent_at(8);
  program.go_on(10s, faster_together);
  EXPECT_GT(program.spent_at(8), 9900ms);
}

TEST(Crew, StaysTogetherWhereWhatComesInSetsTheRate) {
  Program program(8);
  program.go_on(200ms, [](int) { return 10.0; });
  program.spent_at(8);
  program.go_on(10s, [](int) { return 10.0; });
  EXPECT_GT(program.spent_at(8), 9900ms);
}

TEST(Crew, FindsASizeInTheMiddle) {
  Program program(16);
  program.go_on(1s, [](int size) { return size <= 4 ? 10.0 * size : 160.0 / size; });
  program.spent_at(4);
  program.go_on(1s, [](int size) { return size <= 4 ? 10.0 * size : 160.0 / size; });
  EXPECT_GT(program.spent_at(4), 950ms);
}

TEST(Crew, IsEverybodyForTasksThatComputeForLong) {
  Program program(4);
  program.go_on(1s, long_tasks);
  EXPECT_EQ(program.spent_at(1) + program.spent_at(2), Duration{});
}

TEST(Crew, ComesTogetherAgainWhenTasksBecomeLong) {
  Program program(8);
  program.go_on(1s, slower_together);
  ASSERT_EQ(program.crew.size(), 1);
  program.go_on(100ms, long_tasks);
  EXPECT_EQ(program.crew.size(), 8);
}

TEST(Crew, GrowsWhenTogetherHasBecomeFaster) {
  Program program(8);
  program.go_on(1s, slower_together);
  program.go_on(200ms, faster_together);
  EXPECT_EQ(program.crew.size(), 8);
}

TEST(Crew, IsEverybodyWhenCalled) {
  Program program(8);
  program.go_on(1s, slower_together);
  program.crew.call_all(program.time, static_cast<std::uint64_t>(program.units));
  EXPECT_EQ(program.crew.size(), 8);
}

TEST(Crew, DecidesNothingInAWindowInWhichSomebodyElseHadTheCore) {
  Crew crew(2);
  crew.begin(TimePoint{1s}, 0);
  crew.look(TimePoint{1s + 250us}, 5000);  // the rate of two
  crew.look(TimePoint{1s + 300us}, 6000);  // one of them rests now
  crew.look(TimePoint{1s + 20ms}, 7000);   // and loses its core
  EXPECT_EQ(crew.size(), 2);
}

TEST(Crew, HasNothingToTryWithOneProcessor) {
  Program program(1);
  program.go_on(1s, slower_together);
  EXPECT_EQ(program.crew.size(), 1);
}

}  // namespace
}  // namespace weir
