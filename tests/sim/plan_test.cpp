// The search for the fewest workers or the greatest load.

#include "weir/sim/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::sim {
namespace {

// Met from `edge` on, or up to it.
PlanResult found(const Search& search, std::uint64_t edge, std::size_t* count = nullptr) {
  const auto result = search_plan(search, [&](std::uint64_t value) {
    if (count != nullptr) ++*count;
    EXPECT_GE(value, search.least);
    EXPECT_LE(value, search.most);
    return std::optional<Probe>(
        Probe{.value = value, .meets = search.fewest ? value >= edge : value <= edge});
  });
  EXPECT_TRUE(result.complete);
  return result;
}

TEST(Plan, FindsTheFewestFromWhereverItBegins) {
  for (std::uint64_t edge = 1; edge <= 64; ++edge) {
    for (const std::uint64_t start : {1u, 7u, 64u}) {
      const PlanResult result =
          found({.fewest = true, .least = 1, .most = 64, .start = start}, edge);
      EXPECT_EQ(result.answer, edge) << start;
      if (edge > 1) {
        ASSERT_NE(result.find(edge - 1), nullptr);
        EXPECT_FALSE(result.find(edge - 1)->meets);
      }
    }
  }
}

TEST(Plan, FindsTheGreatestFromWhereverItBegins) {
  for (std::uint64_t edge = 1; edge <= 64; ++edge) {
    for (const std::uint64_t start : {1u, 7u, 64u}) {
      EXPECT_EQ(found({.fewest = false, .least = 1, .most = 64, .start = start}, edge).answer, edge)
          << start;
    }
  }
}

TEST(Plan, HasNoAnswerWhereNothingMeetsTheObjective) {
  EXPECT_FALSE(found({.fewest = true, .least = 1, .most = 100, .start = 8}, 101).answer);
  EXPECT_FALSE(found({.fewest = false, .least = 5, .most = 100, .start = 8}, 4).answer);
}

TEST(Plan, ProbesNoValueTwiceAndFewOfThem) {
  std::size_t count = 0;
  const PlanResult result =
      found({.fewest = true, .least = 1, .most = 100'000, .start = 10}, 137, &count);
  EXPECT_EQ(result.answer, 137u);
  EXPECT_EQ(result.probes.size(), count);
  EXPECT_LE(count, 14u);
}

TEST(Plan, KeepsItsProbesWhenTheUserGivesUp) {
  const auto two = [](std::uint64_t value) {
    return value < 4 ? std::optional<Probe>(Probe{.value = value}) : std::nullopt;
  };
  const PlanResult result = search_plan({.most = 10}, two);
  EXPECT_FALSE(result.complete);
  EXPECT_FALSE(result.answer);
  EXPECT_EQ(result.probes.size(), 2u);
}

// Falls by less than a tenth from nine on.
std::optional<Probe> falling(std::uint64_t value) {
  return Probe{.value = value,
               .figure = Figure{1 / (0.5 + static_cast<double>(value))},
               .meets = value >= 7};
}

// Falls by less than a tenth from eleven down.
std::optional<Probe> rising(std::uint64_t load) {
  return Probe{
      .value = load, .figure = Figure{1 / (20.5 - static_cast<double>(load))}, .meets = load <= 15};
}

TEST(Plan, FindsWhereTheCurveBendsTowardsMoreRoom) {
  const Search workers{.fewest = true, .most = 64, .start = 7};
  PlanResult result = search_plan(workers, falling);
  find_knee(workers, falling, result);
  EXPECT_EQ(result.answer, 7u);
  EXPECT_EQ(result.knee, 9u);
  EXPECT_NE(result.find(10), nullptr);
  EXPECT_TRUE(std::ranges::is_sorted(result.probes, std::ranges::less_equal{}, &Probe::value));

  const Search load{.fewest = false, .most = 19, .start = 8};
  result = search_plan(load, rising);
  find_knee(load, rising, result);
  EXPECT_EQ(result.answer, 15u);
  EXPECT_EQ(result.knee, 11u);
}

TEST(Plan, HasNoKneeWhereTheRoomEndsOrNothingIsMeasured) {
  const Search search{.fewest = true, .most = 8, .start = 7};
  PlanResult result = search_plan(search, falling);
  find_knee(search, falling, result);
  EXPECT_FALSE(result.knee);

  const auto unmeasured = [](std::uint64_t value) {
    return std::optional<Probe>(Probe{.value = value, .meets = value >= 3});
  };
  result = search_plan(search, unmeasured);
  find_knee(search, unmeasured, result);
  EXPECT_FALSE(result.knee);
}

TEST(Objective, IsWrittenShortForTheLoad) {
  const Objective p99 = *parse_objective("p99<200ms", "web");
  EXPECT_EQ(p99.metric.text(), "web.response.p99");
  EXPECT_TRUE(p99.at_most);
  EXPECT_EQ(p99.bound, 0.2);
  const Objective success = *parse_objective("success >= 99.9%", "web");
  EXPECT_EQ(success.metric.text(), "web.success");
  EXPECT_FALSE(success.at_most);
  EXPECT_NEAR(success.bound, 0.999, 1e-12);
  EXPECT_EQ(parse_objective("mail.wait.mean <= 1s", "web")->metric.text(), "mail.wait.mean");
  EXPECT_EQ(parse_objective("wait.p99 < 5 ms", "web")->metric.text(), "web.wait.p99");
  EXPECT_EQ(parse_objective("service.success > 99%", "web")->metric.text(), "service.success");
}

TEST(Objective, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(parse_objective("p99", "web").error(),
            "--slo takes an objective such as 'p99<200ms' or 'success>99.9%', not 'p99'");
  EXPECT_TRUE(parse_objective("p98<200ms", "web")
                  .error()
                  .starts_with("--slo p98<200ms: unknown figure 'p98'"));
  EXPECT_EQ(parse_objective("p99<200", "web").error(),
            "--slo p99<200: '200' has no unit; write a time such as 10ms");
  EXPECT_EQ(parse_objective("p99>200ms", "web").error(),
            "--slo p99>200ms: web.response.p99 is bounded from above, with '<'");
  EXPECT_EQ(parse_objective("success<99%", "web").error(),
            "--slo success<99%: web.success is bounded from below, with '>'");
}

TEST(Objective, IsMetByTheWholeInterval) {
  const Objective p99 = *parse_objective("p99<200ms", "web");
  EXPECT_TRUE(p99.is_met_by(Figure{0.19, Interval{0.18, 0.2}}));
  EXPECT_FALSE(p99.is_met_by(Figure{0.19, Interval{0.17, 0.21}}));
  EXPECT_TRUE(p99.is_met_by(Figure{0.2}));
  EXPECT_FALSE(p99.is_met_by(std::nullopt));
}

}  // namespace
}  // namespace weir::sim
