#include "weir/sim/laws.h"

#include <gtest/gtest.h>

namespace weir::sim {
namespace {

TimePoint at(std::int64_t nanoseconds) {
  return TimePoint(Duration(nanoseconds));
}

constexpr auto one_less = ~std::uint64_t{0};

// One attempt waits from 10 to 30 and is served until 70; another one waits from 20 to 25 and
// leaves.
Laws honest() {
  Laws laws;
  laws.change(1, 0, at(10));
  laws.change(1, 0, at(20));
  laws.change(one_less, 0, at(25));
  laws.waited(Duration(5));
  laws.change(one_less, 1, at(30));
  laws.waited(Duration(20));
  laws.change(0, one_less, at(70));
  laws.was_served(Duration(40));
  return laws;
}

TEST(Laws, HoldWhereBothLedgersAgree) {
  honest().check();
}

TEST(LawsDeathTest, FindANanosecondTooMuch) {
  Laws laws = honest();
  laws.waited(Duration(1));
  EXPECT_DEATH(laws.check(), "Little's law does not hold for those that waited");
  Laws other = honest();
  other.was_served(Duration(1));
  EXPECT_DEATH(other.check(), "Little's law does not hold for those that were served");
}

TEST(LawsDeathTest, FindWhoWasForgotten) {
  Laws laws = honest();
  laws.change(1, 0, at(80));
  EXPECT_DEATH(laws.check(), "a run ended while attempts waited or were served");
}

}  // namespace
}  // namespace weir::sim
