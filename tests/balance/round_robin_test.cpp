#include "weir/balance/round_robin.h"

#include <gtest/gtest.h>

#include "tests/balance/picking.h"
#include "weir/balance/weighted_round_robin.h"

namespace weir::balance {
namespace {

TEST(RoundRobin, TakesEachInTurn) {
  Stand stand(round_robin());
  stand.add_many(3);
  EXPECT_EQ(sequence(stand, 7), "abcabca");
}

TEST(RoundRobin, StartsAtARandomWorkerIfAskedTo) {
  std::vector<double> starts(5);
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    Stand stand(round_robin(true), seed);
    stand.add_many(5);
    const WorkerIndex first = stand.pick().worker();
    EXPECT_EQ(stand.pick().worker(), (first + 1) % 5);
    starts[first] += 1;
  }
  EXPECT_TRUE(is_uniform(starts));
}

TEST(RoundRobin, PassesOverWhoIsNotEligibleAndReturnsToTheOldTurn) {
  Stand stand(round_robin());
  stand.add_many(5);
  stand.set_health(1, Health::ejected);
  stand.set_health(2, Health::draining);
  EXPECT_EQ(sequence(stand, 5), "adead");

  stand.set_health(1, Health::up);
  stand.set_health(2, Health::up);
  EXPECT_EQ(sequence(stand, 6), "eabcde");
}

TEST(RoundRobin, KeepsTheTurnWhileWorkersFillAndDrain) {
  Stand stand(round_robin());
  stand.add_many(4, {.limit = 0});
  EXPECT_EQ(stand.dispatch(), 0u);
  EXPECT_EQ(stand.dispatch(), 1u);
  EXPECT_EQ(stand.dispatch(), 2u);
  stand.finish(1);
  EXPECT_EQ(stand.dispatch(), 3u);
  EXPECT_EQ(stand.dispatch(), 1u);
  stand.finish(0);
  stand.finish(2);
  EXPECT_EQ(stand.dispatch(), 2u);
  EXPECT_EQ(stand.dispatch(), 0u);
}

TEST(RoundRobin, GoesOnWhenWorkersComeAndGo) {
  Stand stand(round_robin());
  stand.add_many(3);
  EXPECT_EQ(sequence(stand, 2), "ab");
  stand.remove(2);
  EXPECT_EQ(sequence(stand, 2), "ab");
  stand.add_many(2);
  EXPECT_EQ(sequence(stand, 5), "cdabc");
}

TEST(WeightedRoundRobin, SpreadsTheHeavyOneOut) {
  Stand stand(weighted_round_robin());
  stand.add_weights({5, 1, 1});
  EXPECT_EQ(sequence(stand, 14), "aabacaaaabacaa");
}

TEST(WeightedRoundRobin, WithEqualWeightsIsRoundRobin) {
  Stand weighted(weighted_round_robin());
  Stand plain(round_robin());
  weighted.add_many(7, {.weight = 0.5});
  plain.add_many(7);
  EXPECT_EQ(sequence(weighted, 50), sequence(plain, 50));
}

TEST(WeightedRoundRobin, GivesEachItsShareInEveryRound) {
  Stand stand(weighted_round_robin());
  stand.add_weights({4, 3, 2, 1});
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(frequencies(stand, 4, 10), (std::vector<double>{4, 3, 2, 1}));
  }
}

TEST(WeightedRoundRobin, FollowsAChangeOfWeight) {
  Stand stand(weighted_round_robin());
  stand.add_weights({1, 1});
  EXPECT_EQ(sequence(stand, 4), "abab");

  stand.picker().set_weight(stand.id(1), 3, stand.now);

  EXPECT_EQ(frequencies(stand, 2, 400), (std::vector<double>{100, 300}));
}

TEST(WeightedRoundRobin, AWorkerOnAnOldPlaceOwesNothing) {
  Stand stand(weighted_round_robin());
  stand.add_weights({1, 1, 10});
  EXPECT_EQ(sequence(stand, 1), "c");  // a and b are owed one, c owes two
  stand.remove(2);
  stand.add({.weight = 2});
  EXPECT_EQ(sequence(stand, 2), "ac");
}

}  // namespace
}  // namespace weir::balance
