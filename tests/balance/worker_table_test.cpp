#include "weir/balance/worker_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "weir/base/random.h"

namespace weir::balance {
namespace {

std::vector<WorkerIndex> eligible(const View& view) {
  return {view.eligible().begin(), view.eligible().end()};
}

TEST(WorkerTable, AWorkerWithoutRoomIsNotEligibleUntilSomethingEnds) {
  WorkerTable table;
  table.add({.concurrency = 2, .limit = 1});

  for (int i = 0; i < 3; ++i) table.sent(0, 1);
  EXPECT_FALSE(table.is_eligible(0));
  EXPECT_EQ(table.fit(), 1u);
  EXPECT_EQ(table[0].queued(), 1u);

  table.done(0, 1);
  EXPECT_TRUE(table.is_eligible(0));
}

TEST(WorkerTable, AnUnboundedQueueAlwaysHasRoom) {
  WorkerTable table;
  table.add({});

  for (int i = 0; i < 1000; ++i) table.sent(0, 1);

  EXPECT_TRUE(table.is_eligible(0));
}

TEST(WorkerTable, AWeightOfZeroTakesNoNewRequests) {
  WorkerTable table;
  table.add({.weight = 0});
  EXPECT_FALSE(table.is_eligible(0));

  table.set_weight(0, 0.5);
  EXPECT_TRUE(table.is_eligible(0));
}

TEST(WorkerTable, OnlyWorkersThatAreUpAreEligibleWhileMostAreUp) {
  WorkerTable table;
  for (int i = 0; i < 6; ++i) table.add({});

  table.set_health(0, Health::draining);
  table.set_health(1, Health::ejected);
  table.set_health(2, Health::down);

  EXPECT_FALSE(table.panicking());
  EXPECT_EQ(table.fit(), 3u);
  for (const WorkerIndex worker : {0u, 1u, 2u}) EXPECT_FALSE(table.is_eligible(worker));
}

TEST(WorkerTable, PanicMakesEjectedWorkersEligibleButNotThoseThatDrainOrAreDown) {
  WorkerTable table;
  for (int i = 0; i < 5; ++i) table.add({});
  table.set_health(0, Health::draining);
  table.set_health(1, Health::ejected);
  table.set_health(2, Health::down);
  EXPECT_FALSE(table.panicking());  // 2 of 4 that do not drain are up: exactly half

  table.set_health(3, Health::ejected);
  EXPECT_TRUE(table.panicking());
  EXPECT_EQ(table.fit(), 3u);
  EXPECT_TRUE(table.is_eligible(1));
  EXPECT_FALSE(table.is_eligible(0));
  EXPECT_FALSE(table.is_eligible(2));

  table.set_health(3, Health::up);
  EXPECT_FALSE(table.panicking());
  EXPECT_FALSE(table.is_eligible(1));
}

TEST(WorkerTable, AThresholdOfZeroNeverPanics) {
  WorkerTable table({.panic_threshold = 0});
  table.add({});

  table.set_health(0, Health::ejected);

  EXPECT_FALSE(table.panicking());
  EXPECT_TRUE(table.eligible().empty());
}

TEST(WorkerTable, APlaceIsReusedUnderANewGeneration) {
  WorkerTable table;
  const WorkerId first = table.add({.name = "a"});
  table.sent(0, 1);
  table.remove(0);
  EXPECT_EQ(table.find(first), std::nullopt);

  const WorkerId second = table.add({.name = "b"});

  EXPECT_EQ(second.index, first.index);
  EXPECT_NE(second, first);
  EXPECT_EQ(table.find(first), std::nullopt);
  EXPECT_EQ(table.find(second), 0u);
  EXPECT_EQ(table[0].in_flight, 0u);
  EXPECT_EQ(table[0].name, "b");
}

TEST(WorkerTable, RemembersSinceWhenAWorkerHasItsHealth) {
  WorkerTable table;
  table.add({});
  table.advance(TimePoint{5s});
  table.set_health(0, Health::up);
  EXPECT_EQ(table[0].since, TimePoint{});

  table.set_health(0, Health::ejected);
  EXPECT_EQ(table[0].since, TimePoint{5s});
}

TEST(WorkerTable, AnIdleWorkerHasNoWork) {
  WorkerTable table;
  table.add({});
  for (const double cost : {0.1, 0.2, 0.3}) table.sent(0, cost);
  EXPECT_DOUBLE_EQ(table[0].work, 0.6);

  for (const double cost : {0.3, 0.2, 0.1}) table.done(0, cost);

  EXPECT_EQ(table[0].work, 0);
}

TEST(WorkerTable, HidesTriedWorkersAndShowsThemAgainInTheSameOrder) {
  WorkerTable table;
  std::vector<WorkerId> workers;
  for (int i = 0; i < 6; ++i) workers.push_back(table.add({}));
  table.set_health(1, Health::draining);
  const auto before = eligible(table);

  table.hide(std::array{workers[3], workers[1], workers[0], workers[3]});
  EXPECT_EQ(table.eligible().size(), 3u);
  EXPECT_FALSE(table.is_eligible(3));
  EXPECT_FALSE(table.is_eligible(0));

  table.show();
  EXPECT_EQ(eligible(table), before);
}

TEST(WorkerTable, HidesNobodyWhenAllWouldBeHidden) {
  WorkerTable table;
  std::vector<WorkerId> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(table.add({}));
  const auto before = eligible(table);

  table.hide(workers);

  EXPECT_EQ(eligible(table), before);
}

TEST(WorkerTable, EligibilityAgreesWithTheFilterOverRandomChanges) {
  constexpr std::uint64_t seed = 31;
  SCOPED_TRACE(seed);
  Random random({.seed = seed}, "test");
  WorkerTable table;
  for (int step = 0; step < 30'000; ++step) {
    const auto place = static_cast<WorkerIndex>(random.below(40));
    const std::uint64_t change = random.below(6);
    if (!table.contains(place)) {
      if (table.size() < 40) table.add({.limit = static_cast<std::uint32_t>(random.below(3))});
    } else if (change == 0) {
      table.remove(place);
    } else if (change == 1) {
      table.set_health(place, static_cast<Health>(random.below(4)));
    } else if (change == 2) {
      table.set_weight(place, static_cast<double>(random.below(3)));
    } else if (change == 3 && table[place].in_flight > 0) {
      table.done(place, 1);
    } else if (table.is_eligible(place)) {
      table.sent(place, 1);
    }

    std::size_t up = 0, members = 0, fit = 0;
    for (WorkerIndex worker = 0; worker < table.slots(); ++worker) {
      if (!table.contains(worker)) continue;
      up += table[worker].health == Health::up ? 1 : 0;
      members += table[worker].health != Health::draining ? 1 : 0;
    }
    ASSERT_EQ(table.panicking(), 2 * up < members);
    for (WorkerIndex worker = 0; worker < table.slots(); ++worker) {
      const bool is_ok = table.contains(worker) && is_fit(table[worker], table.panicking());
      fit += is_ok ? 1 : 0;
      ASSERT_EQ(table.is_eligible(worker), is_ok && table[worker].has_room()) << step;
    }
    ASSERT_EQ(table.fit(), fit);
  }
}

TEST(WorkerTableDeathTest, MoreEndsThanWereSentIsABug) {
  WorkerTable table;
  table.add({});
  EXPECT_DEATH(table.done(0, 1), "more requests ended at a worker than were sent");
}

TEST(WorkerTableDeathTest, TimeThatGoesBackIsABug) {
  WorkerTable table;
  table.advance(TimePoint{2s});
  EXPECT_DEATH(table.advance(TimePoint{1s}), "time went back");
}

}  // namespace
}  // namespace weir::balance
