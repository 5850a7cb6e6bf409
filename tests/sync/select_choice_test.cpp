// Which of several ready cases a select picks.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

constexpr int draws = 6000;

// Pearson's statistic of `counts` against equal shares.
double chi_square(const std::vector<int>& counts) {
  int total = 0;
  for (int count : counts) total += count;
  const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
  double sum = 0;
  for (int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

// Quantiles of chi-square at 1 - 10^-6 for 1 to 4 degrees of freedom. The seeds are fixed, so the
// tests either pass for ever or fail for ever.
constexpr std::array<double, 6> limit = {0, 0, 23.93, 27.63, 30.66, 33.38};

struct Ready {
  explicit Ready(int n) {
    for (int i = 0; i < n; ++i) {
      auto closed = make_channel<int>();
      closed.close();
      owned.push_back(std::make_unique<ReceiveCase<int>>(closed, std::source_location::current()));
      cases.push_back(owned.back().get());
    }
  }
  std::vector<std::unique_ptr<ReceiveCase<int>>> owned;
  std::vector<Case*> cases;
};

Task<std::vector<int>> count_choices(int n) {
  Ready ready(n);
  std::vector<int> counts(static_cast<std::size_t>(n));
  for (int i = 0; i < draws; ++i) {
    const int chosen = co_await select(ready.cases);
    ++counts[static_cast<std::size_t>(chosen)];
  }
  co_return counts;
}

TEST(SelectChoice, IsUniformAmongReadyCases) {
  for (int n : {2, 3, 4, 5}) {
    for (std::uint64_t seed : {1u, 2u, 3u}) {
      const auto counts = run_virtual(count_choices(n), {.seed = seed});
      EXPECT_LT(chi_square(counts), limit.at(static_cast<std::size_t>(n)))
          << n << ", seed " << seed;
    }
  }
}

TEST(SelectChoice, IsNotPoorOnRealProcessorsEither) {
  for (int n : {2, 3, 4, 5}) {
    const auto counts = run(count_choices(n), {.processors = 1});
    EXPECT_LT(chi_square(counts), limit.at(static_cast<std::size_t>(n))) << n;
  }
}

// Case 1 of three is never ready: the others share evenly, which a rotation would not give.
Task<std::vector<int>> count_choices_around_a_gap() {
  Ready ready(2);
  auto silent = make_channel<int>();
  auto never = receive_from(silent);
  std::vector<int> counts(2);
  for (int i = 0; i < draws; ++i) {
    const int chosen = co_await select(*ready.owned[0], never, *ready.owned[1]);
    ++counts[chosen == 0 ? 0 : 1];
  }
  co_return counts;
}

TEST(SelectChoice, IsUniformAroundACaseThatIsNotReady) {
  const auto counts = run_virtual(count_choices_around_a_gap(), {.seed = 4});
  EXPECT_LT(chi_square(counts), limit[2]);
}

TEST(SelectChoice, FollowsTheSeed) {
  const auto first = run_virtual(count_choices(3), {.seed = 11});
  const auto again = run_virtual(count_choices(3), {.seed = 11});
  const auto other = run_virtual(count_choices(3), {.seed = 12});
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

Task<> expect_every_order_of_forty() {
  Ready ready(40);
  std::vector<int> counts(40);
  for (int i = 0; i < 40 * 100; ++i) {
    const int chosen = co_await select(ready.cases);
    ++counts[static_cast<std::size_t>(chosen)];
  }
  constexpr double limit_of_39_degrees = 100;  // one in a million lies beyond 98
  EXPECT_LT(chi_square(counts), limit_of_39_degrees);
}

TEST(SelectChoice, IsUniformAmongMoreCasesThanOneDrawOrders) {
  run_virtual(expect_every_order_of_forty(), {.seed = 5});
}

CONCURRENCY_TEST(SelectFirst, TakesTheFirstThatIsReady) {
  Ready ready(3);
  auto silent = make_channel<int>();
  auto never = receive_from(silent);
  for (int i = 0; i < 50; ++i) {
    const int chosen = co_await select_first(never, *ready.owned[2], *ready.owned[0]);
    EXPECT_EQ(chosen, 1);
  }
}

}  // namespace
}  // namespace weir
