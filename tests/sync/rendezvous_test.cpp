// Selects that meet selects: both sides parked in several places, one pairing each.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/sync/channel.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

using test::Counted;

struct Tally {
  std::atomic<int> sent = 0;
  std::atomic<int> received = 0;
  std::atomic<int> finished = 0;
};

// Sends on one channel or receives from the other, whichever comes first, `rounds` times.
Task<> exchange(Channel<int> to, Channel<int> from, int rounds, Tally& tally) {
  auto sending = send_to(to, 1);
  auto receiving = receive_from(from);
  for (int i = 0; i < rounds; ++i) {
    co_await select(sending, receiving);
    EXPECT_NE(sending.chosen(), receiving.chosen());
    if (sending) {
      ++tally.sent;
      sending.value(1);
    } else {
      EXPECT_EQ(*receiving, 1);
      ++tally.received;
    }
  }
  ++tally.finished;
}

CONCURRENCY_TEST(Rendezvous, TwoSelectsMeetAcrossTwoChannels) {
  Tally tally;
  auto left = make_channel<int>();
  auto right = make_channel<int>();
  WaitGroup both;
  both.go(exchange, left, right, 50, std::ref(tally));
  both.go(exchange, right, left, 50, std::ref(tally));
  co_await both.wait();
  EXPECT_EQ(tally.sent, 50);
  EXPECT_EQ(tally.received, 50);
}

CONCURRENCY_TEST(Rendezvous, ASendCaseMeetsAReceiveCase) {
  auto channel = make_channel<int>();
  WaitGroup both;
  both.go(
      [](Channel<int> out) -> Task<> {
        auto sending = send_to(out, 0);
        auto never = receive_from(Receiver<int>());
        for (int i = 0; i < 50; ++i) {
          if (i > 0) sending.value(i);
          co_await select(never, sending);
        }
      },
      channel);
  both.go(
      [](Channel<int> in) -> Task<> {
        auto receiving = receive_from(in);
        auto never = receive_from(Receiver<int>());
        for (int i = 0; i < 50; ++i) {
          co_await select(receiving, never);
          EXPECT_EQ(*receiving, i);
        }
      },
      channel);
  co_await both.wait();
}

TEST(Rendezvous, ASelectNeverMeetsItself) {
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    const std::string text = test::deadlock_of([]() -> Task<> {
      auto channel = make_channel<int>();
      auto sending = send_to(channel, 1);
      auto receiving = receive_from(channel);
      co_await select(sending, receiving);
      ADD_FAILURE() << "the select met itself";
    });
    EXPECT_NE(text.find("waits in select"), std::string::npos) << text;
  }
}

CONCURRENCY_TEST(Rendezvous, SelectsThatSendAndReceiveOnOneChannelMeetEachOther) {
  Tally tally;
  auto channel = make_channel<int>();
  WaitGroup all;
  for (int i = 0; i < 2; ++i) all.go(exchange, channel, channel, 40, std::ref(tally));
  co_await all.wait();
  EXPECT_EQ(tally.sent, 40);
  EXPECT_EQ(tally.received, 40);
}

// Three in a ring, each offering to the next: when one has left, the other two still share a
// channel that one sends on and the other receives from.
CONCURRENCY_TEST(Rendezvous, SelectsInARingMeetInPairs) {
  Tally tally;
  auto a = make_channel<int>();
  auto b = make_channel<int>();
  auto c = make_channel<int>();
  auto quit = make_channel<int>();
  WaitGroup all;
  const auto member = [](Channel<int> to, Channel<int> from, Channel<int> end,
                         Tally& count) -> Task<> {
    auto sending = send_to(to, 1);
    auto receiving = receive_from(from);
    auto ended = receive_from(end);
    for (;;) {
      co_await select(sending, receiving, ended);
      if (ended.chosen()) co_return;
      if (sending) {
        ++count.sent;
        sending.value(1);
      } else {
        ++count.received;
      }
    }
  };
  all.go(member, a, c, quit, std::ref(tally));
  all.go(member, b, a, quit, std::ref(tally));
  all.go(member, c, b, quit, std::ref(tally));
  while (tally.sent < 100) co_await yield();
  quit.close();
  co_await all.wait();
  EXPECT_EQ(tally.sent, tally.received);
}

// Many selects over the same channels, of all capacities, with a sum that tells of a loss.
Task<> feed(Sender<Counted> first, Sender<Counted> second, int count, std::atomic<long>& total) {
  auto to_first = send_to(first, Counted(0));
  auto to_second = send_to(second, Counted(0));
  for (int i = 1; i <= count; ++i) {
    to_first.value(Counted(i));
    to_second.value(Counted(1000 + i));
    co_await select(to_first, to_second);
    total += to_first.chosen() ? i : 1000 + i;
    if (to_first.chosen()) {
      to_first.value(Counted(0));
    } else {
      to_second.value(Counted(0));
    }
  }
}

Task<> drain(Receiver<Counted> first, Receiver<Counted> second, std::atomic<long>& total) {
  auto from_first = receive_from(first);
  auto from_second = receive_from(second);
  for (;;) {
    co_await select(from_first, from_second);
    auto& chosen = from_first.chosen() ? from_first : from_second;
    if (!chosen) break;
    total += chosen->value();
  }
  while (auto value = co_await first.receive()) total += value->value();
  while (auto value = co_await second.receive()) total += value->value();
}

CONCURRENCY_TEST(Rendezvous, ManySelectsLoseAndDoubleNothing) {
  for (std::size_t capacity : {0u, 1u, 2u}) {
    auto first = make_channel<Counted>(capacity);
    auto second = make_channel<Counted>(capacity);
    std::atomic<long> sent = 0;
    std::atomic<long> received = 0;
    WaitGroup feeding;
    WaitGroup draining;
    for (int i = 0; i < 3; ++i) {
      feeding.go(feed, first, second, 30, std::ref(sent));
      draining.go(drain, first, second, std::ref(received));
    }
    co_await feeding.wait();
    first.close();
    second.close();
    co_await draining.wait();
    EXPECT_EQ(sent, received);
  }
}

// Each select waits in a channel, a timer and a context at the same time, all about to fire.
Task<> race_of_kinds(Channel<Counted> channel, Context context, int delay, std::atomic<int>& got) {
  auto value = receive_from(channel);
  auto late = after(Duration(delay));
  auto stopped = done(context);
  const int chosen = co_await select(value, late, stopped);
  if (chosen == 0 && value) ++got;
}

CONCURRENCY_TEST(Rendezvous, TimersContextsAndValuesAgreeOnOneWinner) {
  for (int round = 0; round < 10; ++round) {
    auto channel = make_channel<Counted>();
    auto [context, cancel] = with_timeout(background(), Duration(20 * round));
    std::atomic<int> got = 0;
    WaitGroup all;
    for (int i = 0; i < 4; ++i) {
      all.go(race_of_kinds, channel, context, 10 * i * round, std::ref(got));
    }
    int given = 0;
    for (int i = 0; i < 4; ++i) {
      const auto sent = co_await channel.send(context, Counted(i));
      if (sent) ++given;
    }
    co_await all.wait();
    EXPECT_EQ(given, got);
  }
}

}  // namespace
}  // namespace weir
