// Every value that enters a channel is born once, dies once, and comes out at one place at most,
// however its send or receive ends.

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

using test::Counted;

Task<> send_one(Sender<Counted> out, int value) {
  co_await out.send(Counted(value));
}

CONCURRENCY_TEST(ChannelLifetime, ReceivedValuesAreWhole) {
  for (std::size_t capacity : {0u, 1u, 3u}) {
    auto channel = make_channel<Counted>(capacity);
    WaitGroup senders;
    for (int i = 0; i < 4; ++i) senders.go(send_one(channel, i));

    int sum = 0;
    for (int i = 0; i < 4; ++i) sum += (co_await channel.receive())->value();
    co_await senders.wait();

    EXPECT_EQ(sum, 6);
    EXPECT_EQ(Counted::living(), 0);
  }
}

CONCURRENCY_TEST(ChannelLifetime, AResultThatIsNotLookedAtDies) {
  auto channel = make_channel<Counted>(1);
  co_await channel.send(Counted(1));

  co_await channel.receive();

  EXPECT_EQ(Counted::living(), 0);
}

CONCURRENCY_TEST(ChannelLifetime, WhatIsLeftInTheBufferDiesWithTheLastHandle) {
  {
    auto channel = make_channel<Counted>(3);
    for (int i = 0; i < 3; ++i) co_await channel.send(Counted(i));
    co_await channel.receive();
    co_await channel.send(Counted(3));
    EXPECT_EQ(Counted::living(), 3);
  }
  EXPECT_EQ(Counted::living(), 0);
}

CONCURRENCY_TEST(ChannelLifetime, TrySendAndTryReceiveKeepCount) {
  auto channel = make_channel<Counted>(1);
  Counted first(1);
  Counted second(2);

  EXPECT_TRUE(channel.try_send(first));
  EXPECT_FALSE(channel.try_send(second));
  EXPECT_EQ(second.value(), 2);
  EXPECT_EQ(first.value(), Counted::moved_away);
  EXPECT_EQ(Counted::living(), 3);

  EXPECT_EQ(channel.try_receive()->value(), 1);
  EXPECT_FALSE(channel.try_receive());
  EXPECT_EQ(Counted::living(), 2);
  co_return;
}

CONCURRENCY_TEST(ChannelLifetime, ACaseKeepsItsValueUntilTheNextSelect) {
  auto channel = make_channel<Counted>(2);
  co_await channel.send(Counted(1));
  co_await channel.send(Counted(2));
  auto incoming = receive_from(channel);

  co_await select(incoming);
  EXPECT_EQ(incoming->value(), 1);
  EXPECT_EQ(Counted::living(), 2);
  co_await select(incoming);
  EXPECT_EQ((*incoming).value(), 2);
  EXPECT_EQ(Counted::living(), 1);
}

CONCURRENCY_TEST(ChannelLifetime, ASendCaseOwnsItsValueUntilItIsSent) {
  auto channel = make_channel<Counted>(1);
  {
    auto full = send_to(channel, Counted(1));
    EXPECT_EQ(try_select(full), 0);
    EXPECT_EQ(Counted::living(), 1);
    full.value(Counted(2));
    full.value(Counted(3));
    EXPECT_EQ(Counted::living(), 2);
    EXPECT_EQ(try_select(full), -1);
    EXPECT_EQ(full.take_back().value(), 3);
    full.value(Counted(4));
  }
  EXPECT_EQ(Counted::living(), 1);
  EXPECT_EQ((co_await channel.receive())->value(), 1);
}

CONCURRENCY_TEST(ChannelLifetime, ACancelledSendGivesTheValueBack) {
  auto channel = make_channel<Counted>();
  auto [context, cancel] = with_cancel(background());
  go(
      [](Cancel stop) -> Task<> {
        co_await yield();
        stop();
      },
      cancel);

  const auto sent = co_await channel.send(context, Counted(9));

  EXPECT_FALSE(sent);
  EXPECT_EQ(sent.error().value.value(), 9);
}

CONCURRENCY_TEST(ChannelLifetime, ACancelledContextWinsOverAChannelWithRoom) {
  auto channel = make_channel<Counted>(1);
  auto [context, cancel] = with_cancel(background());
  cancel();

  const auto sent = co_await channel.send(context, Counted(9));

  EXPECT_FALSE(sent);
  EXPECT_EQ(channel.size(), 0u);
}

struct Tally {
  std::atomic<long> sent = 0;
  std::atomic<long> given_back = 0;
  std::atomic<long> received = 0;
};

Task<> send_while_wanted(Sender<Counted> out, Context context, int first, Tally& tally) {
  for (int i = first; i < first + 20; ++i) {
    const auto sent = co_await out.send(context, Counted(i));
    if (!sent) {
      EXPECT_EQ(sent.error().value.value(), i);
      tally.given_back += i;
      co_return;
    }
    tally.sent += i;
  }
}

Task<> receive_while_wanted(Receiver<Counted> in, Context context, Tally& tally) {
  for (;;) {
    const auto value = co_await in.receive(context);
    if (!value) co_return;
    tally.received += value->value();
  }
}

Task<> stop_after(int turns, Cancel stop) {
  for (int i = 0; i < turns; ++i) co_await yield();
  stop();
}

// Senders and receivers are cancelled at different moments: what was sent is received or still
// there.
Task<> race_of_cancellations(std::size_t capacity, int turns) {
  Tally tally;
  auto channel = make_channel<Counted>(capacity);
  auto [sending, stop_sending] = with_cancel(background());
  auto [receiving, stop_receiving] = with_cancel(background());
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(send_while_wanted, channel, sending, 1000 * (i + 1), std::ref(tally));
    all.go(receive_while_wanted, channel, receiving, std::ref(tally));
  }
  all.go(stop_after, turns, stop_receiving);
  all.go(stop_after, turns + 3, stop_sending);
  co_await all.wait();
  while (auto rest = channel.try_receive()) tally.received += rest->value();

  EXPECT_EQ(tally.sent, tally.received);
}

CONCURRENCY_TEST(ChannelLifetime, ACancelledReceiveNeverEatsAValue) {
  for (std::size_t capacity : {0u, 1u, 3u}) {
    for (int turns = 0; turns < 12; turns += 3) co_await race_of_cancellations(capacity, turns);
  }
}

Task<> leave_values_everywhere() {
  auto meeting = make_channel<Counted>();
  auto full = make_channel<Counted>(1);
  co_await full.send(Counted(0));
  go(send_one(full, 1));
  go(send_one(meeting, 2));
  go(
      [](Channel<Counted> out) -> Task<> {
        auto sending = send_to(out, Counted(3));
        auto receiving = receive_from(out);
        co_await select(sending, receiving);
      },
      full);
  co_await yield();
}

TEST(ChannelLifetime, WhatALeakedTaskHoldsDiesAtTheEndOfTheRun) {
  for (int processors : {1, 2}) {
    run(leave_values_everywhere(), {.processors = processors, .on_leak = OnLeak::ignore});
    EXPECT_EQ(Counted::living(), 0);
  }
  run_virtual(leave_values_everywhere(), {.on_leak = OnLeak::ignore});
  EXPECT_EQ(Counted::living(), 0);
}

// The run ends while the only processor is held: tasks that have been woken get no turn any more.
Task<> end_before_the_woken_run() {
  auto from_select = make_channel<Counted>();
  auto to_select = make_channel<Counted>();
  auto silent = make_channel<Counted>();
  go(
      [](Sender<Counted> out, Receiver<Counted> none) -> Task<> {
        auto sending = send_to(out, Counted(1));
        auto never = receive_from(none);
        co_await select(sending, never);
      },
      Sender<Counted>(from_select), Receiver<Counted>(silent));
  go(
      [](Receiver<Counted> in, Receiver<Counted> none) -> Task<> {
        auto receiving = receive_from(in);
        auto never = receive_from(none);
        co_await select(receiving, never);
      },
      Receiver<Counted>(to_select), Receiver<Counted>(silent));
  go(
      [](Channel<Counted> in, Channel<Counted> out) -> Task<> {
        co_await sleep(1ms);
        co_await in.receive();
        co_await out.send(Counted(2));
        co_await work(1h);
      },
      from_select, to_select);
  co_await sleep(1ms);
}

TEST(ChannelLifetime, WhatAWokenTaskHoldsDiesIfItNeverRunsAgain) {
  run_virtual(end_before_the_woken_run(), {.on_leak = OnLeak::ignore});
  EXPECT_EQ(Counted::living(), 0);
}

}  // namespace
}  // namespace weir
