// Shares of one object, of which the last frees it.

#include "weir/sync/shared.h"

#include <gtest/gtest.h>

#include <atomic>
#include <utility>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/go.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

class Counting : public Counted {
 public:
  explicit Counting(std::atomic<int>& ends) : ends_(ends) {}
  ~Counting() { ++ends_; }

 private:
  std::atomic<int>& ends_;
};

TEST(Shared, FreesWithTheLastShare) {
  std::atomic<int> ends = 0;
  Shared<Counting> first(new Counting(ends));
  Shared<Counting> second = first;
  first = Shared<Counting>();
  EXPECT_EQ(ends, 0);
  second = Shared<Counting>();
  EXPECT_EQ(ends, 1);
}

TEST(Shared, MovesWithoutCounting) {
  std::atomic<int> ends = 0;
  Shared<Counting> first(new Counting(ends));
  const Counting* const object = first.get();
  const Shared<Counting> second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_EQ(second.get(), object);
  EXPECT_EQ(ends, 0);
}

TEST(Shared, IsSharedAnewFromTheObjectItself) {
  std::atomic<int> ends = 0;
  {
    const Shared<Counting> first(new Counting(ends));
    const Shared<Counting> again(first.get());
    EXPECT_EQ(first, again);
  }
  EXPECT_EQ(ends, 1);
}

CONCURRENCY_TEST(Shared, IsFreedOnceWhoeverIsLast) {
  std::atomic<int> ends = 0;
  WaitGroup all;
  {
    const Shared<Counting> shared(new Counting(ends));
    for (int i = 0; i < 8; ++i) {
      all.go(
          [](Shared<Counting> share) -> Task<> {
            for (int copies = 0; copies < 20; ++copies) {
              const Shared<Counting> more = share;
              if (copies % 5 == 0) co_await yield();
            }
          },
          shared);
    }
  }
  co_await all.wait();
  EXPECT_EQ(ends, 1);
}

// Made in virtual time, dropped outside of it: there others may be about.
TEST(Shared, OutlivesTheRunThatItWasMadeIn) {
  std::atomic<int> ends = 0;
  Shared<Counting> kept;
  run_virtual([](Shared<Counting>& out, std::atomic<int>& count) -> Task<> {
    out = Shared<Counting>(new Counting(count));
    co_return;
  }(kept, ends));
  EXPECT_EQ(ends, 0);
  kept = Shared<Counting>();
  EXPECT_EQ(ends, 1);
}

}  // namespace
}  // namespace weir
