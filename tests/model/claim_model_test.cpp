// The claim protocol holds in every schedule within a bound, and each rule of it is needed.

#include "tests/model/claim_model.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::model {
namespace {

constexpr std::uint64_t schedules_max = 400'000;

void expect_sound(Scenario scenario, int preemptions) {
  const Verdict verdict = explore(scenario, Mutation::none, preemptions, schedules_max);
  EXPECT_EQ(verdict.bug, "") << "in schedule " << verdict.schedules;
  EXPECT_TRUE(verdict.exhausted) << verdict.schedules;
  EXPECT_GT(verdict.schedules, 100u);
}

void expect_caught(Scenario scenario, Mutation mutation, const std::string& bug) {
  const Verdict verdict = explore(scenario, mutation, 3, schedules_max);
  EXPECT_EQ(verdict.bug, bug) << "after " << verdict.schedules;
}

TEST(ClaimModel, TwoSelectsThatCrossMeetOnce) {
  expect_sound(Scenario::cross, 12);
  expect_sound(Scenario::cross_reversed, 12);
}

TEST(ClaimModel, OneOfTwoPartnersIsMet) {
  expect_sound(Scenario::three, 4);
}

TEST(ClaimModel, FourSelectsMeetInPairs) {
  expect_sound(Scenario::four, 2);
}

TEST(ClaimModel, ARingOfSelectsLeavesNoPairBehind) {
  expect_sound(Scenario::ring, 3);
}

TEST(ClaimModel, ATimerAndAPartnerAgreeOnOneWinner) {
  expect_sound(Scenario::timer, 5);
}

TEST(ClaimModel, ParkingHasToHoldTheWord) {
  expect_caught(Scenario::cross, Mutation::park_without_lock, "a decided select was never woken");
}

TEST(ClaimModel, TheEntryHasToBeOutBeforeTheWordIsFree) {
  expect_caught(Scenario::cross, Mutation::unlink_after_picked,
                "a select was touched that is gone");
}

TEST(ClaimModel, ATimerHasToClaimUnderItsLock) {
  expect_caught(Scenario::timer, Mutation::claim_after_heap_unlocked,
                "a select was touched that is gone");
}

TEST(ClaimModel, WordsHaveToBeLockedInOneOrder) {
  expect_caught(Scenario::cross_reversed, Mutation::own_word_first,
                "threads wait for each other's locks");
}

TEST(ClaimModel, TheOwnWordHasToBeLockedToo) {
  expect_caught(Scenario::three, Mutation::own_word_unlocked,
                "meetings and tasks that met do not agree");
}

TEST(ClaimModel, WhoHasNotParkedIsNotWoken) {
  expect_caught(Scenario::cross, Mutation::wake_always, "a select was touched that is gone");
}

}  // namespace
}  // namespace weir::model
