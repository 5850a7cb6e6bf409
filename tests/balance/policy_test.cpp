#include "weir/balance/policy.h"

#include <gtest/gtest.h>

namespace weir::balance {
namespace {

std::vector<WorkerIndex> workers(const Decision& decision) {
  return {decision.workers().begin(), decision.workers().end()};
}

TEST(Decision, NamesTheWorkersToSendTo) {
  EXPECT_EQ(workers(Decision::send(7)), (std::vector<WorkerIndex>{7}));
  EXPECT_EQ(workers(Decision::send_all({3, 1})), (std::vector<WorkerIndex>{3, 1}));
  EXPECT_TRUE(workers(Decision::hold()).empty());
  EXPECT_TRUE(workers(Decision::reject()).empty());
}

TEST(Decision, ARejectionOfThePolicysOwnIsARefusal) {
  EXPECT_EQ(Decision::reject().reason(), Reason::refused);
  EXPECT_EQ(Decision::reject(Reason::full).reason(), Reason::full);
}

TEST(Event, LatencyIsWaitAndService) {
  const Event event = Event::finished({}, Outcome::timed_out, 2ms, 3ms);
  EXPECT_EQ(event.latency, 5ms);
  EXPECT_EQ(event.outcome, Outcome::timed_out);
}

TEST(DecisionDeathTest, AskingForWhatADecisionDoesNotHaveIsABug) {
  EXPECT_DEATH(Decision::hold().worker(), "only a decision to send to one worker");
  EXPECT_DEATH(Decision::send(1).reason(), "only a rejection has a reason");
  EXPECT_DEATH((void)Decision::send_all({}), "sent a request to nobody");
}

}  // namespace
}  // namespace weir::balance
