#include "weir/balance/index_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "weir/base/random.h"

namespace weir::balance {
namespace {

TEST(IndexSet, HoldsWhatWasInsertedAndNotErased) {
  IndexSet set;
  set.insert(3);
  set.insert(200);
  set.insert(3);
  set.erase(3);

  EXPECT_FALSE(set.contains(3));
  EXPECT_TRUE(set.contains(200));
  EXPECT_FALSE(set.contains(100'000));
  EXPECT_EQ(set.members().size(), 1u);
}

TEST(IndexSet, FindsTheNextMemberAndWrapsAround) {
  IndexSet set;
  EXPECT_EQ(set.next(0), std::nullopt);

  for (const std::uint32_t index : {5u, 64u, 700u}) set.insert(index);

  EXPECT_EQ(set.next(0), 5u);
  EXPECT_EQ(set.next(5), 5u);
  EXPECT_EQ(set.next(6), 64u);
  EXPECT_EQ(set.next(65), 700u);
  EXPECT_EQ(set.next(701), 5u);
  EXPECT_EQ(set.next(1'000'000), 5u);
}

TEST(IndexSet, RestoresTheOrderOfMembersWhenErasuresAreUndone) {
  IndexSet set;
  for (std::uint32_t index = 0; index < 6; ++index) set.insert(index);
  set.erase(2);
  const std::vector<std::uint32_t> before(set.members().begin(), set.members().end());

  const std::uint32_t first = set.erase(0);
  const std::uint32_t second = set.erase(5);
  const std::uint32_t third = set.erase(4);
  set.restore(4, third);
  set.restore(5, second);
  set.restore(0, first);

  EXPECT_EQ(std::vector(set.members().begin(), set.members().end()), before);
  for (const std::uint32_t index : before) {
    const std::uint32_t place = set.erase(index);
    EXPECT_FALSE(std::ranges::count(set.members(), index));
    set.restore(index, place);
  }
  EXPECT_EQ(std::vector(set.members().begin(), set.members().end()), before);
}

TEST(IndexSet, AgreesWithAnOrderedSetOverRandomChanges) {
  constexpr std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  IndexSet set;
  std::set<std::uint32_t> model;
  for (int step = 0; step < 20'000; ++step) {
    const auto index = static_cast<std::uint32_t>(random.below(300));
    if (model.contains(index)) {
      model.erase(index);
      set.erase(index);
    } else {
      model.insert(index);
      set.insert(index);
    }
    const auto from = static_cast<std::uint32_t>(random.below(300));
    auto next = model.lower_bound(from);
    if (next == model.end()) next = model.begin();
    if (model.empty()) {
      ASSERT_EQ(set.next(from), std::nullopt);
    } else {
      ASSERT_EQ(set.next(from), *next);
    }
    ASSERT_EQ(std::set(set.members().begin(), set.members().end()), model);
  }
}

}  // namespace
}  // namespace weir::balance
