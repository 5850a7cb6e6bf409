#include "weir/sync/context.h"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/external_hold.h"
#include "weir/sync/channel.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

Task<> wait_for(Context context) {
  auto stopped = done(context);
  co_await select(stopped);
}

CONCURRENCY_TEST(Context, CancellingReachesAllBelow) {
  auto [root, cancel] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(root);
  auto [grandchild, cancel_grandchild] = with_timeout(child, 1h);
  WaitGroup all;
  for (const Context& each : {root, child, grandchild}) all.go(wait_for, each);
  co_await yield();

  cancel(Cause(Reason::cancelled, "enough"));
  co_await all.wait();

  for (const Context& each : {root, child, grandchild}) {
    EXPECT_TRUE(each.cancelled());
    EXPECT_EQ(each.cause().reason, Reason::cancelled);
    EXPECT_EQ(each.cause().text, "enough");
  }
}

CONCURRENCY_TEST(Context, CancellingDoesNotReachAboveOrBeside) {
  auto [root, cancel] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(root);
  auto [sibling, cancel_sibling] = with_cancel(root);

  cancel_child();

  EXPECT_TRUE(child.cancelled());
  EXPECT_FALSE(root.cancelled());
  EXPECT_FALSE(sibling.cancelled());
  EXPECT_FALSE(background().cancelled());
  EXPECT_EQ(sibling.cause().reason, Reason::none);
  co_return;
}

CONCURRENCY_TEST(Context, TheFirstCauseStays) {
  auto [root, cancel] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(root);

  cancel_child(Cause(Reason::cancelled, "child"));
  cancel(Cause(Reason::failed, "root"));
  cancel(Cause(Reason::signal, "again"));

  EXPECT_EQ(child.cause().text, "child");
  EXPECT_EQ(root.cause().text, "root");
  EXPECT_EQ(root.cause().reason, Reason::failed);
  co_return;
}

CONCURRENCY_TEST(Context, AChildOfACancelledContextIsCancelledFromBirth) {
  auto [root, cancel] = with_cancel(background());
  cancel(Cause(Reason::cancelled, "before"));

  auto [child, cancel_child] = with_cancel(root);
  auto [timed, cancel_timed] = with_timeout(root, 1h);

  EXPECT_TRUE(child.cancelled());
  EXPECT_EQ(child.cause().text, "before");
  EXPECT_TRUE(timed.cancelled());
  EXPECT_EQ(timed.cause().reason, Reason::cancelled);
  co_return;
}

VIRTUAL_TEST(Context, ADeadlineCancelsAtItsTimeExactly) {
  const TimePoint deadline = now() + 30ms;
  auto [context, cancel] = with_deadline(background(), deadline);
  EXPECT_EQ(context.deadline(), deadline);

  co_await sleep(30ms - 1ns);
  EXPECT_FALSE(context.cancelled());
  co_await wait_for(context);

  EXPECT_EQ(now(), deadline);
  EXPECT_EQ(context.cause().reason, Reason::deadline);
}

VIRTUAL_TEST(Context, ADeadlineMayHaveACauseOfItsOwn) {
  auto [slow, cancel_slow] =
      with_timeout(background(), 10ms, Cause(Reason::deadline, "the database is slow"));
  auto [below, cancel_below] = with_cancel(slow);
  auto [stopped, cancel_stopped] = with_timeout(background(), 10ms, Cause(Reason::failed, "late"));
  auto [past, cancel_past] = with_deadline(background(), now(), Cause(Reason::cancelled, "past"));
  EXPECT_EQ(slow.cause().reason, Reason::none);
  EXPECT_EQ(slow.cause().text, "");
  EXPECT_EQ(past.cause().text, "past");
  cancel_stopped(Cause(Reason::cancelled, "stopped"));

  co_await wait_for(below);

  EXPECT_EQ(below.cause().reason, Reason::deadline);
  EXPECT_EQ(below.cause().text, "the database is slow");
  EXPECT_EQ(stopped.cause().text, "stopped");
}

VIRTUAL_TEST(Context, TheEarlierDeadlineCounts) {
  auto [outer, cancel_outer] = with_timeout(background(), 10ms);
  auto [inner, cancel_inner] = with_timeout(outer, 20ms);
  auto [tighter, cancel_tighter] = with_timeout(outer, 5ms);
  const TimePoint start = now();

  EXPECT_EQ(inner.deadline(), outer.deadline());
  EXPECT_EQ(tighter.deadline(), start + 5ms);
  co_await wait_for(tighter);
  EXPECT_EQ(now(), start + 5ms);
  EXPECT_FALSE(outer.cancelled());
  co_await wait_for(inner);

  EXPECT_EQ(now(), start + 10ms);
  EXPECT_TRUE(outer.cancelled());
  EXPECT_EQ(inner.cause().reason, Reason::deadline);
}

VIRTUAL_TEST(Context, ManyDeadlinesComeInOrder) {
  std::vector<CancelScope> scopes;
  std::vector<int> order;
  WaitGroup all;
  for (int i : {5, 1, 4, 2, 3}) {
    scopes.push_back(with_timeout(background(), i * 1ms));
    all.go(
        [](Context context, std::vector<int>& log, int number) -> Task<> {
          co_await wait_for(context);
          log.push_back(number);
        },
        scopes.back().context, std::ref(order), i);
  }
  co_await all.wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3, 4, 5}));
}

CONCURRENCY_TEST(Context, ADeadlineThatHasPassedCancelsAtOnce) {
  auto [past, cancel_past] = with_deadline(background(), now());
  auto [none, cancel_none] = with_timeout(background(), 0ns);
  EXPECT_TRUE(past.cancelled());
  EXPECT_EQ(none.cause().reason, Reason::deadline);
  co_return;
}

VIRTUAL_TEST(Context, ATimeoutWithoutEndHasNoDeadline) {
  auto [context, cancel] = with_timeout(background(), Duration::max());
  EXPECT_EQ(context.deadline(), time_never);
  co_await sleep(10000h);
  EXPECT_FALSE(context.cancelled());
}

VIRTUAL_TEST(Context, CancellingDisarmsTheTimer) {
  const TimePoint start = now();
  auto [context, cancel] = with_timeout(background(), 1h);
  cancel();
  co_await sleep(2h);
  EXPECT_EQ(context.cause().reason, Reason::cancelled);
  EXPECT_EQ(now(), start + 2h);
}

// With the timer still armed, this would be a wait and not a deadlock.
TEST(Context, DroppingAllCopiesDisarmsTheTimer) {
  test::deadlock_of([]() -> Task<> {
    (void)with_timeout(background(), 1h);
    Receiver<int> nil;
    co_await nil.receive();
  });
}

VIRTUAL_TEST(Context, ADroppedChildDoesNotStopItsParent) {
  auto [root, cancel] = with_cancel(background());
  {
    auto [child, cancel_child] = with_timeout(root, 1ms);
    auto [grandchild, cancel_grandchild] = with_cancel(child);
  }
  co_await sleep(2ms);
  EXPECT_FALSE(root.cancelled());
  cancel();
  EXPECT_TRUE(root.cancelled());
}

VIRTUAL_TEST(Context, ABranchLivesOnWithoutItsRoot) {
  std::optional<CancelScope> leaf;
  {
    auto [root, cancel] = with_timeout(background(), 5ms);
    leaf = with_cancel(root);
  }
  co_await wait_for(leaf->context);
  EXPECT_EQ(leaf->context.cause().reason, Reason::deadline);
}

TEST(Context, OneWithAPassedDeadlineOutlivesItsScheduler) {
  const auto body = []() -> Task<std::vector<Context>> {
    std::vector<Context> kept;
    for (Duration timeout : {Duration(1ms), Duration(1h)}) {
      kept.push_back(with_timeout(background(), timeout).context);
      kept.push_back(kept.back());
    }
    co_await sleep(10ms);
    co_return kept;
  };
  const std::vector<Context> kept = run_virtual(body());
  EXPECT_TRUE(kept[0].cancelled());
  EXPECT_FALSE(kept[2].cancelled());
  const std::vector<Context> kept_of_threads = run(body(), {.processors = 2});
  EXPECT_TRUE(kept_of_threads[0].cancelled());
}

TEST(Context, ALongLineOfContextsIsFreedInALoop) {
  CancelScope last = with_cancel(Context());
  for (int i = 0; i < 200'000; ++i) last = with_cancel(last.context);
  EXPECT_FALSE(last.context.cancelled());
}

TEST(Context, OutsideOfATaskTheBackgroundIsNeverCancelled) {
  EXPECT_FALSE(background().cancelled());
  auto [context, cancel] = with_cancel(background());
  cancel();
  EXPECT_TRUE(context.cancelled());
}

TEST(ContextDeathTest, ADeadlineNeedsATask) {
  EXPECT_DEATH((void)with_timeout(background(), 1s), "outside of a task");
}

CONCURRENCY_TEST(Context, TheSameBackgroundServesTheWholeRun) {
  const Context mine = background();
  co_await go(
      [](ContextCore* core) -> Task<> {
        EXPECT_EQ(background().core(), core);
        co_return;
      },
      mine.core())
      .join();
}

TEST(Context, AFailureCancelsTheBackground) {
  bool cleaned_up = false;
  const auto body = [&]() -> Task<> {
    go(
        [](bool& noticed) -> Task<> {
          co_await wait_for(background());
          noticed = background().cause().reason == Reason::failed;
        },
        std::ref(cleaned_up));
    co_await sleep(1ms);
    throw std::runtime_error("broken");
  };
  EXPECT_THROW(run_virtual(body()), std::runtime_error);
  EXPECT_TRUE(cleaned_up);
  cleaned_up = false;
  EXPECT_THROW(run(body(), {.processors = 2}), std::runtime_error);
  EXPECT_TRUE(cleaned_up);
}

// A task that hears of the failure only now, and asks for the root for the first time.
TEST(Context, TheBackgroundIsCancelledEvenIfAskedForAfterTheFailure) {
  bool cancelled = false;
  const auto late = [](bool& seen) -> Task<> { co_return void(seen = background().cancelled()); };
  const auto body = [&]() -> Task<> {
    auto failing = go(
        [](auto& next, bool& seen) -> Task<> {
          go(next, std::ref(seen));  // runs when this one has ended
          throw std::runtime_error("broken");
          co_return;
        },
        std::cref(late), std::ref(cancelled));
    co_await Receiver<int>().receive();
  };
  EXPECT_THROW(run_virtual(body()), std::runtime_error);
  EXPECT_TRUE(cancelled);
  cancelled = false;
  Runtime runtime({.processors = 1});
  EXPECT_THROW(runtime.run(body()), std::runtime_error);
  EXPECT_TRUE(cancelled);
  // The next run begins anew.
  runtime.run(
      [](bool& seen) -> Task<> { co_return void(seen = background().cancelled()); }(cancelled));
  EXPECT_FALSE(cancelled);
}

TEST(Context, AForeignThreadMayCancel) {
  for (int processors : {1, 2}) {
    run(
        []() -> Task<> {
          const ExternalHold hold;
          auto [context, cancel] = with_timeout(background(), 1h);
          auto [child, cancel_child] = with_cancel(context);
          const std::jthread foreign(
              [stop = cancel] { stop(Cause(Reason::cancelled, "outside")); });
          co_await wait_for(child);
          EXPECT_EQ(child.cause().text, "outside");
        }(),
        {.processors = processors, .on_leak = OnLeak::fail});
  }
}

// Cancels, deadlines, births and deaths in one tree at the same time.
Task<> grow(Context parent, int depth) {
  auto [mine, cancel] = with_timeout(parent, Duration(500 * depth));
  WaitGroup below;
  if (depth > 0) {
    for (int i = 0; i < 2; ++i) below.go(grow, mine, depth - 1);
  }
  co_await sleep(mine, Duration(300 * depth));
  if (depth % 2 == 0) cancel();
  co_await below.wait();
}

CONCURRENCY_TEST(Context, TreesGrowAndFallAtTheSameTime) {
  auto [root, cancel] = with_cancel(background());
  WaitGroup all;
  for (int i = 0; i < 3; ++i) all.go(grow, root, 4);
  co_await sleep(1us);
  cancel();
  co_await all.wait();
}

VIRTUAL_TEST(ContextSleep, TellsWhetherTheTimeHasPassed) {
  const TimePoint start = now();
  auto [context, cancel] = with_timeout(background(), 10ms);

  const bool whole = co_await sleep(context, 9ms);
  EXPECT_EQ(now(), start + 9ms);
  const bool cut = co_await sleep(context, 9ms);
  EXPECT_EQ(now(), start + 10ms);
  const bool after_the_end = co_await sleep(context, 9ms);

  EXPECT_TRUE(whole);
  EXPECT_FALSE(cut);
  EXPECT_FALSE(after_the_end);
  EXPECT_EQ(now(), start + 10ms);
}

VIRTUAL_TEST(ContextSleep, ReachesAPointInTime) {
  const TimePoint end = now() + 5ms;
  auto [context, cancel] = with_timeout(background(), 10ms);
  const bool whole = co_await sleep_until(context, end);
  EXPECT_TRUE(whole);
  EXPECT_EQ(now(), end);
  const bool cut = co_await sleep_until(context, end + 1h);
  EXPECT_FALSE(cut);
  EXPECT_EQ(now(), end + 5ms);
}

}  // namespace
}  // namespace weir
