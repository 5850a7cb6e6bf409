// The lone thread and newcomers exclude each other in every order, and each step of that is needed.

#include "tests/model/lone_model.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::model {
namespace {

void expect_sound(LoneScenario scenario) {
  const Exhausted result = exhaust_lone(scenario, LoneMutation::none);
  EXPECT_EQ(result.bug, "");
  EXPECT_GT(result.states, 500u);
}

void expect_caught(LoneScenario scenario, LoneMutation mutation,
                   const std::string& bug = "two threads are in one section") {
  EXPECT_EQ(exhaust_lone(scenario, mutation).bug, bug);
}

TEST(LoneModel, ANewcomerIsNeverInsideWithTheLoneThread) {
  expect_sound(LoneScenario::one_newcomer);
}

TEST(LoneModel, NorAreTwoNewcomersAtTwoLocks) {
  expect_sound(LoneScenario::two_newcomers);
}

TEST(LoneModel, NorAreTwoThatBecomeLoneInTurn) {
  expect_sound(LoneScenario::two_lone);
  expect_sound(LoneScenario::lone_and_other);
}

TEST(LoneModel, TheNewcomerNeedsTheBarrier) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::no_barrier);
}

TEST(LoneModel, TheLoneThreadHasToLookAtTheTitleFromInside) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::no_second_look);
}

TEST(LoneModel, TheLoneThreadHasToLookWhetherTheLockIsHeld) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::no_look_at_lock);
}

TEST(LoneModel, TheNewcomerHasToTakeTheLockBeforeItLooksForATitle) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::title_before_lock);
}

TEST(LoneModel, AHeldLockIsAwaitedOutsideOfSections) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::waits_inside,
                "threads wait for each other");
}

TEST(LoneModel, ANewTitleHasToBeSeenBeforeTheLoneThreadLooksAtLocks) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::title_in_buffer);
}

TEST(LoneModel, ATitleStaysTakenUntilTheLastSectionIsOver) {
  expect_caught(LoneScenario::two_newcomers, LoneMutation::title_free_at_once);
}

TEST(LoneModel, TheNewcomerHasToWaitForTheSection) {
  expect_caught(LoneScenario::one_newcomer, LoneMutation::ends_without_waiting);
}

TEST(LoneModel, TitlesChangeUnderALock) {
  expect_caught(LoneScenario::lone_and_other, LoneMutation::changes_without_lock);
}

// The machine itself: each thread says that it is there and then looks for the other.
TEST(StoreBuffers, LetBothThreadsOfDekkerThroughWithoutABarrier) {
  const auto dekker = [](int mine, int other, bool locked) {
    Program program;
    if (locked) {
      program.store_locked(mine, 1);
    } else {
      program.store(mine, 1);
    }
    const auto seen = program.jump_if(other, 1);
    program.come(2);
    program.go(2);
    program.land(seen);
    return program;
  };
  EXPECT_EQ(exhaust({dekker(0, 1, false), dekker(1, 0, false)}).bug,
            "two threads are in one section");
  EXPECT_EQ(exhaust({dekker(0, 1, false), dekker(1, 0, true)}).bug,
            "two threads are in one section");
  EXPECT_EQ(exhaust({dekker(0, 1, true), dekker(1, 0, true)}).bug, "");
}

}  // namespace
}  // namespace weir::model
