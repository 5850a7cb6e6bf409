#include "weir/balance/least_loaded.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/balance/picking.h"

namespace weir::balance {
namespace {

// The plainest least loaded: look at all.
std::vector<WorkerIndex> least_of_all(const View& view) {
  std::vector<WorkerIndex> least;
  for (WorkerIndex worker = 0; worker < view.slots(); ++worker) {
    if (!view.is_eligible(worker)) continue;
    if (!least.empty() && view[worker].load() > view[least.front()].load()) continue;
    if (!least.empty() && view[worker].load() < view[least.front()].load()) least.clear();
    least.push_back(worker);
  }
  return least;
}

// One random thing happens to one worker.
void disturb(Stand& stand, Random& random) {
  const auto place = static_cast<WorkerIndex>(random.below(24));
  const std::uint64_t what = random.below(40);
  if (!stand.view().contains(place)) {
    stand.add({.limit = static_cast<std::uint32_t>(random.below(6))});
  } else if (what == 0) {
    stand.remove(place);
  } else if (what < 4) {
    stand.set_health(place, static_cast<Health>(random.below(4)));
  } else if (stand.view()[place].in_flight > 0 && what < 30) {
    stand.finish(place);
  } else if (stand.view()[place].in_flight > 0) {
    stand.cancel(place);
  }
}

TEST(LeastLoaded, AgreesWithAScanAndBreaksTiesUniformlyOverALongLife) {
  constexpr std::uint64_t seed = 41;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  Stand stand(least_loaded(), seed);
  stand.add_many(24, {.limit = 5});
  std::map<std::size_t, std::vector<double>> ranks;  // by the number of ties
  for (int step = 0; step < 200'000; ++step) {
    disturb(stand, random);
    const auto least = least_of_all(stand.view());
    const Decision decision = stand.pick();
    if (least.empty()) {
      ASSERT_EQ(decision.kind(), Decision::Kind::reject);
      continue;
    }
    const auto rank = std::ranges::find(least, decision.worker()) - least.begin();
    ASSERT_LT(static_cast<std::size_t>(rank), least.size()) << "at step " << step;
    ranks[least.size()].resize(least.size());
    ranks[least.size()][static_cast<std::size_t>(rank)] += 1;
    stand.send(decision.worker());
  }
  ASSERT_GT(ranks.size(), 5u);
  for (const auto& [ties, counts] : ranks) {
    if (std::ranges::min(counts) < 10) continue;  // too few for the test
    EXPECT_TRUE(is_uniform(counts)) << ties << " ties";
  }
}

TEST(LeastLoaded, AgreesWithAScanWhenWeightsDiffer) {
  constexpr std::uint64_t seed = 42;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  Stand stand(least_loaded(), seed);
  stand.add_weights({1, 2, 3, 0.5, 7, 1, 2, 3, 0.1, 10});
  for (int step = 0; step < 50'000; ++step) {
    const auto worker = static_cast<WorkerIndex>(random.below(10));
    const std::uint64_t what = random.below(20);
    if (what == 0) {
      stand.picker().set_weight(stand.id(worker), static_cast<double>(random.below(5)), stand.now);
    } else if (stand.view()[worker].in_flight > 0) {
      stand.finish(worker);
    }
    const auto least = least_of_all(stand.view());
    if (least.empty()) continue;
    ASSERT_TRUE(std::ranges::count(least, stand.dispatch()) == 1) << "at step " << step;
  }
}

TEST(LeastLoaded, IdleWorkersFormNoHotSpot) {
  Stand stand(least_loaded(), 43);
  stand.add_many(10);
  std::vector<double> counts(10);
  for (int i = 0; i < 50'000; ++i) {
    const WorkerIndex worker = stand.dispatch();
    counts[worker] += 1;
    stand.finish(worker);
  }
  EXPECT_TRUE(is_uniform(counts));
}

TEST(LeastLoaded, GivesEachAShareOfItsWeightUnderLoad) {
  Stand stand(least_loaded());
  stand.add_weights({5, 3, 2});
  for (int i = 0; i < 1000; ++i) stand.dispatch();
  EXPECT_EQ(stand.view()[0].in_flight, 500u);
  EXPECT_EQ(stand.view()[1].in_flight, 300u);
  EXPECT_EQ(stand.view()[2].in_flight, 200u);
}

TEST(LeastLoaded, GivesAnIdleFleetItsSharesByWeight) {
  Stand stand(least_loaded(), 44);
  stand.add_weights({5, 3, 2});
  EXPECT_TRUE(fits(frequencies(stand, 3, 50'000), std::vector<double>{5, 3, 2}));
}

TEST(LeastLoaded, FillsANewWorkerFirst) {
  Stand stand(least_loaded());
  stand.add_many(3);
  for (int i = 0; i < 9; ++i) stand.dispatch();
  const WorkerId added = stand.add();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(stand.dispatch(), added.index);
}

TEST(LeastLoaded, WhatARequestHasTriedCountsAgainForTheNext) {
  Stand stand(least_loaded());
  stand.add_many(3);
  stand.send(1);
  stand.send(2);
  stand.send(2);
  const WorkerId tried = stand.id(0);
  EXPECT_EQ(stand.pick(std::span(&tried, 1)).worker(), 1u);
  EXPECT_EQ(stand.pick().worker(), 0u);
}

}  // namespace
}  // namespace weir::balance
