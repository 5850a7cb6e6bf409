#include "weir/balance/p2c.h"

#include <gtest/gtest.h>

#include "tests/balance/picking.h"
#include "weir/balance/least_loaded.h"

namespace weir::balance {
namespace {

TEST(P2c, OfTwoWorkersAlwaysTakesTheBetter) {
  Stand stand(p2c());
  stand.add_many(2);
  stand.send(0);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(stand.pick().worker(), 1u);
}

// With n workers and all loads different, the one of rank r (0 is the best) wins when it is drawn
// together with one of the n - 1 - r that are worse.
TEST(P2c, DrawsDistinctPairsUniformly) {
  constexpr std::size_t workers = 7;
  Stand stand(p2c(), 3);
  stand.add_many(workers);
  for (WorkerIndex worker = 0; worker < workers; ++worker) {
    for (WorkerIndex load = 0; load < worker; ++load) stand.send(worker);
  }
  std::vector<double> shares;
  for (std::size_t rank = 0; rank < workers; ++rank) {
    shares.push_back(static_cast<double>(workers - 1 - rank));
  }
  EXPECT_TRUE(fits(frequencies(stand, workers, 100'000), shares));
}

// Of d the best: rank r wins with the other d - 1 drawn among the worse.
TEST(P2c, DrawsAsManyChoicesAsAskedFor) {
  constexpr std::size_t workers = 6;
  Stand stand(p2c(4), 4);
  stand.add_many(workers);
  for (WorkerIndex worker = 0; worker < workers; ++worker) {
    for (WorkerIndex load = 0; load < worker; ++load) stand.send(worker);
  }
  const std::vector<double> shares = {10, 4, 1, 0, 0, 0};  // C(5-r, 3) of C(6, 4)
  EXPECT_TRUE(fits(frequencies(stand, workers, 100'000), shares));
}

TEST(P2c, WithOneChoiceIsUniform) {
  Stand stand(p2c(1), 5);
  stand.add_many(9);
  stand.send(0);
  EXPECT_TRUE(is_uniform(frequencies(stand, 9, 50'000)));
}

TEST(P2c, BreaksTiesUniformlyAmongEqualWeights) {
  Stand stand(p2c(), 6);
  stand.add_many(5);
  EXPECT_TRUE(is_uniform(frequencies(stand, 5, 50'000)));
}

TEST(P2c, BreaksTiesInProportionToWeight) {
  Stand stand(p2c(), 7);
  stand.add_weights({3, 1});
  EXPECT_TRUE(fits(frequencies(stand, 2, 50'000), std::vector<double>{3, 1}));
}

TEST(P2c, DividesLoadByWeight) {
  Stand stand(p2c());
  stand.add_weights({4, 1});
  for (int i = 0; i < 3; ++i) stand.send(0);
  stand.send(1);
  EXPECT_EQ(frequencies(stand, 2, 100), (std::vector<double>{100, 0}));  // 3/4 against 1/1
  for (int i = 0; i < 2; ++i) stand.send(0);
  EXPECT_EQ(frequencies(stand, 2, 100), (std::vector<double>{0, 100}));  // 5/4 against 1/1
}

TEST(P2c, WithAllWorkersAsChoicesFindsTheLeastLoaded) {
  constexpr std::uint64_t seed = 8;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  Stand stand(p2c(8), seed);
  stand.add_weights({1, 2, 3, 1, 2, 3, 1, 2});
  for (int step = 0; step < 20'000; ++step) {
    if (random.below(2) == 0) {
      const auto worker = static_cast<WorkerIndex>(random.below(8));
      if (stand.view()[worker].in_flight > 0) stand.finish(worker);
      continue;
    }
    const WorkerIndex picked = stand.pick().worker();
    for (const WorkerIndex other : stand.view().eligible()) {
      ASSERT_LE(stand.view()[picked].load(), stand.view()[other].load());
    }
    stand.send(picked);
  }
}

TEST(P2c, SameSeedPicksTheSame) {
  Stand one(p2c(), 9);
  Stand two(p2c(), 9);
  one.add_many(20);
  two.add_many(20);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(one.dispatch(), two.dispatch());
}

TEST(P2cDeathTest, ChoosingAmongNoneIsABug) {
  EXPECT_DEATH(p2c(0), "at least 1 and at most 32");
}

}  // namespace
}  // namespace weir::balance
