#include "weir/balance/central_queue.h"

#include <gtest/gtest.h>

#include "tests/balance/picking.h"

namespace weir::balance {
namespace {

TEST(CentralQueue, HoldsExactlyWhenNoSlotIsFree) {
  constexpr std::uint64_t seed = 51;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  for (const std::uint32_t prefetch : {0u, 1u, 3u}) {
    Stand stand(central_queue(prefetch), seed);
    for (std::uint32_t i = 0; i < 6; ++i) stand.add({.concurrency = 1 + i % 3});
    for (int step = 0; step < 20'000; ++step) {
      const auto worker = static_cast<WorkerIndex>(random.below(6));
      if (stand.view()[worker].in_flight > 0 && random.below(2) == 0) stand.finish(worker);
      bool is_free = false;
      for (const WorkerIndex other : stand.view().eligible()) {
        is_free |= stand.view()[other].in_flight < stand.view()[other].concurrency + prefetch;
      }
      const Decision decision = stand.pick();
      ASSERT_EQ(decision.kind(), is_free ? Decision::Kind::send : Decision::Kind::hold);
      if (!is_free) continue;
      const WorkerView& picked = stand.view()[decision.worker()];
      ASSERT_LT(picked.in_flight, picked.concurrency + prefetch);
      stand.send(decision.worker());
    }
  }
}

TEST(CentralQueue, TakesAFreeWorkerUniformly) {
  Stand stand(central_queue(), 52);
  stand.add_many(6);
  stand.send(2);
  const auto counts = frequencies(stand, 6, 50'000);
  EXPECT_TRUE(fits(counts, std::vector<double>{1, 1, 0, 1, 1, 1}));
}

TEST(CentralQueue, PrefetchesOnlyWhenNoSlotIsFree) {
  Stand stand(central_queue(2));
  stand.add({.concurrency = 1});
  stand.add({.concurrency = 3});
  for (int i = 0; i < 4; ++i) stand.dispatch();
  EXPECT_EQ(stand.view()[0].in_flight, 1u);
  EXPECT_EQ(stand.view()[1].in_flight, 3u);

  for (int i = 0; i < 4; ++i) stand.dispatch();
  EXPECT_EQ(stand.view()[0].queued(), 2u);
  EXPECT_EQ(stand.view()[1].queued(), 2u);
  EXPECT_EQ(stand.pick().kind(), Decision::Kind::hold);
}

TEST(CentralQueue, SendsAgainWhenARequestIsCancelled) {
  Stand stand(central_queue());
  stand.add();
  stand.dispatch();
  EXPECT_EQ(stand.pick().kind(), Decision::Kind::hold);
  stand.cancel(0);
  EXPECT_EQ(stand.pick().worker(), 0u);
}

TEST(CentralQueue, ARetryWaitsForAnotherWorkerRatherThanGoBack) {
  Stand stand(central_queue());
  stand.add_many(2);
  stand.send(1);
  const WorkerId failed = stand.id(0);

  EXPECT_EQ(stand.pick(std::span(&failed, 1)).kind(), Decision::Kind::hold);
  EXPECT_EQ(stand.pick().worker(), 0u);

  stand.finish(1);
  EXPECT_EQ(stand.pick(std::span(&failed, 1)).worker(), 1u);
}

}  // namespace
}  // namespace weir::balance
