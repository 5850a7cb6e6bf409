// A word that tasks keep each other told of.

#include "weir/sync/latest.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/go.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

TEST(Latest, GivesWhatItWasMadeWithUntilItIsSet) {
  const auto told = make_latest(7);
  EXPECT_EQ(told.get(), 7);
}

TEST(Latest, ShowsTheNewestValueToAllHandles) {
  const auto teller = make_latest(0);
  const Latest<int> listener = teller;
  teller.set(1);
  teller.set(2);
  EXPECT_EQ(listener.get(), 2);
}

TEST(Latest, OutlivesTheHandleThatMadeIt) {
  Latest<int> listener;
  {
    const auto teller = make_latest(0);
    listener = teller;
    teller.set(3);
  }
  EXPECT_EQ(listener.get(), 3);
}

TEST(Latest, NilHasNobodyToTell) {
  const Latest<int> nil;
  nil.set(1);
  EXPECT_FALSE(nil);
  EXPECT_DEATH((void)nil.get(), "nil Latest");
}

TEST(Latest, IsNilAfterItWasMovedAway) {
  auto told = make_latest(4);
  const auto moved = std::move(told);
  EXPECT_FALSE(told);
  EXPECT_EQ(moved.get(), 4);
}

// The writer counts up; whoever looks never sees it go back.
CONCURRENCY_TEST(Latest, NeverGoesBack) {
  constexpr std::uint64_t last = 200;
  const auto told = make_latest<std::uint64_t>(0);
  WaitGroup all;
  all.go(
      [](Latest<std::uint64_t> teller) -> Task<> {
        for (std::uint64_t value = 1; value <= last; ++value) {
          teller.set(value);
          if (value % 8 == 0) co_await yield();
        }
      },
      told);
  for (int i = 0; i < 3; ++i) {
    all.go(
        [](Latest<std::uint64_t> listener) -> Task<> {
          for (std::uint64_t seen = 0; seen < last;) {
            const std::uint64_t now = listener.get();
            EXPECT_GE(now, seen);
            seen = now;
            co_await yield();
          }
        },
        told);
  }
  co_await all.wait();
  EXPECT_EQ(told.get(), last);
}

}  // namespace
}  // namespace weir
