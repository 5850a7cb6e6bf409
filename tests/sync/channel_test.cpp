// What a channel promises to those that send and receive; close and lifetimes have their own files.

#include "weir/sync/channel.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

Task<> send_range(Sender<int> out, int first, int last) {
  for (int i = first; i < last; ++i) co_await out.send(i);
}

CONCURRENCY_TEST(Channel, CarriesAValueFromTaskToTask) {
  auto channel = make_channel<int>();

  go(send_range(channel, 7, 8));

  EXPECT_EQ(co_await channel.receive(), 7);
}

CONCURRENCY_TEST(Channel, SendAtCapacityZeroEndsOnlyWhenReceived) {
  auto channel = make_channel<int>();
  auto sent = std::make_shared<std::atomic<bool>>(false);
  auto sender = go(
      [](Channel<int> out, std::shared_ptr<std::atomic<bool>> flag) -> Task<> {
        co_await out.send(1);
        *flag = true;
      },
      channel, sent);

  for (int i = 0; i < 10; ++i) co_await yield();

  EXPECT_FALSE(*sent);
  EXPECT_EQ(co_await channel.receive(), 1);
  co_await sender.join();
  EXPECT_TRUE(*sent);
}

CONCURRENCY_TEST(Channel, KeepsTheOrderOfOneSenderAtEveryCapacity) {
  for (std::size_t capacity : {0u, 1u, 2u, 3u, 7u}) {
    auto channel = make_channel<int>(capacity);
    go(send_range(channel, 0, 50));

    for (int i = 0; i < 50; ++i) EXPECT_EQ(co_await channel.receive(), i);
  }
}

CONCURRENCY_TEST(Channel, KeepsTheOrderOfEachOfManySenders) {
  auto channel = make_channel<int>(2);
  for (int sender = 0; sender < 4; ++sender) {
    go(send_range(channel, 100 * sender, 100 * sender + 30));
  }

  std::array<int, 4> expected = {0, 100, 200, 300};
  for (int i = 0; i < 4 * 30; ++i) {
    const int value = (co_await channel.receive()).value_or(-1);
    EXPECT_EQ(value, expected.at(static_cast<std::size_t>(value / 100))++);
  }
}

CONCURRENCY_TEST(Channel, LosesAndDoublesNothingAmongManyReceivers) {
  constexpr int senders = 3;
  constexpr int each = 100;
  auto channel = make_channel<int>(1);
  std::atomic<long> sum = 0;
  std::atomic<int> count = 0;
  WaitGroup receivers;
  for (int i = 0; i < 4; ++i) {
    receivers.go(
        [](Receiver<int> in, std::atomic<long>& total, std::atomic<int>& number) -> Task<> {
          while (auto value = co_await in.receive()) {
            total += *value;
            ++number;
          }
        },
        Receiver<int>(channel), std::ref(sum), std::ref(count));
  }

  WaitGroup sending;
  for (int i = 0; i < senders; ++i) sending.go(send_range(channel, i * each, (i + 1) * each));
  co_await sending.wait();
  channel.close();
  co_await receivers.wait();

  EXPECT_EQ(count, senders * each);
  EXPECT_EQ(sum, senders * each * (senders * each - 1) / 2);
}

VIRTUAL_TEST(Channel, ServesParkedReceiversInTheOrderInWhichTheyCame) {
  auto channel = make_channel<int>();
  std::array<int, 3> received{};
  WaitGroup all;
  for (int& place : received) {
    all.go([](Receiver<int> in,
              int& result) -> Task<> { result = (co_await in.receive()).value_or(-1); },
           Receiver<int>(channel), std::ref(place));
    co_await sleep(1ms);
  }

  for (int i = 1; i <= 3; ++i) co_await channel.send(i);
  co_await all.wait();

  EXPECT_EQ(received, (std::array{1, 2, 3}));
}

VIRTUAL_TEST(Channel, TakesTheValuesOfParkedSendersInTheOrderInWhichTheyCame) {
  for (std::size_t capacity : {0u, 1u, 2u}) {
    auto channel = make_channel<int>(capacity);
    for (int i = 0; i < 5; ++i) {
      go(send_range(channel, i, i + 1));
      co_await sleep(1ms);
    }

    for (int i = 0; i < 5; ++i) EXPECT_EQ(co_await channel.receive(), i);
  }
}

CONCURRENCY_TEST(Channel, AParkedSenderGetsThePlaceThatAReceiveFrees) {
  auto channel = make_channel<int>(2);
  for (int i = 0; i < 2; ++i) co_await channel.send(i);
  auto sender = go(send_range(channel, 2, 3));
  for (int i = 0; i < 10; ++i) co_await yield();

  EXPECT_EQ(co_await channel.receive(), 0);
  co_await sender.join();

  EXPECT_EQ(channel.size(), 2u);
  for (int i = 1; i <= 2; ++i) EXPECT_EQ(co_await channel.receive(), i);
}

CONCURRENCY_TEST(Channel, BuffersAsManyValuesAsItsCapacity) {
  auto channel = make_channel<int>(3);
  EXPECT_EQ(channel.capacity(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(channel.size(), static_cast<std::size_t>(i));
    co_await channel.send(i);
  }

  EXPECT_EQ(channel.size(), 3u);
  EXPECT_FALSE(channel.try_send(3));
  EXPECT_EQ(channel.try_receive(), 0);
  EXPECT_TRUE(channel.try_send(3));
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(co_await channel.receive(), i);
  EXPECT_EQ(channel.size(), 0u);
}

CONCURRENCY_TEST(Channel, TrySendMovesTheValueOnlyOnSuccess) {
  auto channel = make_channel<std::unique_ptr<int>>(1);
  auto first = std::make_unique<int>(1);
  auto second = std::make_unique<int>(2);

  EXPECT_TRUE(channel.try_send(first));
  EXPECT_FALSE(channel.try_send(second));

  EXPECT_EQ(first, nullptr);
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(**co_await channel.receive(), 1);
}

CONCURRENCY_TEST(Channel, TrySendMeetsAParkedReceiver) {
  auto channel = make_channel<int>();
  auto receiver = go([](Receiver<int> in) -> Task<> { EXPECT_EQ(co_await in.receive(), 5); },
                     Receiver<int>(channel));

  while (!channel.try_send(5)) co_await yield();

  co_await receiver.join();
}

CONCURRENCY_TEST(Channel, TryReceiveMeetsAParkedSender) {
  auto channel = make_channel<int>();
  auto sender = go(send_range(channel, 5, 6));

  auto value = channel.try_receive();
  while (!value) {
    EXPECT_EQ(value.error(), Empty);
    co_await yield();
    value = channel.try_receive();
  }

  EXPECT_EQ(value, 5);
  co_await sender.join();
}

CONCURRENCY_TEST(Channel, CarriesMoveOnlyValues) {
  auto channel = make_channel<std::unique_ptr<int>>();
  go(
      [](Sender<std::unique_ptr<int>> out) -> Task<> {
        co_await out.send(std::make_unique<int>(1));
        auto named = std::make_unique<int>(2);
        co_await out.send(std::move(named));
        auto given = std::make_unique<int>(3);
        co_await out.send(moved(given));
      },
      Sender<std::unique_ptr<int>>(channel));

  for (int i = 1; i <= 3; ++i) EXPECT_EQ(**co_await channel.receive(), i);
}

CONCURRENCY_TEST(Channel, ViewsAreTheSameChannel) {
  auto channel = make_channel<int>(1);
  Sender<int> out = channel;
  Receiver<int> in = channel;

  co_await out.send(4);

  EXPECT_EQ(in.size(), 1u);
  EXPECT_EQ(out.capacity(), 1u);
  EXPECT_EQ(co_await in.receive(), 4);
  EXPECT_EQ(Sender<int>(channel), out);
}

CONCURRENCY_TEST(Channel, OutlivesTheHandleThatMadeIt) {
  Receiver<int> in;
  {
    auto channel = make_channel<int>(2);
    in = channel;
    co_await channel.send(1);
  }
  EXPECT_EQ(co_await in.receive(), 1);
}

TEST(NilChannel, ReceiveBlocksForEver) {
  const std::string text = test::deadlock_of([]() -> Task<> {
    Receiver<int> nil;
    co_await nil.receive();
  });
  EXPECT_NE(text.find("waits in receive at "), std::string::npos) << text;
}

TEST(NilChannel, SendBlocksForEver) {
  const std::string text = test::deadlock_of([]() -> Task<> {
    Sender<int> nil;
    co_await nil.send(1);
  });
  EXPECT_NE(text.find("waits in send at "), std::string::npos) << text;
}

CONCURRENCY_TEST(NilChannel, TryingNeitherSendsNorReceives) {
  Channel<int> nil;
  EXPECT_FALSE(nil.try_send(1));
  EXPECT_EQ(nil.try_receive().error(), Empty);
  EXPECT_EQ(nil.size(), 0u);
  EXPECT_EQ(nil.capacity(), 0u);
  EXPECT_FALSE(nil);
  co_return;
}

CONCURRENCY_TEST(NilChannel, NeverFiresInASelect) {
  auto sending = send_to(Sender<int>(), 1);
  auto receiving = receive_from(Receiver<int>());
  auto other = make_channel<int>(1);
  auto ready = receive_from(other);
  co_await other.send(3);
  auto late = after(1us);

  EXPECT_EQ(try_select(sending, receiving), -1);
  const int first = co_await select(sending, receiving, ready);
  EXPECT_EQ(first, 2);
  const int second = co_await select(sending, receiving, late);
  EXPECT_EQ(second, 2);
  EXPECT_EQ(sending.take_back(), 1);
}

CONCURRENCY_TEST(NilChannel, AContextEndsItsReceiveAndItsSend) {
  Channel<int> nil;
  auto [context, cancel] = with_timeout(background(), 1us);

  const auto received = co_await nil.receive(context);
  const auto sent = co_await nil.send(context, 3);

  EXPECT_EQ(received.error(), Cancelled);
  EXPECT_FALSE(sent);
  EXPECT_EQ(sent.error().value, 3);
}

// A task that never has to park must not keep others from running, whichever operation it repeats.
Task<> raise(bool& flag) {
  flag = true;
  co_return;
}

TEST(Channel, AnOperationThatNeedNotParkLetsOthersRunNowAndThen) {
  for (const Order order : {Order::arrival, Order::drawn}) {
    run_virtual(
        [](bool others_ran) -> Task<> {
          auto channel = make_channel<int>(1);
          go(raise, std::ref(others_ran));
          while (!others_ran) {
            co_await channel.send(1);
            co_await channel.receive();
          }
        }(false),
        {.order = order});
  }
}

TEST(Channel, ReceivingFromAClosedChannelLetsOthersRunNowAndThen) {
  for (const Order order : {Order::arrival, Order::drawn}) {
    run_virtual(
        [](bool others_ran) -> Task<> {
          auto channel = make_channel<int>();
          channel.close();
          go(raise, std::ref(others_ran));
          for (int i = 0; i < 100'000 && !others_ran; ++i) co_await channel.receive();
          EXPECT_TRUE(others_ran);
        }(false),
        {.order = order});
  }
}

}  // namespace
}  // namespace weir
