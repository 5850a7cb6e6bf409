// What closing a channel means, and the bugs around it that stop the program.

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

CONCURRENCY_TEST(ChannelClose, LeavesWhatIsBufferedToBeReceived) {
  auto channel = make_channel<int>(3);
  for (int i = 0; i < 3; ++i) co_await channel.send(i);

  channel.close();

  for (int i = 0; i < 3; ++i) EXPECT_EQ(co_await channel.receive(), i);
  EXPECT_EQ(co_await channel.receive(), std::nullopt);
  EXPECT_EQ(co_await channel.receive(), std::nullopt);
}

CONCURRENCY_TEST(ChannelClose, TryReceiveDrainsAndThenSaysClosed) {
  auto channel = make_channel<int>(2);
  EXPECT_EQ(channel.try_receive().error(), Empty);
  co_await channel.send(1);

  channel.close();

  EXPECT_EQ(channel.try_receive(), 1);
  EXPECT_EQ(channel.try_receive().error(), Closed);
}

CONCURRENCY_TEST(ChannelClose, WakesEveryReceiver) {
  auto channel = make_channel<int>();
  std::atomic<int> ended = 0;
  WaitGroup all;
  for (int i = 0; i < 5; ++i) {
    all.go(
        [](Receiver<int> in, std::atomic<int>& count) -> Task<> {
          EXPECT_EQ(co_await in.receive(), std::nullopt);
          ++count;
        },
        Receiver<int>(channel), std::ref(ended));
  }

  co_await yield();
  channel.close();
  co_await all.wait();

  EXPECT_EQ(ended, 5);
}

CONCURRENCY_TEST(ChannelClose, EndsTheUsualLoop) {
  auto channel = make_channel<int>(2);
  go(
      [](Sender<int> out) -> Task<> {
        for (int i = 1; i <= 10; ++i) co_await out.send(i);
        out.close();
      },
      Sender<int>(channel));

  int sum = 0;
  while (auto value = co_await channel.receive()) sum += *value;

  EXPECT_EQ(sum, 55);
}

CONCURRENCY_TEST(ChannelClose, WakesSelectsWithTheCaseChosenAndNoValue) {
  auto channel = make_channel<int>();
  auto other = make_channel<int>();
  auto waiting = go(
      [](Receiver<int> in, Receiver<int> silent) -> Task<> {
        auto value = receive_from(in);
        auto nothing = receive_from(silent);
        const int chosen = co_await select(nothing, value);
        EXPECT_EQ(chosen, 1);
        EXPECT_TRUE(value.chosen());
        EXPECT_FALSE(value);
        EXPECT_FALSE(nothing.chosen());
      },
      Receiver<int>(channel), Receiver<int>(other));

  channel.close();

  co_await waiting.join();
}

CONCURRENCY_TEST(ChannelClose, IsSeenByAReceiveWithAContext) {
  auto channel = make_channel<int>(1);
  auto [context, cancel] = with_cancel(background());
  co_await channel.send(1);
  channel.close();

  const auto first = co_await channel.receive(context);
  const auto second = co_await channel.receive(context);
  cancel();
  const auto third = co_await channel.receive(context);

  EXPECT_EQ(first, 1);
  EXPECT_EQ(second.error(), Closed);
  EXPECT_EQ(third.error(), Cancelled);
}

TEST(ChannelCloseDeathTest, SendOnAClosedChannelNamesBothPlaces) {
  const int closed = __LINE__ + 3;
  const auto body = []() -> Task<> {
    auto channel = make_channel<int>(1);
    channel.close();
    co_await channel.send(1);
  };
  EXPECT_DEATH(run_virtual(body()),
               "_test.cpp:" + std::to_string(closed + 1) +
                   ": weir: a value was sent on a closed channel.*see also .*_test.cpp:" +
                   std::to_string(closed));
}

TEST(ChannelCloseDeathTest, TrySendOnAClosedChannelStopsToo) {
  auto channel = make_channel<int>(1);
  channel.close();
  EXPECT_DEATH((void)channel.try_send(1), "a value was sent on a closed channel");
}

TEST(ChannelCloseDeathTest, ASendCaseOnAClosedChannelStopsToo) {
  EXPECT_DEATH(run_virtual([]() -> Task<> {
                 auto channel = make_channel<int>(1);
                 channel.close();
                 auto sending = send_to(channel, 1);
                 co_await select(sending);
               }()),
               "a value was sent on a closed channel");
}

TEST(ChannelCloseDeathTest, ClosingTwiceNamesBothPlaces) {
  auto channel = make_channel<int>();
  const int first = __LINE__ + 1;
  channel.close();
  const auto again = [&] { channel.close(); };
  EXPECT_DEATH(again(), "_test.cpp:" + std::to_string(first + 1) +
                            ": weir: a channel was closed twice.*see also .*_test.cpp:" +
                            std::to_string(first));
}

TEST(ChannelCloseDeathTest, ClosingOverAParkedSenderNamesTheSender) {
  const int sent = __LINE__ + 3;
  const auto body = []() -> Task<> {
    auto channel = make_channel<int>();
    go([](Channel<int> out) -> Task<> { co_await out.send(1); }, channel);
    co_await sleep(1ms);
    channel.close();
  };
  EXPECT_DEATH(run_virtual(body()),
               "a channel was closed while a task was sending on it.*see also .*_test.cpp:" +
                   std::to_string(sent));
}

TEST(ChannelCloseDeathTest, ClosingOverAParkedSendCaseNamesTheSelect) {
  EXPECT_DEATH(run_virtual([]() -> Task<> {
                 auto channel = make_channel<int>();
                 go(
                     [](Channel<int> out) -> Task<> {
                       auto sending = send_to(out, 1);
                       auto never = after(1h);
                       co_await select(sending, never);
                     },
                     channel);
                 co_await sleep(1ms);
                 channel.close();
               }()),
               "a channel was closed while a task was sending on it");
}

TEST(ChannelCloseDeathTest, ANilChannelCannotBeClosed) {
  EXPECT_DEATH(Channel<int>().close(), "a nil channel was closed");
}

}  // namespace
}  // namespace weir
