// What g++ 12 gets wrong about coroutines and weir steps around. It destroys temporaries of
// aggregate and closure types in a co_await expression twice, and it miscompiles a co_await in a
// condition of a coroutine that declares nothing; so nothing of ours in such an expression is an
// aggregate, and the usual loop declares its value.

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>

#include "tests/support/concurrency_test.h"
#include "tests/support/lifetimes.h"
#include "weir/sync/after_func.h"
#include "weir/sync/channel.h"
#include "weir/sync/context_value.h"
#include "weir/sync/mutex.h"
#include "weir/sync/once.h"
#include "weir/sync/semaphore.h"
#include "weir/sync/sleep.h"
#include "weir/sync/task_group.h"
#include "weir/sync/ticker.h"
#include "weir/sync/wait_group.h"

namespace weir {
namespace {

using test::Counted;

template <class... Types>
constexpr bool no_aggregates = (!std::is_aggregate_v<Types> && ...);

static_assert(no_aggregates<SendAwaiter<Counted>, ReceiveAwaiter<Counted>, ContextSend<Counted>,
                            ContextReceive<Counted>, Moved<Counted>, Unsent<Counted>>);
static_assert(no_aggregates<StaticSelect<1>, StaticSelect<2>, DynamicSelect, ReceiveCase<Counted>,
                            SendCase<Counted>, TimerCase, JoinCase, DoneCase, AcquireCase>);
static_assert(no_aggregates<Task<>, Task<>::Awaiter, TaskHandle, JoinAwaiter, SleepAwaiter,
                            YieldAwaiter, WorkAwaiter, CountWait, AcquireAwaiter, ContextAcquire,
                            ContextSleep, Ticker, TaskGroup, WaitGroup, Semaphore>);
static_assert(no_aggregates<Channel<Counted>, Sender<Counted>, Receiver<Counted>, Context, Cancel,
                            CancelScope, Cause>);
static_assert(no_aggregates<Batch<Counted>, BatchReceive<Counted>, ContextBatchReceive<Counted>,
                            TickCase, ContextTick, MutexLock, LockAwaiter, LockCase, ContextLock,
                            Mutex, Once, PendingCall, ContextKey<Counted>>);
// Aggregates, so that they can be written with names; harmless, for they need no destructor.
static_assert(std::is_trivially_destructible_v<RuntimeOptions>);
static_assert(std::is_trivially_destructible_v<VirtualOptions>);

struct Job {
  std::shared_ptr<int> payload;
  int number = 0;
};

// Declares nothing at the scope of the function but in the condition.
Task<> drain(Receiver<Counted> in) {
  while (auto value = co_await in.receive()) EXPECT_GT(value->value(), 0);
}

Task<> go_and_look(std::shared_ptr<int> owned) {
  co_await yield();
  EXPECT_EQ(*owned, 1);
}

CONCURRENCY_TEST(Compiler, TheUsualLoopNeedsNoOtherDeclaration) {
  auto channel = make_channel<Counted>();
  auto task = go(drain(channel));
  for (int i = 1; i <= 3; ++i) co_await channel.send(Counted(i));
  channel.close();
  co_await task.join();
}

// A bare co_await in a condition, where a declaration at the scope of the function makes it safe.
Task<> drain_in_batches(Receiver<Counted> in, int& count) {
  Batch<Counted> batch(2);
  while (co_await in.receive_many(batch)) count += static_cast<int>(batch.size());
}

CONCURRENCY_TEST(Compiler, ABatchMakesABareAwaitInAConditionSafe) {
  auto channel = make_channel<Counted>(1);
  int count = 0;
  auto task = go(drain_in_batches, Receiver<Counted>(channel), std::ref(count));
  for (int i = 1; i <= 5; ++i) co_await channel.send(Counted(i));
  channel.close();
  co_await task.join();
  EXPECT_EQ(count, 5);
}

// Declares nothing but in the condition of an if.
Task<> receive_one(Receiver<Counted> in, int& value) {
  if (auto one = co_await in.receive()) value = one->value();
}

CONCURRENCY_TEST(Compiler, ADeclarationInTheConditionOfAnIfMakesItSafe) {
  auto channel = make_channel<Counted>(1);
  co_await channel.send(Counted(4));
  int value = 0;
  co_await receive_one(channel, value);
  EXPECT_EQ(value, 4);
}

CONCURRENCY_TEST(Compiler, ALambdaThatOwnsIsCalledOnceByName) {
  auto owned = std::make_shared<int>(1);
  {
    Once once;
    const auto look = [owned] { EXPECT_EQ(*owned, 1); };
    co_await once.call(look);
    co_await once.call(go_and_look(owned));
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

CONCURRENCY_TEST(Compiler, LocksInAnAwaitLiveAndDieOnce) {
  Mutex mutex;
  auto [context, cancel] = with_cancel(background());
  static_cast<void>(co_await mutex.lock());
  EXPECT_TRUE(mutex.try_lock());
  static_cast<void>(co_await mutex.lock(Context(context)));
  EXPECT_TRUE(mutex.try_lock());
  auto locks = make_channel<MutexLock>(1);
  co_await locks.send(mutex.try_lock());
  EXPECT_FALSE(mutex.try_lock());
  static_cast<void>(co_await locks.receive());
  EXPECT_TRUE(mutex.try_lock());
}

CONCURRENCY_TEST(Compiler, CapturesOfAStartedLambdaLiveAndDieOnce) {
  auto shared = std::make_shared<int>(1);
  {
    auto task = go([shared]() -> Task<> {
      co_await yield();
      EXPECT_EQ(*shared, 1);
    });
    co_await task.join();
  }
  EXPECT_EQ(shared.use_count(), 1);
}

CONCURRENCY_TEST(Compiler, ArgumentsOfAStartedLambdaLiveAndDieOnce) {
  auto task = go(
      [](Counted value) -> Task<> {
        co_await yield();
        EXPECT_EQ(value.value(), 3);
      },
      Counted(3));
  co_await task.join();
  EXPECT_EQ(Counted::living(), 0);
}

CONCURRENCY_TEST(Compiler, AnAggregateIsSentByNameAndByMoved) {
  auto payload = std::make_shared<int>(1);
  auto jobs = make_channel<Job>(4);
  auto [context, cancel] = with_cancel(background());
  Job job{payload, 1};

  co_await jobs.send(job);
  co_await jobs.send(context, job);
  co_await jobs.send(moved(job));
  EXPECT_EQ(payload.use_count(), 1 + 3);
  job = Job{payload, 2};
  co_await jobs.send(context, moved(job));
  EXPECT_EQ(payload.use_count(), 1 + 4);
  for (int i = 0; i < 4; ++i) {
    auto received = co_await jobs.receive();
    EXPECT_EQ(received->payload, payload);
    EXPECT_EQ(received->number, i < 3 ? 1 : 2);
  }
  EXPECT_EQ(payload.use_count(), 1);
}

CONCURRENCY_TEST(Compiler, AnAggregateComesBackFromACancelledSend) {
  auto payload = std::make_shared<int>(1);
  auto jobs = make_channel<Job>();
  auto [context, cancel] = with_cancel(background());
  cancel();
  {
    Job job{payload, 7};
    const auto sent = co_await jobs.send(context, moved(job));
    EXPECT_EQ(sent.error().value.payload, payload);
    EXPECT_EQ(payload.use_count(), 2);
  }
  EXPECT_EQ(payload.use_count(), 1);
}

CONCURRENCY_TEST(Compiler, AnAggregateInACaseLivesAndDiesOnce) {
  auto payload = std::make_shared<int>(1);
  auto jobs = make_channel<Job>(1);
  {
    auto sending = send_to(jobs, Job{payload, 1});
    auto receiving = receive_from(jobs);
    co_await select(sending);
    co_await select(receiving);
    EXPECT_EQ(payload.use_count(), 2);
    sending.value(Job{payload, 2});
    EXPECT_EQ(payload.use_count(), 3);
  }
  EXPECT_EQ(payload.use_count(), 1);
}

CONCURRENCY_TEST(Compiler, TemporariesOfOursInAnAwaitDieOnce) {
  auto channel = make_channel<Counted>(1);
  auto [context, cancel] = with_cancel(background());

  co_await Sender<Counted>(channel).send(Counted(1));
  co_await select(receive_from(channel), after(1h), done(context));
  EXPECT_EQ(Counted::living(), 0);
  cancel();
  co_await sleep(Context(context), 1h);
  const auto sent = co_await channel.send(Context(context), Counted(2));
  EXPECT_EQ(sent.error().value.value(), 2);
  auto closed = make_channel<Counted>();
  closed.close();
  co_await go(drain(closed)).join();
}

}  // namespace
}  // namespace weir
