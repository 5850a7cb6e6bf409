// A picker whose view is brought up to date only now and then.

#include <gtest/gtest.h>

#include "weir/balance/least_loaded.h"
#include "weir/balance/picker.h"
#include "weir/balance/round_robin.h"

namespace weir::balance {
namespace {

constexpr TimePoint start{};

// Two workers with one slot each, and nowhere to wait.
struct StalePicker : Picker {
  StalePicker(const PolicySpec& policy, Duration period)
      : Picker(policy, Random({.seed = 3}, "policy")) {
    set_stale(period, start);
    for (int i = 0; i < 2; ++i) add({.concurrency = 1, .limit = 0}, start);
  }
};

TEST(StaleView, ShowsLoadsAsTheyWereAtTheLastRepainting) {
  StalePicker picker(least_loaded(), 10ms);
  const WorkerId first = picker.view()[0].id;
  picker.note(Event::sent(first), start + 1ms);
  EXPECT_EQ(picker.view()[0].in_flight, 0u);
  EXPECT_TRUE(picker.view().is_eligible(0)) << "it has no room, but nobody knows";
  (void)picker.pick({}, start + 9ms);
  EXPECT_EQ(picker.view()[0].in_flight, 0u);
  EXPECT_EQ(picker.pick({}, start + 10ms).worker(), 1u);
  EXPECT_EQ(picker.view()[0].in_flight, 1u);
}

TEST(StaleView, IsRepaintedAtMultiplesOfThePeriod) {
  StalePicker picker(least_loaded(), 10ms);
  const WorkerId first = picker.view()[0].id;
  picker.note(Event::sent(first), start + 25ms);
  EXPECT_EQ(picker.next_tick(), start + 30ms);
  picker.note(Event::tick(), start + 30ms);
  EXPECT_EQ(picker.view()[0].in_flight, 1u);
  EXPECT_EQ(picker.next_tick(), time_never);
}

TEST(StaleView, KnowsHealthAtOnce) {
  StalePicker picker(round_robin(), 10ms);
  picker.set_health(picker.view()[0].id, Health::down, start + 1ms);
  EXPECT_EQ(picker.pick({}, start + 1ms).worker(), 1u);
  EXPECT_EQ(picker.pick({}, start + 1ms).worker(), 1u);
}

TEST(StaleView, ForgetsNewsOfWorkersThatHaveLeft) {
  StalePicker picker(least_loaded(), 10ms);
  const WorkerId first = picker.view()[0].id;
  picker.note(Event::sent(first), start + 1ms);
  picker.remove(first, start + 2ms);
  const WorkerId next = picker.add({.concurrency = 1}, start + 3ms);
  EXPECT_EQ(next.index, first.index);
  picker.note(Event::tick(), start + 20ms);
  EXPECT_EQ(picker.view()[next.index].in_flight, 0u);
}

TEST(StaleView, ShowsEverythingWhenItIsFreshAgain) {
  StalePicker picker(least_loaded(), 1h);
  picker.note(Event::sent(picker.view()[1].id), start + 1ms);
  picker.set_stale(Duration::zero(), start + 2ms);
  EXPECT_EQ(picker.view()[1].in_flight, 1u);
  EXPECT_FALSE(picker.is_stale());
  EXPECT_EQ(picker.pick({}, start + 2ms).worker(), 0u);
}

}  // namespace
}  // namespace weir::balance
