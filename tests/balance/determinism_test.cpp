// Picks are part of a run's hash: the same on every compiler and machine, for ever.

#include <gtest/gtest.h>

#include "tests/balance/picking.h"
#include "weir/base/sequence_hash.h"

namespace weir::balance {
namespace {

// Of the picks of a small fleet with unequal weights, tried workers and a full house.
std::uint64_t picks_hash(const PolicySpec& policy) {
  Stand stand(policy, 81);
  Random random({.seed = 81}, "test");
  for (std::uint32_t i = 0; i < 11; ++i) stand.add({.weight = 0.1 * (1 + i % 4), .limit = 3});
  SequenceHash hash;
  for (int step = 0; step < 20'000; ++step) {
    const auto worker = static_cast<WorkerIndex>(random.below(11));
    const WorkerId tried = stand.id(worker);
    if (stand.view()[worker].in_flight > 0) stand.finish(worker);
    const Decision decision = stand.pick(std::span(&tried, step % 5 == 0 ? 1 : 0));
    for (const WorkerIndex picked : decision.workers()) {
      stand.send(picked);
      hash.add(picked);
    }
  }
  return hash.value();
}

TEST(Determinism, PicksAreTheSameOnEveryCompiler) {
  EXPECT_EQ(picks_hash(p2c()), 13809459709925289486u);
  EXPECT_EQ(picks_hash(p2c(4)), 15377550385996733233u);
  EXPECT_EQ(picks_hash(least_loaded()), 6089508051173315809u);
  EXPECT_EQ(picks_hash(central_queue(1)), 4272352602553908247u);
  EXPECT_EQ(picks_hash(random()), 14929956729819868080u);
  EXPECT_EQ(picks_hash(weighted_round_robin()), 132677789214510357u);
  EXPECT_EQ(picks_hash(round_robin(true)), 5357419034230256884u);
}

}  // namespace
}  // namespace weir::balance
