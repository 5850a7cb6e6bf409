// Cases that are switched off or led to another channel, and selects over lists made at run time.

#include <gtest/gtest.h>

#include <deque>
#include <source_location>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/sync/channel.h"
#include "weir/sync/select.h"
#include "weir/sync/semaphore.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

using test::Counted;

Task<> count_to(int last, Sender<int> out) {
  for (int i = 1; i <= last; ++i) co_await out.send(i);
  out.close();
}

CONCURRENCY_TEST(SelectSwitch, ACaseThatIsOffIsPassedOver) {
  auto ready = make_channel<int>(1);
  co_await ready.send(1);
  auto off = receive_from(ready);
  off.disable();
  auto other = make_channel<int>(1);
  auto on = send_to(other, 2);

  const int chosen = co_await select(off, on);

  EXPECT_EQ(chosen, 1);
  EXPECT_FALSE(off.chosen());
  EXPECT_FALSE(off.enabled());
  EXPECT_EQ(ready.size(), 1u);
  EXPECT_EQ(try_select(off), -1);
  off.enable();
  EXPECT_EQ(try_select(off), 0);
  EXPECT_EQ(*off, 1);
}

// Go's loop that sets each channel to nil when it is found closed.
CONCURRENCY_TEST(SelectSwitch, EachClosedChannelIsSwitchedOffInALoop) {
  auto first = make_channel<int>();
  auto second = make_channel<int>(2);
  go(count_to(10, first));
  go(count_to(20, second));

  int sum = 0;
  auto a = receive_from(first);
  auto b = receive_from(second);
  while (a.enabled() || b.enabled()) {
    co_await select(a, b);
    if (a.chosen()) a ? sum += *a : (a.disable(), 0);
    if (b.chosen()) b ? sum += *b : (b.disable(), 0);
  }

  EXPECT_EQ(sum, 55 + 210);
}

// A pump that holds back what the reader has not taken: it offers only when it has something.
Task<> pump(Receiver<int> in, Sender<int> out) {
  std::deque<int> held;
  auto next = receive_from(in);
  auto offer = send_to(out, 0);
  (void)offer.take_back();
  while (next.enabled() || !held.empty()) {
    offer.enable(!held.empty());
    if (offer.enabled()) offer.value(held.front());
    co_await select(next, offer);
    if (offer) held.pop_front();
    if (next) held.push_back(*next);
    if (next.chosen() && !next) next.disable();
  }
  out.close();
}

CONCURRENCY_TEST(SelectSwitch, ASendCaseThatIsOffNeedsNoValue) {
  auto in = make_channel<int>();
  auto out = make_channel<int>();
  go(count_to(30, in));
  go(pump(in, out));
  int expected = 0;
  while (auto value = co_await out.receive()) EXPECT_EQ(*value, ++expected);
  EXPECT_EQ(expected, 30);
}

CONCURRENCY_TEST(SelectSwitch, ACaseThatIsSwitchedOffDropsItsOldValue) {
  auto values = make_channel<Counted>(1);
  co_await values.send(Counted(1));
  auto value = receive_from(values);
  auto late = until(now());
  co_await select_first(value, late);
  EXPECT_TRUE(value);

  value.disable();
  co_await select_first(value, late);

  EXPECT_TRUE(late);
  EXPECT_FALSE(value);
  EXPECT_EQ(Counted::living(), 0);
}

CONCURRENCY_TEST(SelectSwitch, ACaseThatIsOffKeepsTheValueItIsToSend) {
  auto channel = make_channel<Counted>(2);
  auto sending = send_to(channel, Counted(7));
  sending.disable();
  EXPECT_EQ(try_select(sending), -1);
  EXPECT_EQ(channel.size(), 0u);
  sending.enable();
  co_await select(sending);
  const auto received = co_await channel.receive();
  EXPECT_EQ(received->value(), 7);
}

VIRTUAL_TEST(SelectSwitch, ATimerThatIsOffDoesNotFire) {
  auto late = after(1ms);
  auto later = after(2ms);
  late.disable();
  const int chosen = co_await select(late, later);
  EXPECT_EQ(chosen, 1);
  late.enable();
  const int then = co_await select(late, later);
  EXPECT_EQ(then, 0);
}

TEST(SelectSwitch, WithAllCasesOffASelectWaitsForEver) {
  test::deadlock_of([]() -> Task<> {
    auto late = after(1ms);
    late.disable();
    co_await select(late);
  });
}

CONCURRENCY_TEST(SelectSwitch, TheChoiceIsAmongThoseThatAreOn) {
  auto channel = make_channel<int>(3);
  for (int i = 0; i < 3; ++i) co_await channel.send(i);
  auto a = receive_from(channel);
  auto b = receive_from(channel);
  auto c = receive_from(channel);
  b.disable();
  for (int i = 0; i < 3; ++i) {
    const int chosen = co_await select(a, b, c);
    EXPECT_NE(chosen, 1);
    EXPECT_EQ(chosen == 0 ? *a : *c, i);
  }
}

CONCURRENCY_TEST(SelectSwitch, ACaseIsLedToAnotherChannel) {
  auto first = make_channel<int>(1);
  auto second = make_channel<int>(1);
  auto receiving = receive_from(first);
  auto sending = send_to(first, 1);
  co_await select(sending);
  sending.value(2);
  sending.channel(second);
  co_await select(sending);

  co_await select(receiving);
  EXPECT_EQ(*receiving, 1);
  receiving.channel(second);
  co_await select(receiving);
  EXPECT_EQ(*receiving, 2);
  receiving.channel({});
  EXPECT_EQ(try_select(receiving), -1);
}

CONCURRENCY_TEST(SelectSwitch, APermitCaseThatIsOffTakesNone) {
  Semaphore permits(1);
  auto permit = acquire_from(permits);
  permit.disable();
  EXPECT_EQ(try_select(permit), -1);
  EXPECT_EQ(permits.available(), 1);
  co_return;
}

// As many receivers as there are channels, in one list.
struct Inputs {
  explicit Inputs(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      channels.push_back(make_channel<int>(i % 3));
      cases.emplace_back(channels.back(), std::source_location::current());
      list.push_back(&cases.back());
    }
  }

  std::vector<Channel<int>> channels;
  std::deque<ReceiveCase<int>> cases;  // which never moves what it holds
  std::vector<Case*> list;
};

CONCURRENCY_TEST(SelectList, FansInFromAnyNumberOfChannels) {
  Inputs inputs(17);
  for (std::size_t i = 0; i < inputs.channels.size(); ++i) {
    go(count_to(static_cast<int>(i), inputs.channels[i]));
  }
  int sum = 0;
  for (std::size_t open = inputs.list.size(); open > 0;) {
    const int chosen = co_await select(inputs.list);
    auto& received = inputs.cases[static_cast<std::size_t>(chosen)];
    if (received) {
      sum += *received;
    } else {
      received.disable();
      --open;
    }
  }
  EXPECT_EQ(sum, 16 * 17 * 18 / 6);
}

CONCURRENCY_TEST(SelectList, TakesTheFirstInOrderWhenToldTo) {
  Inputs inputs(9);
  for (std::size_t i : {7u, 4u, 8u}) co_await inputs.channels[i].send(static_cast<int>(i));
  for (int expected : {4, 7, 8}) {
    const int chosen = co_await select_first(inputs.list);
    EXPECT_EQ(chosen, expected);
  }
}

CONCURRENCY_TEST(SelectList, IsTriedWithoutWaiting) {
  Inputs inputs(5);
  EXPECT_EQ(try_select(inputs.list), -1);
  co_await inputs.channels[2].send(1);
  EXPECT_EQ(try_select(inputs.list), 2);
  EXPECT_EQ(try_select(inputs.list), -1);
}

// Fairness over a list: each of many that are always ready gets its share.
TEST(SelectList, ChoosesUniformlyAmongMany) {
  std::vector<int> chosen(15);
  run_virtual([](std::vector<int>& counts) -> Task<> {
    Inputs inputs(15);
    for (Channel<int>& each : inputs.channels) each.close();
    for (int i = 0; i < 15'000; ++i) {
      const int index = co_await select(inputs.list);
      ++counts[static_cast<std::size_t>(index)];
    }
  }(chosen));
  for (int count : chosen) EXPECT_NEAR(count, 1000, 150);  // five standard deviations
}

}  // namespace
}  // namespace weir
