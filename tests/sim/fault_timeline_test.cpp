#include "weir/sim/fault_timeline.h"

#include <gtest/gtest.h>

#include "tests/support/experiment.h"

namespace weir::sim {
namespace {

using std::chrono_literals::operator""s;

// From 10 s to 13 s, and every 20 s again.
Fault again_and_again() {
  return {.at = 10s, .time = 3s, .every = 20s};
}

TEST(FaultTimeline, IsOnFromTheBeginningOfAStrikeToBeforeItsEnd) {
  const Fault fault = again_and_again();
  for (const Duration on : {Duration(10s), Duration(12s), Duration(30s), Duration(52s)}) {
    EXPECT_TRUE(is_on(fault, on)) << on.count();
  }
  for (const Duration off : {Duration(0s), Duration(9s), Duration(13s), Duration(29s)}) {
    EXPECT_FALSE(is_on(fault, off)) << off.count();
  }
  EXPECT_TRUE(is_on({.at = 1s}, 1000000s));
}

TEST(FaultTimeline, KnowsWhenThatChanges) {
  const Fault fault = again_and_again();
  EXPECT_EQ(next_change(fault, 0s), 10s);
  EXPECT_EQ(next_change(fault, 10s), 13s);
  EXPECT_EQ(next_change(fault, 13s), 30s);
  EXPECT_EQ(next_change(fault, 31s), 33s);
  EXPECT_EQ(next_change({.at = 1s}, 2s), Duration::max());
  EXPECT_EQ(next_change({.at = 1s, .time = 2s}, 3s), Duration::max());
}

TEST(FaultTimeline, AddsUpTheTimeInWhichAnyOfThemIsOn) {
  const std::vector<Fault> faults = {again_and_again(), {.at = 12s, .time = 4s}, {.at = 100s}};
  EXPECT_EQ(time_on(faults, 0s, 50s), 9s);  // 10 to 16 and 30 to 33
  EXPECT_EQ(time_on(faults, 11s, 14s), 3s);
  EXPECT_EQ(time_on(faults, 16s, 30s), 0s);
  EXPECT_EQ(time_on(faults, 100s, 500s), 400s);
  EXPECT_EQ(time_on(faults, 5s, 5s), 0s);
}

double response_with(const std::string& faults) {
  const std::string toml = R"toml(weir = 1
[horizon]
kind = "terminating"
time = "10s"
[[load]]
arrival = "poisson(300/s)"
service = "exp(10ms)"
[balancer]
policy = "least_loaded"
[[workers]]
count = 5
)toml" + faults;
  return run_replication(make_experiment(toml), 0, Duration::zero())
      .loads[0]
      .latencies.response.mean();
}

std::string stale(const std::string& at, const std::string& time, const std::string& age) {
  return "[[fault]]\nkind = 'stale'\nat = '" + at + "'\nfor = '" + time + "'\nage = '" + age +
         "'\n";
}

TEST(FaultTimeline, OfTwoStaleViewsTheOldestWins) {
  const double overlapping = response_with(stale("2s", "4s", "1s") + stale("4s", "4s", "100ms"));
  EXPECT_EQ(overlapping, response_with(stale("4s", "4s", "100ms") + stale("2s", "4s", "1s")));
  EXPECT_EQ(overlapping, response_with(stale("2s", "4s", "1s") + stale("6s", "2s", "100ms")));
  EXPECT_NE(overlapping, response_with(stale("2s", "2s", "1s") + stale("4s", "4s", "100ms")));
}

TEST(FaultTimeline, AnEndDoesNotEndAnotherStaleView) {
  const double within = response_with(stale("2s", "6s", "1s") + stale("3s", "1s", "100ms"));
  EXPECT_EQ(within, response_with(stale("2s", "6s", "1s")));
}

}  // namespace
}  // namespace weir::sim
