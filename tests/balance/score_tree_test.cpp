#include "weir/balance/score_tree.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/balance/picking.h"

namespace weir::balance {
namespace {

TEST(ScoreTree, DrawsNothingWhenAllAreAbsent) {
  Random random({}, "test");
  ScoreTree tree;
  EXPECT_EQ(tree.draw(random), std::nullopt);

  tree.set(4, 1.0, 1.0);
  tree.set(4, ScoreTree::absent, 0);

  EXPECT_EQ(tree.draw(random), std::nullopt);
}

TEST(ScoreTree, DrawsTheLowestWithoutTouchingTheStreamWhenThereIsNoTie) {
  Random random({}, "test");
  Random untouched = random;
  ScoreTree tree;
  tree.set(0, 2.0, 1.0);
  tree.set(6, 1.0, 1.0);
  tree.set(2, 3.0, 1.0);

  EXPECT_EQ(tree.draw(random), 6u);
  EXPECT_EQ(random.next(), untouched.next());
}

TEST(ScoreTree, DrawsTiesInProportionToTheirWeights) {
  Random random({.seed = 5}, "test");
  ScoreTree tree;
  const std::vector<double> weights = {1, 0.5, 2, 3, 0.25, 1, 7};
  for (std::uint32_t i = 0; i < weights.size(); ++i) tree.set(i, 1.5, weights[i]);
  tree.set(7, 1.75, 100);

  std::vector<double> counts(8);
  for (int i = 0; i < 100'000; ++i) counts[tree.draw(random).value()] += 1;

  EXPECT_EQ(counts[7], 0);
  EXPECT_TRUE(fits(std::span(counts).first(7), weights));
}

TEST(ScoreTree, AgreesWithAScanOverRandomChanges) {
  constexpr std::uint64_t seed = 21;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  ScoreTree tree;
  std::vector<double> model(70, ScoreTree::absent);
  for (int step = 0; step < 50'000; ++step) {
    const auto index = static_cast<std::uint32_t>(random.below(model.size()));
    const auto score = static_cast<double>(random.below(6));
    model[index] = score == 5 ? ScoreTree::absent : score;
    tree.set(index, model[index], 1.0);
    const auto drawn = tree.draw(random);
    const double best = *std::ranges::min_element(model);
    if (best == ScoreTree::absent) {
      ASSERT_EQ(drawn, std::nullopt);
    } else {
      ASSERT_EQ(model[drawn.value()], best);
    }
  }
}

}  // namespace
}  // namespace weir::balance
