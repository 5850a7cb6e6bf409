// The claim protocol holds in every schedule within a bound, and each rule of it is needed.

#include "tests/model/claim_model.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::model {
namespace {

constexpr std::uint64_t schedules_max = 400'000;

void expect_sound(Scenario scenario, int preemptions) {
  const Verdict verdict = try_claims(scenario, Mutation::none, preemptions, schedules_max);
  EXPECT_EQ(verdict.bug, "") << "in schedule " << verdict.schedules;
  EXPECT_TRUE(verdict.exhausted) << verdict.schedules;
  EXPECT_GT(verdict.schedules, 50u);
}

void expect_caught(Scenario scenario, Mutation mutation, const std::string& bug) {
  const Verdict verdict = try_claims(scenario, mutation, 3, schedules_max);
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
  expect_sound(Scenario::timer, 4);
}

TEST(ClaimModel, ACancelAndAPartnerAgreeOnOneWinner) {
  expect_sound(Scenario::cancel_receive, 5);
  expect_sound(Scenario::cancel_send, 5);
}

TEST(ClaimModel, ACancelAndATimerAgreeOnOneWinner) {
  expect_sound(Scenario::cancel_timer, 5);
}

TEST(ClaimModel, ASelectOnBothEndsOfAChannelMeetsOthersOnly) {
  expect_sound(Scenario::both_ends, 12);
}

TEST(ClaimModel, ABufferTakesAndGivesEachValueOnce) {
  expect_sound(Scenario::buffer, 3);
  expect_sound(Scenario::buffer_full, 4);
  expect_sound(Scenario::buffer_own, 12);
}

TEST(ClaimModel, ACloseReachesEveryReceiver) {
  expect_sound(Scenario::close, 2);
  expect_sound(Scenario::close_full, 4);
}

TEST(ClaimModel, ParkingHasToHoldTheWord) {
  expect_caught(Scenario::cross, Mutation::park_without_lock,
                "a decided operation was never woken");
}

TEST(ClaimModel, TheEntryHasToBeOutBeforeTheWordIsFree) {
  expect_caught(Scenario::cross, Mutation::unlink_after_picked,
                "an operation went and left an entry behind");
}

TEST(ClaimModel, ATimerAndAContextHaveToClaimUnderTheirLock) {
  expect_caught(Scenario::timer, Mutation::claim_after_heap_unlocked,
                "an operation was touched that is gone");
  expect_caught(Scenario::cancel_receive, Mutation::cancel_after_unlocked,
                "an operation was touched that is gone");
}

TEST(ClaimModel, WordsHaveToBeLockedInOneOrder) {
  expect_caught(Scenario::cross_reversed, Mutation::own_word_first,
                "threads wait for each other's locks");
}

TEST(ClaimModel, TheOwnWordHasToBeLockedToo) {
  expect_caught(Scenario::three, Mutation::own_word_unlocked, "an operation was decided twice");
}

TEST(ClaimModel, WhoHasNotParkedIsNotWoken) {
  expect_caught(Scenario::cross, Mutation::wake_always, "an operation was touched that is gone");
}

TEST(ClaimModel, ASelectMayNotMeetItself) {
  expect_caught(Scenario::both_ends, Mutation::pairs_with_itself,
                "threads wait for each other's locks");
}

TEST(ClaimModel, ABufferedValueIsTakenOnlyByAClaim) {
  expect_caught(Scenario::buffer_own, Mutation::buffer_without_claim,
                "a case that lost has a value");
}

TEST(ClaimModel, ASenderMovesUpOnlyByAClaim) {
  expect_caught(Scenario::buffer_own, Mutation::refill_without_claim,
                "a value was lost or doubled");
  expect_caught(Scenario::buffer_own, Mutation::refill_before_commit,
                "threads wait for each other's locks");
}

TEST(ClaimModel, ASenderHasToMoveUp) {
  expect_caught(Scenario::buffer, Mutation::no_refill, "a send waits where there is room");
}

TEST(ClaimModel, AClosedChannelClaimsWhomItWakes) {
  expect_caught(Scenario::close, Mutation::close_without_claim, "an operation was decided twice");
  expect_caught(Scenario::close_full, Mutation::close_forgets_selects,
                "an operation waits for what is over");
}

}  // namespace
}  // namespace weir::model
