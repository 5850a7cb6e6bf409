// Batches, and the operations of a channel that move many values under one lock.

#include "weir/sync/batch.h"

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/sync/channel.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

using test::Counted;

template <class T>
std::vector<T> values_of(const Batch<T>& batch) {
  return {batch.begin(), batch.end()};
}

void fill(Batch<int>& batch, int first, int last) {
  for (int i = first; i <= last; ++i) batch.push_back(i);
}

TEST(Batch, IsAQueueOfFixedRoom) {
  Batch<int> batch(4);
  EXPECT_TRUE(batch.empty());
  fill(batch, 1, 4);
  EXPECT_TRUE(batch.full());
  EXPECT_EQ(batch.pop_front(), 1);
  EXPECT_EQ(batch.pop_front(), 2);
  batch.push_back(5);
  batch.push_front(2);
  EXPECT_EQ(values_of(batch), (std::vector<int>{2, 3, 4, 5}));
  batch.clear();
  batch.push_back(9);
  batch.push_front(8);
  batch.push_front(7);
  EXPECT_EQ(values_of(batch), (std::vector<int>{7, 8, 9}));
  EXPECT_EQ(batch.room(), 4u);
}

TEST(Batch, OwnsWhatIsInIt) {
  const int before = Counted::living();
  {
    Batch<Counted> batch(3);
    for (int i = 0; i < 3; ++i) batch.push_back(Counted(i));
    EXPECT_EQ(batch.pop_front().value(), 0);
    Batch<Counted> moved_on = std::move(batch);
    EXPECT_EQ(Counted::living(), before + 2);
    EXPECT_EQ(moved_on.begin()->value(), 1);
    batch = std::move(moved_on);
    EXPECT_EQ(batch.size(), 2u);
  }
  EXPECT_EQ(Counted::living(), before);
}

TEST(BatchDeathTest, KeepsToItsRoom) {
  Batch<int> batch(1);
  EXPECT_DEATH(batch.pop_front(), "a batch that is empty");
  batch.push_back(1);
  EXPECT_DEATH(batch.push_back(2), "a batch that is full");
  EXPECT_DEATH(Batch<int>(0), "without room");
}

CONCURRENCY_TEST(ReceiveMany, TakesWhatIsThereUpToItsRoom) {
  auto channel = make_channel<int>(10);
  for (int i = 1; i <= 7; ++i) co_await channel.send(i);
  Batch<int> batch(5);

  const std::size_t first = co_await channel.receive_many(batch);
  EXPECT_EQ(first, 5u);
  EXPECT_EQ(values_of(batch), (std::vector<int>{1, 2, 3, 4, 5}));
  const std::size_t second = co_await channel.receive_many(batch);
  EXPECT_EQ(second, 2u);
  EXPECT_EQ(values_of(batch), (std::vector<int>{6, 7}));
}

Task<> send_all_of(Sender<int> out, int first, int last) {
  for (int i = first; i <= last; ++i) co_await out.send(i);
}

VIRTUAL_TEST(ReceiveMany, TakesFromParkedSendersToo) {
  for (std::size_t capacity : {0u, 1u, 2u}) {
    auto channel = make_channel<int>(capacity);
    WaitGroup all;
    for (int i = 1; i <= 5; ++i) {
      all.go(send_all_of(channel, i, i));
      co_await sleep(1ms);
    }
    Batch<int> batch(9);
    const std::size_t count = co_await channel.receive_many(batch);
    EXPECT_EQ(count, 5u);
    EXPECT_EQ(values_of(batch), (std::vector<int>{1, 2, 3, 4, 5}));
    co_await all.wait();
    EXPECT_EQ(channel.size(), 0u);
  }
}

VIRTUAL_TEST(ReceiveMany, WaitsForTheFirstAndTakesWhatCameBeforeItRan) {
  auto channel = make_channel<int>(4);
  auto receiver = go(
      [](Receiver<int> in) -> Task<> {
        Batch<int> batch(3);
        const std::size_t count = co_await in.receive_many(batch);
        EXPECT_EQ(count, 3u);
        EXPECT_EQ(values_of(batch), (std::vector<int>{1, 2, 3}));
      },
      Receiver<int>(channel));
  co_await sleep(1ms);
  for (int i = 1; i <= 4; ++i) EXPECT_TRUE(channel.try_send(int(i)));
  co_await receiver.join();
  EXPECT_EQ(channel.size(), 1u);
}

CONCURRENCY_TEST(ReceiveMany, GivesZeroWhenTheChannelIsClosedAndDrained) {
  auto channel = make_channel<int>(4);
  co_await send_all_of(channel, 1, 3);
  channel.close();
  Batch<int> batch(2);
  std::vector<std::size_t> counts;
  while (const std::size_t count = co_await channel.receive_many(batch)) counts.push_back(count);
  EXPECT_EQ(counts, (std::vector<std::size_t>{2, 1}));
  EXPECT_TRUE(batch.empty());
}

CONCURRENCY_TEST(ReceiveMany, AClosingChannelWakesIt) {
  auto channel = make_channel<int>();
  auto receiver = go(
      [](Receiver<int> in) -> Task<> {
        Batch<int> batch(3);
        const std::size_t count = co_await in.receive_many(batch);
        EXPECT_EQ(count, 0u);
      },
      Receiver<int>(channel));
  co_await yield();
  channel.close();
  co_await receiver.join();
}

CONCURRENCY_TEST(ReceiveMany, TryingSaysWhyThereIsNothing) {
  auto channel = make_channel<int>(4);
  Batch<int> batch(8);
  EXPECT_EQ(channel.try_receive_many(batch).error(), Empty);
  EXPECT_EQ(Channel<int>().try_receive_many(batch).error(), Empty);
  co_await send_all_of(channel, 1, 3);
  EXPECT_EQ(channel.try_receive_many(batch), 3u);
  channel.close();
  EXPECT_EQ(channel.try_receive_many(batch).error(), Closed);
  EXPECT_TRUE(batch.empty());
}

VIRTUAL_TEST(ReceiveMany, AContextEndsTheWaitAndTakesNothing) {
  auto channel = make_channel<int>(4);
  auto [context, cancel] = with_timeout(background(), 5ms);
  Batch<int> batch(8);
  const auto late = co_await channel.receive_many(context, batch);
  EXPECT_EQ(late.error(), Cancelled);
  EXPECT_TRUE(channel.try_send(1));
  const auto later = co_await channel.receive_many(context, batch);
  EXPECT_EQ(later.error(), Cancelled);
  EXPECT_EQ(channel.size(), 1u);
}

CONCURRENCY_TEST(ReceiveMany, WithAContextTakesWhatIsThere) {
  auto channel = make_channel<int>(4);
  auto [context, cancel] = with_cancel(background());
  co_await send_all_of(channel, 1, 4);
  Batch<int> batch(3);
  const auto three = co_await channel.receive_many(context, batch);
  EXPECT_EQ(three, 3u);
  const auto one = co_await channel.receive_many(context, batch);
  EXPECT_EQ(one, 1u);
  EXPECT_EQ(values_of(batch), (std::vector<int>{4}));
  channel.close();
  const auto none = co_await channel.receive_many(context, batch);
  EXPECT_EQ(none.error(), Closed);
}

CONCURRENCY_TEST(SendMany, LeavesTheBatchEmptyAndTheOrderAsItWas) {
  for (std::size_t capacity : {0u, 1u, 3u, 100u}) {
    auto channel = make_channel<int>(capacity);
    auto sender = go(
        [](Sender<int> out) -> Task<> {
          Batch<int> batch(7);
          for (int i = 0; i < 10; ++i) {
            fill(batch, 7 * i + 1, 7 * i + 7);
            co_await out.send_many(batch);
            EXPECT_TRUE(batch.empty());
          }
          out.close();
        },
        Sender<int>(channel));
    int expected = 0;
    while (auto value = co_await channel.receive()) EXPECT_EQ(*value, ++expected);
    EXPECT_EQ(expected, 70);
    co_await sender.join();
  }
}

CONCURRENCY_TEST(SendMany, TryingLeavesTheRestInTheBatch) {
  auto channel = make_channel<int>(3);
  Batch<int> batch(5);
  fill(batch, 1, 5);
  EXPECT_EQ(channel.try_send_many(batch), 3u);
  EXPECT_EQ(values_of(batch), (std::vector<int>{4, 5}));
  EXPECT_EQ(channel.try_send_many(batch), 0u);
  EXPECT_EQ(Channel<int>().try_send_many(batch), 0u);
  EXPECT_EQ(batch.size(), 2u);
  co_return;
}

VIRTUAL_TEST(SendMany, ServesParkedReceiversFirst) {
  auto channel = make_channel<int>(2);
  WaitGroup all;
  for (int i = 1; i <= 3; ++i) {
    all.go([](Receiver<int> in,
              int expected) -> Task<> { EXPECT_EQ(co_await in.receive(), expected); },
           Receiver<int>(channel), i);
    co_await sleep(1ms);
  }
  Batch<int> batch(9);
  fill(batch, 1, 9);
  EXPECT_EQ(channel.try_send_many(batch), 5u);
  co_await all.wait();
}

VIRTUAL_TEST(SendMany, WhatACancelledOneHasNotSentIsInTheBatch) {
  auto channel = make_channel<Counted>(2);
  auto [context, cancel] = with_timeout(background(), 5ms);
  Batch<Counted> batch(5);
  for (int i = 1; i <= 5; ++i) batch.push_back(Counted(i));

  const bool all = co_await channel.send_many(context, batch);

  EXPECT_FALSE(all);
  EXPECT_EQ(batch.size(), 3u);
  EXPECT_EQ(batch.begin()->value(), 3);
  EXPECT_EQ(channel.size(), 2u);
  const bool with_a_dead_context = co_await channel.send_many(context, batch);
  EXPECT_FALSE(with_a_dead_context);
  EXPECT_EQ(batch.size(), 3u);
}

CONCURRENCY_TEST(SendMany, WithAContextThatLivesAllIsSent) {
  auto channel = make_channel<int>(1);
  auto [context, cancel] = with_cancel(background());
  auto sender = go(
      [](Context mine, Sender<int> out) -> Task<> {
        Batch<int> batch(20);
        fill(batch, 1, 20);
        const bool all = co_await out.send_many(mine, batch);
        EXPECT_TRUE(all);
      },
      context, Sender<int>(channel));
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(co_await channel.receive(), i);
  co_await sender.join();
}

TEST(SendManyDeathTest, OnAClosedChannelStopsTheProgram) {
  auto channel = make_channel<int>(1);
  channel.close();
  Batch<int> batch(1);
  batch.push_back(1);
  EXPECT_DEATH(channel.try_send_many(batch), "batch_test.*a value was sent on a closed channel");
}

// Batches of all sizes on both sides, waits that give up at all moments, and some that take one by
// one: every value arrives once, and those of one sender in order.
Task<> send_in_batches(Sender<Counted> out, int sender, std::size_t room) {
  Batch<Counted> batch(room);
  int patience = 0;
  for (int i = 0; i < 30;) {
    for (; i < 30 && !batch.full(); ++i) batch.push_back(Counted(sender * 100 + i));
    while (!batch.empty()) {
      auto [context, cancel] = with_timeout(background(), Duration(patience += 37));
      co_await out.send_many(context, batch);
    }
  }
}

Task<> receive_in_batches(Receiver<Counted> in, Sender<Counted> log, std::size_t room) {
  Batch<Counted> batch(room);
  for (int i = 0;; ++i) {
    auto [context, cancel] = with_timeout(background(), Duration(i * 53));
    const auto count = co_await in.receive_many(context, batch);
    if (!count && count.error() == Closed) co_return;
    co_await log.send_many(batch);
  }
}

CONCURRENCY_TEST(Batches, LoseNothingAndKeepTheOrder) {
  auto channel = make_channel<Counted>(3);
  auto log = make_channel<Counted>(300);
  WaitGroup senders;
  for (int i = 0; i < 4; ++i) {
    senders.go(send_in_batches(channel, i, static_cast<std::size_t>(1 + 3 * i)));
  }
  auto receiver = go(receive_in_batches(channel, log, 5));
  co_await senders.wait();
  channel.close();
  co_await receiver.join();
  log.close();

  std::vector<int> next(4);
  while (auto value = co_await log.receive()) {
    const auto sender = static_cast<std::size_t>(value->value() / 100);
    EXPECT_EQ(value->value() % 100, next[sender]++);
  }
  EXPECT_EQ(next, (std::vector<int>{30, 30, 30, 30}));
}

// Those that are served one by one and in batches, at the same time.
CONCURRENCY_TEST(Batches, MeetPlainOperations) {
  auto channel = make_channel<Counted>(2);
  WaitGroup receivers;
  std::vector<int> counts(3);
  for (std::size_t i = 0; i < 3; ++i) {
    receivers.go(
        [](Receiver<Counted> in, int& count, std::size_t room) -> Task<> {
          Batch<Counted> batch(room);
          for (bool more = true; more;) {
            const std::size_t came = co_await in.receive_many(batch);
            auto one = co_await in.receive();
            count += static_cast<int>(came) + (one ? 1 : 0);
            more = one.has_value();
          }
        },
        Receiver<Counted>(channel), std::ref(counts[i]), i + 1);
  }
  WaitGroup senders;
  for (int i = 0; i < 3; ++i) senders.go(send_in_batches(channel, i, 4));
  co_await senders.wait();
  channel.close();
  co_await receivers.wait();
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), 90);
}

// Who moves batches without ever parking lets others run.
TEST(Batches, CountAgainstTheTurn) {
  run(
      []() -> Task<> {
        bool stop = false;
        auto other = go(
            [](bool& flag) -> Task<> {
              flag = true;
              co_return;
            },
            std::ref(stop));
        auto channel = make_channel<int>(8);
        Batch<int> batch(8);
        fill(batch, 1, 8);
        int rounds = 0;
        while (!stop) {
          co_await channel.send_many(batch);
          co_await channel.receive_many(batch);
          EXPECT_LT(++rounds, 20) << "some 128 values a turn";
        }
        co_await other.join();
      }(),
      {.processors = 1});
}

}  // namespace
}  // namespace weir
