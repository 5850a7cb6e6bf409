// Neither the number nor the depth of awaits costs stack, even where nothing is optimised: this
// file is compiled without optimisation, and the stack of the process has its usual 8 MiB.

#include <gtest/gtest.h>

#include "weir/runtime/run.h"

namespace weir {
namespace {

Task<int> one() {
  co_return 1;
}

Task<int> sum_of_awaits(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    auto task = one();
    sum += co_await task;
  }
  co_return sum;
}

Task<int> depth_of_chain(int depth) {
  if (depth == 0) co_return 0;
  auto below = depth_of_chain(depth - 1);
  const int result = co_await below;
  co_return result + 1;
}

Task<int> parked_chain(int depth, bool& cleaned) {
  struct Raise {
    explicit Raise(bool& to_raise) : flag(to_raise) {}
    ~Raise() { flag = true; }
    bool& flag;
  };
  if (depth == 0) {
    const Raise raise(cleaned);
    co_await sleep(1h);
    co_return 0;
  }
  auto below = parked_chain(depth - 1, cleaned);
  const int result = co_await below;
  co_return result + 1;
}

Task<int> failing_chain(int depth) {
  if (depth == 0) throw depth;
  auto below = failing_chain(depth - 1);
  const int result = co_await below;
  co_return result + 1;
}

TEST(AwaitDepth, AMillionSynchronousAwaitsLeaveTheStackAlone) {
  EXPECT_EQ(run_virtual(sum_of_awaits(1'000'000)), 1'000'000);
  EXPECT_EQ(run(sum_of_awaits(1'000'000), {.processors = 1}), 1'000'000);
}

TEST(AwaitDepth, AChainOfAHundredThousandLeavesTheStackAlone) {
  EXPECT_EQ(run_virtual(depth_of_chain(100'000)), 100'000);
  EXPECT_EQ(run(depth_of_chain(100'000), {.processors = 2}), 100'000);
}

TEST(AwaitDepth, AnExceptionPassesALongChain) {
  EXPECT_THROW(run_virtual(failing_chain(1'000)), int);
}

Task<> leave_a_chain(int depth, bool& cleaned) {
  go(parked_chain(depth, cleaned));
  co_await yield();
  co_await sleep(1ms);
}

TEST(AwaitDepth, AParkedChainOfAHundredThousandIsDestroyed) {
  bool cleaned = false;
  run_virtual(leave_a_chain(100'000, cleaned), {.on_leak = OnLeak::ignore});
  EXPECT_TRUE(cleaned);
}

}  // namespace
}  // namespace weir
