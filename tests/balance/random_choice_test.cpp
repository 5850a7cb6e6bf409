#include "weir/balance/random_choice.h"

#include <gtest/gtest.h>

#include "tests/balance/picking.h"

namespace weir::balance {
namespace {

TEST(RandomChoice, IsUniformWhateverTheLoad) {
  Stand stand(random(), 61);
  stand.add_many(7);
  for (int i = 0; i < 10; ++i) stand.send(3);
  EXPECT_TRUE(is_uniform(frequencies(stand, 7, 70'000)));
}

TEST(RandomChoice, FollowsTheWeights) {
  Stand stand(random(), 62);
  stand.add_weights({1, 0, 4, 2.5});
  EXPECT_TRUE(fits(frequencies(stand, 4, 70'000), std::vector<double>{1, 0, 4, 2.5}));
}

TEST(RandomChoice, FollowsAChangeOfWeight) {
  Stand stand(random(), 64);
  stand.add_many(3);
  stand.picker().set_weight(stand.id(1), 6, stand.now);
  EXPECT_TRUE(fits(frequencies(stand, 3, 50'000), std::vector<double>{1, 6, 1}));
}

TEST(RandomChoice, PicksAreIndependent) {
  Stand stand(random(), 63);
  stand.add_many(3);
  std::vector<double> pairs(9);
  WorkerIndex before = stand.pick().worker();
  for (int i = 0; i < 90'000; ++i) {
    const WorkerIndex worker = stand.pick().worker();
    pairs[before * 3 + worker] += 1;
    before = worker;
  }
  EXPECT_TRUE(is_uniform(pairs));
}

}  // namespace
}  // namespace weir::balance
