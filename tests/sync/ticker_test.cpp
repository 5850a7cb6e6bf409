#include "weir/sync/ticker.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/sync/channel.h"
#include "weir/sync/select.h"

namespace weir {
namespace {

using Beats = std::vector<std::int64_t>;

// Milliseconds from the start at which the beats of a period of 10 ms come, when the task is busy
// for 25 ms after the second one.
Task<Beats> beats_around_a_pause(MissedTick missed) {
  const TimePoint start = now();
  Beats beats;
  Ticker ticker(10ms, missed);
  for (int i = 0; i < 6; ++i) {
    co_await ticker.next();
    beats.push_back((now() - start) / Duration(1ms));
    if (i == 1) co_await sleep(25ms);
  }
  co_return beats;
}

VIRTUAL_TEST(Ticker, SkipKeepsTheScheduleAndDropsWhatWasMissed) {
  auto beating = beats_around_a_pause(MissedTick::skip);
  const Beats beats = co_await beating;
  EXPECT_EQ(beats, (Beats{10, 20, 45, 50, 60, 70}));
}

VIRTUAL_TEST(Ticker, BurstCatchesUp) {
  auto beating = beats_around_a_pause(MissedTick::burst);
  const Beats beats = co_await beating;
  EXPECT_EQ(beats, (Beats{10, 20, 45, 45, 50, 60}));
}

VIRTUAL_TEST(Ticker, DelayStartsANewSchedule) {
  auto beating = beats_around_a_pause(MissedTick::delay);
  const Beats beats = co_await beating;
  EXPECT_EQ(beats, (Beats{10, 20, 45, 55, 65, 75}));
}

VIRTUAL_TEST(Ticker, DoesNotDriftOverManyBeats) {
  const TimePoint start = now();
  Ticker ticker(7ns);
  for (int i = 1; i <= 10'000; ++i) {
    EXPECT_EQ(ticker.due(), start + i * 7ns);
    co_await ticker.next();
    EXPECT_EQ(now(), start + i * 7ns);
  }
}

VIRTUAL_TEST(Ticker, ABeatIsACase) {
  const TimePoint start = now();
  auto silent = make_channel<int>();
  auto never = receive_from(silent);
  Ticker ticker(10ms);
  for (int i = 1; i <= 3; ++i) {
    auto beat = ticker.tick();
    auto nudge = after(4ms);
    int nudges = 0;
    for (;;) {  // A beat that lost is still to come.
      co_await select(never, beat, nudge);
      if (beat) break;
      ++nudges;
    }
    EXPECT_EQ(nudges, 2);
    EXPECT_EQ(now(), start + i * 10ms);
  }
}

// The usual loop: requests come between the beats, and none of these is lost.
VIRTUAL_TEST(Ticker, OneCaseServesALoop) {
  const TimePoint start = now();
  auto requests = make_channel<int>();
  go(
      [](Sender<int> out) -> Task<> {
        for (int i = 0; i < 10; ++i) {
          co_await sleep(3ms);
          co_await out.send(i);
        }
      },
      Sender<int>(requests));
  Ticker ticker(10ms);
  auto beat = ticker.tick();
  auto request = receive_from(requests);
  Beats beats;
  int served = 0;
  while (beats.size() < 4) {
    co_await select(beat, request);
    if (beat) beats.push_back((now() - start) / Duration(1ms));
    if (request) ++served;
  }
  EXPECT_EQ(beats, (Beats{10, 20, 30, 40}));
  EXPECT_EQ(served, 10);
}

VIRTUAL_TEST(Ticker, AnOverdueBeatIsTakenAtOnce) {
  const TimePoint start = now();
  Ticker ticker(10ms);
  auto beat = ticker.tick();
  co_await sleep(25ms);
  EXPECT_EQ(try_select(beat), 0);
  EXPECT_EQ(ticker.due(), start + 30ms);
  EXPECT_EQ(try_select(beat), -1);
}

VIRTUAL_TEST(Ticker, AContextEndsTheWaitAndTakesNoBeat) {
  const TimePoint start = now();
  Ticker ticker(10ms);
  auto [context, cancel] = with_timeout(background(), 15ms);

  const bool first = co_await ticker.next(context);
  EXPECT_EQ(now(), start + 10ms);
  const bool second = co_await ticker.next(context);
  EXPECT_EQ(now(), start + 15ms);
  co_await ticker.next();

  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  EXPECT_EQ(now(), start + 20ms);
}

VIRTUAL_TEST(Ticker, ResetStartsAnew) {
  const TimePoint start = now();
  Ticker ticker(10ms);
  co_await sleep(7ms);
  ticker.reset();
  co_await ticker.next();
  EXPECT_EQ(now(), start + 17ms);
  ticker.reset(2ms);
  co_await ticker.next();
  co_await ticker.next();
  EXPECT_EQ(now(), start + 21ms);
}

VIRTUAL_TEST(Ticker, APeriodWithoutEndNeverBeats) {
  Ticker ticker(Duration::max());
  auto beat = ticker.tick();
  auto late = after(1h);
  const int chosen = co_await select(beat, late);
  EXPECT_EQ(chosen, 1);
}

TEST(TickerDeathTest, AsksForAPeriodAboveZero) {
  EXPECT_DEATH(run_virtual([]() -> Task<> {
                 Ticker ticker(0ns);
                 co_return;
               }()),
               "a ticker needs a period above zero");
}

}  // namespace
}  // namespace weir
