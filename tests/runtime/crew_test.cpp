// The crew finds the number of processors that gets most done, in the rates of made-up programs.

#include "weir/runtime/crew.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace weir {
namespace {

using namespace std::chrono_literals;

// What a program does with so many processors.
struct Pace {
  double units = 0;  // per microsecond
  double busy = 1;   // processors that do not sleep
};
using Paces = std::function<Pace(int)>;

struct Program {
  explicit Program(int processors) : crew(processors) { crew.begin(time, {}); }

  // Looks as often as the crew asks for, and a little late, as the ticks of processors are.
  void go_on(Duration length, const Paces& paces) {
    for (const TimePoint end = time + length; time < end;) {
      const Duration step = crew.due() - time + 5us;
      const Pace pace = paces(crew.size());
      units += pace.units * static_cast<double>(step.count()) / 1000;
      busy += pace.busy * static_cast<double>(step.count());
      spent[crew.size()] += step;
      time += step;
      crew.look(time, done());
    }
  }

  Crew::Work done() const {
    return {static_cast<std::uint64_t>(units), Duration(static_cast<std::int64_t>(busy))};
  }

  Duration spent_at(int size) { return std::exchange(spent[size], Duration{}); }

  Crew crew;
  TimePoint time{1s};
  double units = 0;
  double busy = 0;
  std::map<int, Duration> spent;
};

Pace slower_together(int size) {
  return {size == 1 ? 20.0 : 5.0, 1.0 * size};
}
Pace faster_together(int size) {
  return {10.0 * size, 1.0 * size};
}
Pace long_tasks(int size) {
  return {0.01 * size, 1.0 * size};
}
Pace grows_to_four(int size) {
  return {size <= 4 ? 10.0 * size : 160.0 / size, 1.0 * size};
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

// What comes in sets the rate, and takes as much time however many there are.
TEST(Crew, StaysTogetherWhereThatIsAsCheap) {
  const Paces paces = [](int) { return Pace{10, 0.5}; };
  Program program(8);
  program.go_on(200ms, paces);
  program.spent_at(8);
  program.go_on(10s, paces);
  EXPECT_GT(program.spent_at(8), 9900ms);
}

TEST(Crew, ShrinksWhereTheSameIsDoneForLess) {
  const Paces paces = [](int size) { return Pace{10, size == 1 ? 0.5 : 1.0}; };
  Program program(2);
  program.go_on(200ms, paces);
  program.spent_at(1);
  program.go_on(1s, paces);
  EXPECT_GT(program.spent_at(1), 990ms);
}

TEST(Crew, StaysTogetherWhereASmallerOneWouldHaveNoTimeToSpare) {
  const Paces paces = [](int size) { return Pace{10, size == 1 ? 0.9 : 1.8}; };
  Program program(2);
  program.go_on(200ms, paces);
  program.spent_at(2);
  program.go_on(1s, paces);
  EXPECT_GT(program.spent_at(2), 980ms);
}

TEST(Crew, FindsASizeInTheMiddle) {
  Program program(16);
  program.go_on(1s, grows_to_four);
  program.spent_at(4);
  program.go_on(1s, grows_to_four);
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
  program.crew.call_all(program.time, program.done());
  EXPECT_EQ(program.crew.size(), 8);
}

TEST(Crew, DecidesNothingInAWindowInWhichSomebodyElseHadTheCore) {
  Crew crew(2);
  crew.begin(TimePoint{1s}, {});
  crew.look(TimePoint{1s + 250us}, {5000, 500us});   // the rate of two
  crew.look(TimePoint{1s + 300us}, {6000, 550us});   // one of them rests now
  crew.look(TimePoint{1s + 20ms}, {900'000, 20ms});  // and loses its core
  EXPECT_EQ(crew.size(), 2);
}

TEST(Crew, HasNothingToTryWithOneProcessor) {
  Program program(1);
  program.go_on(1s, slower_together);
  EXPECT_EQ(program.crew.size(), 1);
}

}  // namespace
}  // namespace weir
