// What a select promises about its cases; choice and rendezvous have files of their own.

#include "weir/sync/select.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

CONCURRENCY_TEST(Select, LeavesTheCasesThatLoseUntouched) {
  auto first = make_channel<int>(1);
  auto second = make_channel<int>(1);
  auto full = make_channel<std::unique_ptr<int>>(1);
  co_await first.send(1);
  co_await second.send(2);
  co_await full.send(std::make_unique<int>(3));
  auto a = receive_from(first);
  auto b = receive_from(second);
  auto c = send_to(full, std::make_unique<int>(4));

  const int chosen = co_await select(a, b, c);

  EXPECT_EQ(first.size() + second.size(), 1u);
  EXPECT_EQ(a.chosen(), chosen == 0);
  EXPECT_EQ(b.chosen(), chosen == 1);
  EXPECT_EQ(static_cast<bool>(a), chosen == 0);
  EXPECT_EQ(static_cast<bool>(b), chosen == 1);
  EXPECT_FALSE(c);
  EXPECT_EQ(*c.take_back(), 4);
}

CONCURRENCY_TEST(Select, CasesServeALoop) {
  auto numbers = make_channel<int>(1);
  auto quit = make_channel<int>();
  go(
      [](Sender<int> out, Sender<int> end) -> Task<> {
        for (int i = 1; i <= 20; ++i) co_await out.send(i);
        end.close();
      },
      Sender<int>(numbers), Sender<int>(quit));

  int sum = 0;
  auto number = receive_from(numbers);
  auto ended = receive_from(quit);
  for (;;) {
    const int chosen = co_await select_first(number, ended);
    if (chosen == 1) break;
    sum += *number;
  }

  EXPECT_EQ(sum, 210);
}

CONCURRENCY_TEST(Select, ASendCaseIsFilledAgainInALoop) {
  auto channel = make_channel<int>();
  auto receiver = go(
      [](Receiver<int> in) -> Task<> {
        for (int i = 0; i < 20; ++i) EXPECT_EQ(co_await in.receive(), i);
      },
      Receiver<int>(channel));

  auto sending = send_to(channel, 0);
  auto never = receive_from(Receiver<int>());
  for (int i = 0; i < 20; ++i) {
    if (i > 0) sending.value(i);
    co_await select(sending, never);
    EXPECT_TRUE(sending);
  }
  co_await receiver.join();
}

TEST(SelectDeathTest, AnEmptySendCaseStopsTheProgram) {
  EXPECT_DEATH(run_virtual([]() -> Task<> {
                 auto channel = make_channel<int>(2);
                 auto sending = send_to(channel, 1);
                 co_await select(sending);
                 co_await select(sending);
               }()),
               "a send case was used again without a new value");
}

TEST(SelectDeathTest, TheValueOfACaseThatDidNotFireStopsTheProgram) {
  auto channel = make_channel<int>(1);
  auto receiving = receive_from(channel);
  EXPECT_DEATH((void)*receiving, "a receive case was used that has received none");
}

VIRTUAL_TEST(Select, ATimerCaseFiresAtItsTime) {
  auto silent = make_channel<int>();
  auto never = receive_from(silent);
  auto late = after(50ms);
  const TimePoint start = now();

  for (int i = 1; i <= 3; ++i) {  // The delay counts from each select anew.
    const int chosen = co_await select(never, late);
    EXPECT_EQ(chosen, 1);
    EXPECT_TRUE(late);
    EXPECT_EQ(now(), start + i * 50ms);
  }
}

VIRTUAL_TEST(Select, UntilIsAPointInTime) {
  auto silent = make_channel<int>();
  auto never = receive_from(silent);
  const TimePoint end = now() + 50ms;
  auto late = until(end);

  co_await select(never, late);
  EXPECT_EQ(now(), end);
  co_await sleep(5ms);
  const int chosen = co_await select(never, late);

  EXPECT_EQ(chosen, 1);
  EXPECT_EQ(now(), end + 5ms);
}

VIRTUAL_TEST(Select, TheEarlierOfTwoTimersFires) {
  auto early = after(10ms);
  auto late = until(now() + 11ms);
  const int chosen = co_await select(late, early);
  EXPECT_EQ(chosen, 1);
  EXPECT_FALSE(late);
}

VIRTUAL_TEST(Select, ATimerThatLostDoesNotFireLater) {
  auto channel = make_channel<int>(1);
  auto value = receive_from(channel);
  auto late = after(10ms);
  go(
      [](Sender<int> out) -> Task<> {
        co_await sleep(9ms);
        co_await out.send(1);
        co_await sleep(9ms);
        co_await out.send(2);
      },
      Sender<int>(channel));

  const int first = co_await select(value, late);
  const int second = co_await select(value, late);

  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 0);
  EXPECT_EQ(*value, 2);
}

VIRTUAL_TEST(Select, TimersThatNeverComeNeverFire) {
  auto endless = after(Duration::max());
  auto never = until(time_never);
  auto late = after(1h);

  EXPECT_EQ(try_select(endless, never), -1);
  const int chosen = co_await select(endless, never, late);

  EXPECT_EQ(chosen, 2);
}

CONCURRENCY_TEST(Select, APastTimerIsReadyAtOnce) {
  auto none = after(0ns);
  auto past = until(now());
  auto negative = after(-1s);
  EXPECT_EQ(try_select(none), 0);
  EXPECT_EQ(try_select(past), 0);
  EXPECT_EQ(try_select(negative), 0);
  const int chosen = co_await select(none);
  EXPECT_EQ(chosen, 0);
}

CONCURRENCY_TEST(Select, AJoinCaseFiresWhenTheTaskHasEnded) {
  auto gate = make_channel<int>();
  auto task = go([](Receiver<int> in) -> Task<> { co_await in.receive(); }, Receiver<int>(gate));
  auto ended = joined(task);
  auto opening = send_to(gate, 1);

  EXPECT_EQ(try_select(ended), -1);
  const int first = co_await select(ended, opening);
  const int second = co_await select(ended);
  const int third = co_await select(ended);

  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
  EXPECT_EQ(third, 0);
  EXPECT_TRUE(task.ended());
}

CONCURRENCY_TEST(Select, ADoneCaseFiresWhenTheContextIsCancelled) {
  auto [context, cancel] = with_cancel(background());
  auto silent = make_channel<int>();
  auto never = receive_from(silent);
  auto stopped = done(context);
  go(
      [](Cancel stop) -> Task<> {
        stop();
        co_return;
      },
      cancel);

  const int chosen = co_await select(never, stopped);

  EXPECT_EQ(chosen, 1);
  EXPECT_TRUE(stopped);
  EXPECT_EQ(try_select(stopped), 0);
}

CONCURRENCY_TEST(Select, TrySelectSaysWhenNothingIsReady) {
  auto channel = make_channel<int>(1);
  auto receiving = receive_from(channel);
  auto sending = send_to(channel, 7);

  EXPECT_EQ(try_select(receiving), -1);
  EXPECT_FALSE(receiving.chosen());
  EXPECT_EQ(try_select(receiving, sending), 1);
  EXPECT_EQ(try_select(receiving), 0);
  EXPECT_EQ(*receiving, 7);
  co_return;
}

TEST(Select, TrySelectWorksOutsideOfATask) {
  auto channel = make_channel<int>(1);
  auto sending = send_to(channel, 7);
  auto receiving = receive_from(channel);
  EXPECT_EQ(try_select(receiving), -1);
  EXPECT_EQ(try_select(sending), 0);
  EXPECT_EQ(try_select(receiving), 0);
}

CONCURRENCY_TEST(Select, AListOfCasesServesAsWell) {
  std::vector<Channel<int>> channels;
  std::vector<std::unique_ptr<ReceiveCase<int>>> receiving;
  std::vector<Case*> cases;
  for (int i = 0; i < 20; ++i) {
    channels.push_back(make_channel<int>());
    receiving.push_back(
        std::make_unique<ReceiveCase<int>>(channels.back(), std::source_location::current()));
    cases.push_back(receiving.back().get());
  }
  for (int i : {3, 17, 0}) {
    go([](Sender<int> out, int value) -> Task<> { co_await out.send(value); },
       Sender<int>(channels[static_cast<std::size_t>(i)]), i);
  }

  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    const int chosen = co_await select(cases);
    auto& chosen_case = *receiving[static_cast<std::size_t>(chosen)];
    EXPECT_EQ(*chosen_case, chosen);
    sum += chosen;
  }

  EXPECT_EQ(sum, 20);
}

TEST(Select, NoCasesMeanForEver) {
  const std::string listed =
      test::deadlock_of([]() -> Task<> { co_await select(std::span<Case* const>()); });
  const std::string spelled = test::deadlock_of([]() -> Task<> { co_await select(); });

  EXPECT_NE(listed.find("waits in select"), std::string::npos) << listed;
  EXPECT_NE(spelled.find("waits in select"), std::string::npos) << spelled;
  EXPECT_EQ(try_select(), -1);
}

TEST(Select, ADeadlockNamesThePlaceOfItsFirstCase) {
  int line = 0;
  const std::string text = test::deadlock_of([&]() -> Task<> {
    line = __LINE__ + 1;
    auto never = receive_from(Receiver<int>());
    co_await select(never);
  });
  EXPECT_NE(text.find("select_test.cpp:" + std::to_string(line)), std::string::npos) << text;
}

CONCURRENCY_TEST(Select, ASelectThatNeverParksLetsOthersRunNowAndThen) {
  auto closed = make_channel<int>();
  closed.close();
  auto always = receive_from(closed);
  auto task = go([]() -> Task<> { co_return; });
  while (!task.ended()) co_await select(always);
}

}  // namespace
}  // namespace weir
