// Turns: a processor with more ready tasks than its ring holds gives each of them its turn.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "weir/weir.h"

namespace weir {
namespace {

// Counts its turns until the first of all has had `goal`.
Task<> take_turns(int& turns, int goal, bool& reached) {
  while (!reached) {
    reached = ++turns == goal;
    co_await yield();
  }
}

Task<int> fewest_turns(int tasks, int goal) {
  std::vector<int> turns(static_cast<std::size_t>(tasks));
  bool reached = false;
  WaitGroup all;
  for (int& each : turns) all.go(take_turns(each, goal, reached));
  co_await all.wait();
  co_return *std::ranges::min_element(turns);
}

TEST(Turns, ComeAroundEvenlyToTasksThatYieldHoweverManyTheyAre) {
  for (const int tasks : {10, 256, 300, 1000, 20'000}) {
    EXPECT_GE(run(fewest_turns(tasks, 50), {.processors = 1}), 40) << tasks << " tasks";
  }
}

}  // namespace
}  // namespace weir
