#include "weir/pool/fan_out.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/weir.h"

namespace weir::pool {
namespace {

std::vector<int> up_to(int count) {
  std::vector<int> inputs(static_cast<std::size_t>(count));
  std::iota(inputs.begin(), inputs.end(), 0);
  return inputs;
}

CONCURRENCY_TEST(FanOut, GivesTheResultsInTheOrderOfTheInputs) {
  auto spell = [](int input) -> Task<std::string> {
    co_await yield();
    co_return std::to_string(input);
  };
  auto spelt = co_await fan_out(background(), up_to(20), spell, 3);
  EXPECT_TRUE(spelt.has_value());
  EXPECT_EQ(spelt->size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(spelt->at(static_cast<std::size_t>(i)), std::to_string(i));
}

CONCURRENCY_TEST(FanOut, TakesAndGivesWhatCanOnlyBeMoved) {
  std::vector<std::unique_ptr<int>> inputs;
  for (int i = 0; i < 5; ++i) inputs.push_back(std::make_unique<int>(i));
  auto pass = [](std::unique_ptr<int> input) { return input; };
  auto passed = co_await fan_out(background(), std::move(inputs), pass);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(*passed->at(static_cast<std::size_t>(i)), i);
}

CONCURRENCY_TEST(FanOut, OfNothingIsNothing) {
  auto same = [](int input) { return input; };
  auto found = co_await fan_out(background(), std::vector<int>(), same);
  EXPECT_TRUE(found.has_value());
  EXPECT_TRUE(found->empty());
}

VIRTUAL_TEST(FanOut, RunsAsManyAtATimeAsThereAreWorkers) {
  int running_now = 0;
  int most = 0;
  auto serve = [&](int) -> Task<> {
    most = std::max(most, ++running_now);
    co_await sleep(1ms);
    --running_now;
  };
  const bool all = co_await for_each(background(), up_to(12), serve, 3);
  EXPECT_TRUE(all);
  EXPECT_EQ(most, 3);
  EXPECT_EQ(now().time_since_epoch(), 4ms);
}

VIRTUAL_TEST(FanOut, StopsAtTheFirstFailureAndThrowsIt) {
  int begun = 0;
  auto serve = [&begun](Context context, int input) -> Task<int> {
    ++begun;
    if (input == 2) throw std::runtime_error("two");
    auto cancelled = done(context);
    auto late = after(1h);
    co_await select(cancelled, late);
    EXPECT_TRUE(cancelled.chosen());
    co_return input;
  };
  std::string failure;
  try {
    co_await fan_out(background(), up_to(100), serve, 3);
  } catch (const std::runtime_error& error) {
    failure = error.what();
  }
  EXPECT_EQ(failure, "two");
  EXPECT_EQ(begun, 3);
  EXPECT_EQ(now().time_since_epoch(), 0ms);
}

VIRTUAL_TEST(FanOut, GivesNothingWhenItsContextIsCancelled) {
  auto limit = with_timeout(background(), 5ms);
  auto serve = [](Context context, int input) -> Task<int> {
    co_await sleep(context, 2ms);
    co_return input;
  };
  auto found = co_await fan_out(limit.context, up_to(100), serve, 2);
  EXPECT_FALSE(found.has_value());
  EXPECT_EQ(now().time_since_epoch(), 5ms);
}

}  // namespace
}  // namespace weir::pool
