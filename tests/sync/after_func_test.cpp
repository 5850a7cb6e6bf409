#include "weir/sync/after_func.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/external_hold.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

Task<> send_one(Sender<int> out) {
  co_await out.send(1);
}

CONCURRENCY_TEST(AfterFunc, StartsATaskWhenTheContextIsCancelled) {
  auto started = make_channel<int>();
  auto [context, cancel] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(context);
  auto call = after_func(child, send_one, Sender<int>(started));
  co_await yield();
  EXPECT_EQ(started.try_receive().error(), Empty);

  cancel();
  const auto one = co_await started.receive();

  EXPECT_EQ(one, 1);
  EXPECT_FALSE(call.stop());
}

CONCURRENCY_TEST(AfterFunc, StartsAtOnceIfTheContextIsCancelledAlready) {
  auto started = make_channel<int>();
  auto [context, cancel] = with_cancel(background());
  cancel();
  auto call = after_func(context, send_one(started));
  const auto one = co_await started.receive();
  EXPECT_EQ(one, 1);
}

CONCURRENCY_TEST(AfterFunc, WhatIsStoppedDoesNotStart) {
  auto kept = std::make_shared<int>(0);
  auto [context, cancel] = with_cancel(background());
  auto call = after_func(context, [kept]() -> Task<> {
    ++*kept;
    co_return;
  });
  EXPECT_EQ(kept.use_count(), 2);
  EXPECT_TRUE(call.stop());
  EXPECT_EQ(kept.use_count(), 1) << "what it holds goes with it";
  EXPECT_FALSE(call.stop());
  cancel();
  co_await yield();
  EXPECT_EQ(*kept, 0);
}

CONCURRENCY_TEST(AfterFunc, GoesWithItsOwner) {
  auto kept = std::make_shared<int>(7);
  auto started = make_channel<int>(4);
  const auto send_kept = [kept, started]() -> Task<> { co_await started.send(*kept); };
  auto [context, cancel] = with_cancel(background());
  PendingCall replaced = after_func(context, send_kept);
  {
    auto call = after_func(context, send_kept);
    auto moved_on = after_func(context, send_kept);
    replaced = std::move(moved_on);
    EXPECT_EQ(kept.use_count(), 4);
  }
  EXPECT_EQ(kept.use_count(), 3);
  cancel();
  const auto seven = co_await started.receive();
  EXPECT_EQ(seven, 7);
  EXPECT_EQ(started.size(), 0u);
}

VIRTUAL_TEST(AfterFunc, StartsWhenADeadlinePasses) {
  const TimePoint start = now();
  auto started = make_channel<int>();
  auto [context, cancel] = with_timeout(background(), 10ms);
  auto call = after_func(context, send_one, Sender<int>(started));
  co_await started.receive();
  EXPECT_EQ(now(), start + 10ms);
}

VIRTUAL_TEST(AfterFunc, StartsWhenATimeHasPassed) {
  const TimePoint start = now();
  auto started = make_channel<int>();
  auto late = after_func(20ms, send_one, Sender<int>(started));
  auto early = after_func(10ms, send_one(started));
  auto never = after_func(15ms, [] { return send_one(Sender<int>()); });
  EXPECT_TRUE(never.stop());
  co_await started.receive();
  EXPECT_EQ(now(), start + 10ms);
  co_await started.receive();
  EXPECT_EQ(now(), start + 20ms);
}

// With the timer still armed, this would be a wait and not a deadlock.
TEST(AfterFunc, StoppingDisarmsTheTimer) {
  test::deadlock_of([]() -> Task<> {
    auto call = after_func(1h, [] { return send_one(Sender<int>()); });
    call.stop();
    co_await Receiver<int>().receive();
  });
}

TEST(AfterFunc, RunsWhenAFailureEndsTheRun) {
  int cleaned = 0;
  const auto body = [&]() -> Task<> {
    auto cleanup = after_func(
        background(), [](int& count) -> Task<> { co_return void(++count); }, std::ref(cleaned));
    throw std::runtime_error("broken");
    co_return;
  };
  EXPECT_THROW(run_virtual(body()), std::runtime_error);
  const auto waiting = [&]() -> Task<> {
    auto cleanup = after_func(
        background(), [](int& count) -> Task<> { co_return void(++count); }, std::ref(cleaned));
    go([]() -> Task<> {
      throw std::runtime_error("broken");
      co_return;
    });
    co_await sleep(1h);
  };
  EXPECT_EQ(cleaned, 0) << "the owner was gone before the root was cancelled";
  EXPECT_THROW(run_virtual(waiting()), std::runtime_error);
  EXPECT_EQ(cleaned, 1);
  EXPECT_THROW(run(waiting(), {.processors = 2}), std::runtime_error);
  EXPECT_EQ(cleaned, 2);
}

TEST(AfterFunc, AForeignThreadMayCancel) {
  run(
      []() -> Task<> {
        const ExternalHold hold;
        auto [context, cancel] = with_cancel(background());
        auto started = make_channel<int>();
        auto call = after_func(context, send_one, Sender<int>(started));
        const std::jthread foreign([stop = cancel] { stop(); });
        co_await started.receive();
      }(),
      {.processors = 2, .on_leak = OnLeak::fail});
}

// Stopped and cancelled at the same time: it starts exactly when stop() says that it has not been
// stopped.
CONCURRENCY_TEST(AfterFunc, EitherStartsOrIsStopped) {
  std::atomic<int> started = 0;
  int not_stopped = 0;
  for (int i = 0; i < 20; ++i) {
    auto [context, cancel] = with_cancel(background());
    auto call = after_func(
        context, [](std::atomic<int>& count) -> Task<> { co_return void(++count); },
        std::ref(started));
    auto other = go([](Cancel stop) -> Task<> { co_return stop(); }, cancel);
    co_await yield();
    if (!call.stop()) ++not_stopped;
    co_await other.join();
  }
  while (started < not_stopped) co_await yield();
  EXPECT_EQ(started, not_stopped);
}

TEST(AfterFunc, APendingCallMayOutliveItsRun) {
  PendingCall kept;
  run_virtual([](PendingCall& call) -> Task<> {
    call = after_func(1h, [] { return send_one(Sender<int>()); });
    co_return;
  }(kept));
  EXPECT_TRUE(kept.stop());
}

TEST(AfterFuncDeathTest, NeedsATask) {
  EXPECT_DEATH((void)after_func(Context(), send_one(Sender<int>())), "outside of a task");
}

}  // namespace
}  // namespace weir
