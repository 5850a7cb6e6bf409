// Select, cancel and close lose nothing: the real channels under every schedule of explore().
//
// Each scenario is small enough for the exhaustive search to end without a bound on preemptions; it
// is also drawn and run by priorities, since those are what larger programs have. The guarantees of
// docs/channels.md name these tests.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tests/model/searching.h"
#include "tests/support/lifetimes.h"
#include "weir/weir.h"

namespace weir::model {
namespace {

using test::Counted;

// Runs `body` under each strategy; the exhaustive one has to come to its end.
void expect_lossless(const std::function<Task<>()>& body, OnLeak on_leak = OnLeak::fail) {
  constexpr int all_of_them = 1000;
  const int living = Counted::living();
  for (const Explore strategy : strategies) {
    SCOPED_TRACE(name_of(strategy));
    const bool all = strategy == Explore::exhaustive;
    const ExploreResult result = explore({.strategy = strategy,
                                          .runs = all ? 200'000u : 1000u,
                                          .preemptions = all_of_them,
                                          .on_leak = on_leak,
                                          .failed = [&] { return Counted::living() != living; }},
                                         body);
    EXPECT_EQ(result.exhausted, all) << result.runs;
    EXPECT_GT(result.schedules, 1u);
  }
}

// Where values are: sent ones have been received or are still to be; unsent ones are with their
// sender. Each value is in exactly one place at the end.
class Ledger {
 public:
  void received(const Counted& value) { note(value.value()); }
  void given_back(const Counted& value) { note(value.value()); }
  void check(std::size_t values) const { require(seen_.size() == values, "a value has been lost"); }

 private:
  void note(int value) { require(seen_.insert(value).second, "a value came out twice"); }
  std::set<int> seen_;
};

Task<> send_until(Channel<Counted> to, Context context, int number, Ledger& ledger) {
  Counted value(number);
  auto sent = co_await to.send(context, moved(value));
  if (!sent) ledger.given_back(sent.error().value);
}

Task<> receive_until(Channel<Counted> from, Context context, Ledger& ledger) {
  auto value = co_await from.receive(context);
  if (value) ledger.received(*value);
}

void drain(const Channel<Counted>& channel, Ledger& ledger) {
  while (auto left = channel.try_receive()) ledger.received(*left);
}

// A select that sends `number` to one channel or receives from another, or gives up after 1 ms.
// True if it has met somebody.
Task<bool> send_or_receive(Channel<Counted> to, Channel<Counted> from, int number, Ledger& ledger) {
  auto sending = send_to(to, Counted(number));
  auto receiving = receive_from(from);
  auto late = after(1ms);
  const int chosen = co_await select(sending, receiving, late);
  require(sending.chosen() == (chosen == 0) && receiving.chosen() == (chosen == 1) &&
              late.chosen() == (chosen == 2),
          "the cases and the select do not agree on the choice");
  require(static_cast<bool>(receiving) == (chosen == 1), "a case that lost has a value");
  if (chosen != 0) ledger.given_back(sending.take_back());
  if (chosen == 1) ledger.received(*receiving);
  co_return chosen != 2;
}

void start_meeting(WaitGroup& all, Channel<Counted> to, Channel<Counted> from, int number,
                   Ledger& ledger, int& met) {
  all.go(
      [](Channel<Counted> out, Channel<Counted> in, int name,
         std::pair<Ledger*, int*> notes) -> Task<> {
        auto meeting = send_or_receive(out, in, name, *notes.first);
        const bool has_met = co_await meeting;
        *notes.second += has_met ? 1 : 0;
      },
      to, from, number, std::pair(&ledger, &met));
}

Task<> cross() {
  auto a = make_channel<Counted>();
  auto b = make_channel<Counted>();
  Ledger ledger;
  int met = 0;
  WaitGroup all;
  start_meeting(all, a, b, 1, ledger, met);
  start_meeting(all, b, a, 2, ledger, met);
  co_await all.wait();
  require(met == 2, "two selects that could meet have not");
  ledger.check(2);
}

TEST(Lossless, TwoSelectsThatCrossMeetOnce) {
  expect_lossless(cross);
}

Task<> ring() {
  std::vector<Channel<Counted>> edges;
  for (int i = 0; i < 3; ++i) edges.push_back(make_channel<Counted>());
  Ledger ledger;
  int met = 0;
  WaitGroup all;
  for (std::size_t i = 0; i < 3; ++i) {
    start_meeting(all, edges[i], edges[(i + 2) % 3], static_cast<int>(i), ledger, met);
  }
  co_await all.wait();
  require(met == 2, "of three selects in a ring not exactly two have met");
  ledger.check(3);
}

TEST(Lossless, ARingOfSelectsLeavesNoPairBehind) {
  expect_lossless(ring);
}

Task<> deadline_and_sender() {
  auto channel = make_channel<Counted>();
  auto [context, cancel] = with_timeout(background(), 2ms);
  Ledger ledger;
  WaitGroup all;
  all.go(
      [](Channel<Counted> to, Context until, Ledger& notes) -> Task<> {
        co_await sleep(1ms);
        auto sending = send_until(to, until, 1, notes);
        co_await sending;
      },
      channel, context, std::ref(ledger));
  auto value = receive_from(channel);
  auto late = after(1ms);
  const int chosen = co_await select(value, late);
  require(static_cast<bool>(value) == (chosen == 0), "a case that lost has a value");
  if (value) ledger.received(*value);
  co_await all.wait();
  ledger.check(1);
}

TEST(Lossless, ADeadlineAndASenderAgreeOnOneWinner) {
  expect_lossless(deadline_and_sender);
}

template <std::size_t capacity>
Task<> cancel_amid() {
  auto channel = make_channel<Counted>(capacity);
  auto [sends, stop_sends] = with_cancel(background());
  auto [receives, stop_receives] = with_cancel(background());
  Ledger ledger;
  WaitGroup all;
  all.go(send_until(channel, sends, 1, ledger));
  all.go(receive_until(channel, receives, ledger));
  all.go(
      [](Cancel one, Cancel other) -> Task<> {
        co_await yield();
        one();
        co_await yield();
        other();
      },
      stop_receives, stop_sends);
  co_await all.wait();
  drain(channel, ledger);
  ledger.check(1);
}

TEST(Lossless, ACancelledReceiveNeverEatsAValue) {
  expect_lossless(cancel_amid<0>);
  expect_lossless(cancel_amid<1>);
}

Task<> cancelled_sends() {
  auto channel = make_channel<Counted>(1);
  auto [context, cancel] = with_cancel(background());
  Ledger ledger;
  WaitGroup all;
  for (int i = 0; i < 3; ++i) all.go(send_until(channel, context, i, ledger));
  all.go(
      [](Cancel stop) -> Task<> {
        co_await yield();
        stop();
      },
      cancel);
  auto first = co_await channel.receive(context);
  if (first) ledger.received(*first);
  co_await all.wait();
  drain(channel, ledger);
  ledger.check(3);
}

TEST(Lossless, ACancelledSendGivesItsValueBack) {
  expect_lossless(cancelled_sends);
}

Task<> close_amid() {
  auto channel = make_channel<Counted>();
  Ledger ledger;
  int ends = 0;
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(
        [](Channel<Counted> from, Ledger& notes, int& out) -> Task<> {
          auto value = co_await from.receive();
          if (value) notes.received(*value);
          ++out;
        },
        channel, std::ref(ledger), std::ref(ends));
  }
  all.go(
      [](Channel<Counted> from, Ledger& notes, int& out) -> Task<> {
        auto value = receive_from(from);
        auto end = done(background());
        const int chosen = co_await select(value, end);
        require(chosen == 0, "a context fired that was not cancelled");
        if (value) notes.received(*value);
        ++out;
      },
      channel, std::ref(ledger), std::ref(ends));
  Counted value(1);
  co_await channel.send(moved(value));
  channel.close();
  co_await all.wait();
  require(ends == 3, "a receiver was not told of the end");
  ledger.check(1);
}

TEST(Lossless, CloseWakesEveryReceiverAndEatsNothing) {
  expect_lossless(close_amid);
}

Task<> buffered() {
  auto channel = make_channel<Counted>(1);
  auto other = make_channel<Counted>(1);
  Ledger ledger;
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(
        [](Channel<Counted> to, Channel<Counted> aside, int number) -> Task<> {
          auto one = send_to(to, Counted(number));
          auto two = send_to(aside, Counted(number + 10));
          const int chosen = co_await select(one, two);
          require((chosen == 0 ? two : one).take_back().value() % 10 == number,
                  "a case that lost has another value");
        },
        channel, other, i);
  }
  for (int i = 0; i < 2; ++i) {
    auto one = receive_from(channel);
    auto two = receive_from(other);
    const int chosen = co_await select(one, two);
    require(static_cast<bool>(chosen == 0 ? one : two), "an open channel said that it is closed");
    ledger.received(chosen == 0 ? *one : *two);
  }
  co_await all.wait();
  require(channel.size() + other.size() == 0, "a value came out of nothing");
  ledger.check(2);
}

TEST(Lossless, ASelectSendsToOneBufferOnly) {
  expect_lossless(buffered);
}

Task<> attempts() {
  auto channel = make_channel<Counted>();
  Ledger ledger;
  WaitGroup all;
  all.go(
      [](Channel<Counted> to) -> Task<> {
        auto sending = send_to(to, Counted(1));
        auto never = done(Context());
        co_await select(sending, never);
      },
      channel);
  for (int tries = 0;; ++tries) {
    auto receiving = receive_from(channel);
    auto sending = send_to(channel, Counted(2));
    const int chosen = try_select(receiving, sending);
    require(chosen != 1, "a value was sent to nobody");
    require(sending.take_back().value() == 2, "a case that lost has another value");
    if (chosen == 0) {
      ledger.received(*receiving);
      break;
    }
    require(tries < 2, "a sender that waits was not met");
    co_await sleep(tries == 0 ? 0us : 1us);  // Time moves when the other task has parked.
  }
  co_await all.wait();
  ledger.check(1);
}

TEST(Lossless, AnAttemptMeetsWhoWaitsAndLeavesNothingBehind) {
  expect_lossless(attempts);
}

Task<> order() {
  auto channel = make_channel<Counted>(2);
  WaitGroup all;
  all.go(
      [](Channel<Counted> to) -> Task<> {
        for (int i = 0; i < 4; ++i) {
          auto sending = send_to(to, Counted(i));
          co_await select(sending);
        }
        to.close();
      },
      channel);
  int next = 0;
  while (auto value = co_await channel.receive()) {
    require(value->value() == next++, "a value has overtaken another one");
    require(channel.size() <= channel.capacity(), "a buffer holds more than it has room for");
  }
  require(next == 4, "a value has been lost");
  co_await all.wait();
}

TEST(Lossless, ValuesKeepTheirOrder) {
  expect_lossless(order);
}

Task<> moves_up() {
  auto channel = make_channel<Counted>(1);
  const TaskHandle sending = go(
      [](Channel<Counted> to) -> Task<> {
        for (int i = 0; i < 2; ++i) {
          Counted value(i);
          co_await to.send(moved(value));
        }
      },
      channel);
  co_await yield();
  auto first = co_await channel.receive();
  require(first->value() == 0, "a value has overtaken another one");
  co_await sending.join();
  require(channel.size() == 1, "a value has been lost");
}

TEST(Lossless, AParkedSenderMovesUpIntoTheBuffer) {
  expect_lossless(moves_up);
}

// The root ends while the others are parked or decided: what they hold is destroyed once.
Task<> left_over() {
  auto full = make_channel<Counted>(1);
  auto empty = make_channel<Counted>();
  go(
      [](Channel<Counted> to) -> Task<> {
        for (int i = 0; i < 2; ++i) {
          Counted value(i);
          co_await to.send(moved(value));
        }
      },
      full);
  go([](Channel<Counted> from) -> Task<> { co_await from.receive(); }, empty);
  go(
      [](Channel<Counted> from, Channel<Counted> to) -> Task<> {
        auto receiving = receive_from(from);
        auto sending = send_to(to, Counted(5));
        auto late = after(1s);
        co_await select(receiving, sending, late);
      },
      empty, full);
  co_await yield();
  Counted value(9);
  const bool sent = empty.try_send(value);
  require(sent || value.value() == 9, "a value that was not sent is gone");
}

TEST(Lossless, TasksThatAreLeftOverTakeTheirValuesWithThem) {
  expect_lossless(left_over, OnLeak::ignore);
}

Task<> permits() {
  Semaphore semaphore(1);
  auto [context, cancel] = with_cancel(background());
  int held = 0;
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(
        [](Semaphore& from, Context until, int& count) -> Task<> {
          const bool taken = co_await from.acquire(until);
          if (!taken) co_return;
          require(++count == 1, "two tasks hold one permit");
          co_await yield();
          --count;
          from.release();
        },
        std::ref(semaphore), context, std::ref(held));
  }
  co_await yield();
  cancel();
  co_await all.wait();
  require(semaphore.available() == 1, "a permit has been lost");
}

TEST(Lossless, ACancelledAcquireKeepsNoPermit) {
  expect_lossless(permits);
}

Task<> permits_behind() {
  Semaphore semaphore(1, 2);
  auto [context, cancel] = with_cancel(background());
  WaitGroup all;
  all.go(
      [](Semaphore& from, Context until) -> Task<> {
        const bool taken = co_await from.acquire(until, 2);
        require(!taken, "more permits were given than there are");
      },
      std::ref(semaphore), context);
  all.go([](Semaphore& from) -> Task<> { co_await from.acquire(); }, std::ref(semaphore));
  co_await yield();
  cancel();
  co_await all.wait();
}

TEST(Lossless, ACancelledAcquireLetsThoseBehindGoOn) {
  expect_lossless(permits_behind);
}

Task<> many() {
  auto a = make_channel<Counted>();
  auto b = make_channel<Counted>(1);
  Ledger ledger;
  WaitGroup all;
  for (int i = 0; i < 2; ++i) {
    all.go(
        [](Channel<Counted> one, Channel<Counted> two, int number) -> Task<> {
          auto first = send_to(one, Counted(number));
          auto second = send_to(two, Counted(number));
          co_await select(first, second);
        },
        a, b, i);
    all.go(
        [](Channel<Counted> one, Channel<Counted> two, Ledger& notes) -> Task<> {
          auto first = receive_from(one);
          auto second = receive_from(two);
          const int chosen = co_await select(first, second);
          notes.received(chosen == 0 ? *first : *second);
        },
        a, b, std::ref(ledger));
  }
  co_await all.wait();
  ledger.check(2);
}

TEST(Lossless, NobodyWaitsForEverWhoHasAPartner) {
  expect_lossless(many);
}

}  // namespace
}  // namespace weir::model
