// What reaches tasks from outside of the runtime: foreign threads under an ExternalHold, and
// signals.

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "tests/support/concurrency_test.h"
#include "weir/runtime/external_hold.h"
#include "weir/sync/channel.h"
#include "weir/sync/signal_context.h"

namespace weir {
namespace {

Task<> receive_from_a_thread(int count) {
  const ExternalHold hold;
  auto channel = make_channel<int>(2);
  const std::jthread foreign([channel, count] {
    for (int i = 0; i < count; ++i) {
      while (!channel.try_send(i)) std::this_thread::yield();
    }
    channel.close();
  });
  int expected = 0;
  while (auto value = co_await channel.receive()) EXPECT_EQ(*value, expected++);
  EXPECT_EQ(expected, count);
}

TEST(ForeignThread, MaySendAndClose) {
  for (int processors : {1, 2, 8}) {
    run(receive_from_a_thread(300), {.processors = processors, .on_leak = OnLeak::fail});
  }
}

TEST(ForeignThread, MayReceive) {
  for (int processors : {1, 2, 8}) {
    run(
        []() -> Task<> {
          const ExternalHold hold;
          auto channel = make_channel<int>();
          std::atomic<int> sum = 0;
          const std::jthread foreign([channel, &sum] {
            for (int i = 0; i < 100; ++i) {
              auto value = channel.try_receive();
              for (; !value; value = channel.try_receive()) std::this_thread::yield();
              sum += *value;
            }
          });
          for (int i = 0; i < 100; ++i) co_await channel.send(1);
          while (sum < 100) co_await yield();
        }(),
        {.processors = processors, .on_leak = OnLeak::fail});
  }
}

TEST(ForeignThread, MayServeSelects) {
  for (int processors : {1, 2, 8}) {
    run(
        []() -> Task<> {
          const ExternalHold hold;
          auto first = make_channel<int>();
          auto second = make_channel<int>();
          const std::jthread foreign([first, second] {
            for (int i = 0; i < 200; ++i) {
              while (!(i % 3 == 0 ? first : second).try_send(i)) std::this_thread::yield();
            }
          });
          auto a = receive_from(first);
          auto b = receive_from(second);
          for (int i = 0; i < 200; ++i) {
            co_await select(a, b);
            EXPECT_EQ(a ? *a : *b, i);
          }
        }(),
        {.processors = processors, .on_leak = OnLeak::fail});
  }
}

TEST(ForeignThread, MayStartTasks) {
  Runtime runtime({.processors = 2, .on_leak = OnLeak::fail});
  runtime.run([](Runtime& home) -> Task<> {
    const ExternalHold hold;
    auto channel = make_channel<int>();
    const std::jthread foreign([&home, channel] {
      for (int i = 0; i < 50; ++i) {
        home.go([](Sender<int> out) -> Task<> { co_await out.send(1); }, Sender<int>(channel));
      }
    });
    int sum = 0;
    for (int i = 0; i < 50; ++i) sum += (co_await channel.receive()).value_or(0);
    EXPECT_EQ(sum, 50);
  }(runtime));
}

TEST(ExternalHold, WithoutOneAWaitForTheOutsideIsADeadlock) {
  const auto body = [](bool held) -> Task<> {
    if (held) {
      const ExternalHold hold;
      co_await yield();
    }
    Receiver<int> nil;
    co_await nil.receive();
  };
  for (int processors : {1, 2}) {
    EXPECT_THROW(run(body(false), {.processors = processors}), Deadlock);
    EXPECT_THROW(run(body(true), {.processors = processors}), Deadlock);
  }
}

TEST(ExternalHold, DroppedByAThreadItUncoversTheDeadlock) {
  for (int processors : {1, 2}) {
    std::jthread foreign;
    EXPECT_THROW(run(
                     [](std::jthread& thread) -> Task<> {
                       thread = std::jthread([hold = ExternalHold()] {});
                       Receiver<int> nil;
                       co_await nil.receive();
                     }(foreign),
                     {.processors = processors}),
                 Deadlock);
  }
}

TEST(Channel, MayCarryValuesFromOneRuntimeToAnother) {
  auto channel = make_channel<int>();
  std::jthread other([channel] {
    run(
        [](Sender<int> out) -> Task<> {
          const ExternalHold hold;
          for (int i = 0; i < 100; ++i) co_await out.send(i);
        }(Sender<int>(channel)),
        {.processors = 2});
  });
  run(
      [](Receiver<int> in) -> Task<> {
        const ExternalHold hold;
        for (int i = 0; i < 100; ++i) EXPECT_EQ(co_await in.receive(), i);
      }(Receiver<int>(channel)),
      {.processors = 2});
}

TEST(SignalContext, ASignalCancelsIt) {
  for (int processors : {1, 2}) {
    run(
        []() -> Task<> {
          auto stop = signal_context({SIGUSR1, SIGUSR2});
          EXPECT_EQ(stop.signal(), 0);
          EXPECT_FALSE(stop.cancelled());
          std::raise(SIGUSR2);
          auto stopped = done(stop);
          co_await select(stopped);
          EXPECT_EQ(stop.signal(), SIGUSR2);
          EXPECT_EQ(stop.cause().reason, Reason::signal);
        }(),
        {.processors = processors, .on_leak = OnLeak::fail});
  }
}

TEST(SignalContext, OneMayFollowAnother) {
  run(
      []() -> Task<> {
        for (int i = 0; i < 3; ++i) {
          auto stop = signal_context({SIGUSR1});
          EXPECT_EQ(stop.signal(), 0);
          std::raise(SIGUSR1);
          auto stopped = done(stop);
          co_await select(stopped);
        }
      }(),
      {.processors = 2});
}

TEST(SignalContext, RestoresTheHandlersThatWereThere) {
  static volatile std::sig_atomic_t seen = 0;
  const auto before = std::signal(SIGUSR1, [](int) { seen = 1; });
  run(
      []() -> Task<> {
        {
          auto stop = signal_context({SIGUSR1});
        }
        std::raise(SIGUSR1);
        co_return;
      }(),
      {.processors = 1});
  EXPECT_EQ(seen, 1);
  std::signal(SIGUSR1, before);
}

TEST(SignalContext, EndsWithItsParent) {
  run(
      []() -> Task<> {
        auto [parent, cancel] = with_cancel(background());
        auto stop = signal_context({SIGUSR1}, parent);
        cancel();
        EXPECT_TRUE(stop.cancelled());
        EXPECT_EQ(stop.signal(), 0);
        co_return;
      }(),
      {.processors = 1});
}

TEST(SignalContextDeathTest, ASecondSignalEndsTheProcess) {
  EXPECT_EXIT(run(
                  []() -> Task<> {
                    auto stop = signal_context({SIGUSR1});
                    std::raise(SIGUSR1);
                    auto stopped = done(stop);
                    co_await select(stopped);
                    std::raise(SIGUSR1);
                  }(),
                  {.processors = 1}),
              testing::KilledBySignal(SIGUSR1), "");
}

TEST(SignalContextDeathTest, OnlyOneLivesAtATime) {
  EXPECT_DEATH(run(
                   []() -> Task<> {
                     auto first = signal_context({SIGUSR1});
                     auto second = signal_context({SIGUSR2});
                     co_return;
                   }(),
                   {.processors = 1}),
               "two signal contexts");
}

}  // namespace
}  // namespace weir
