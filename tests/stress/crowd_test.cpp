// Crowds of tasks on real threads, bounded by count: what the thread sanitizer looks at. Every test
// runs on 1, 2 and 8 processors.

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "weir/runtime/external_hold.h"
#include "weir/weir.h"

namespace weir {
namespace {

struct Place {
  int processors;
  Spread spread;
};

class Crowd : public ::testing::TestWithParam<Place> {
 protected:
  static RuntimeOptions options() {
    return {
        .processors = GetParam().processors, .spread = GetParam().spread, .on_leak = OnLeak::fail};
  }

  template <class T>
  static T run_here(Task<T> root) {
    return run(std::move(root), options());
  }
};

std::string name_of(const ::testing::TestParamInfo<Place>& place) {
  return "Processors" + std::to_string(place.param.processors) +
         (place.param.spread == Spread::always ? "Always" : "");
}

INSTANTIATE_TEST_SUITE_P(On, Crowd,
                         ::testing::Values(Place{1, Spread::measured}, Place{2, Spread::measured},
                                           Place{8, Spread::measured}, Place{2, Spread::always},
                                           Place{8, Spread::always}),
                         name_of);

// A tree of tasks: each starts `width` more and waits for them.
Task<> spawn_tree(int depth, int width, std::atomic<int>& born) {
  ++born;
  if (depth == 0) co_return;
  WaitGroup children;
  for (int i = 0; i < width; ++i) children.go(spawn_tree(depth - 1, width, born));
  co_await children.wait();
}

TEST_P(Crowd, SpawnsATreeOfTasks) {
  std::atomic<int> born = 0;
  run_here(spawn_tree(6, 6, born));
  EXPECT_EQ(born.load(), (6 * 6 * 6 * 6 * 6 * 6 * 6 - 1) / 5);
}

TEST_P(Crowd, SpawnsMoreThanTheRingsHold) {
  std::atomic<int> ended = 0;
  auto root = [](std::atomic<int>& count) -> Task<> {
    WaitGroup all;
    for (int i = 0; i < 20'000; ++i) {
      all.go(
          [](std::atomic<int>& out) -> Task<> {
            ++out;
            co_return;
          },
          std::ref(count));
    }
    co_await all.wait();
  };
  run_here(root(ended));
  EXPECT_EQ(ended.load(), 20'000);
}

TEST_P(Crowd, YieldsWithoutLosingATask) {
  auto root = []() -> Task<> {
    WaitGroup all;
    for (int i = 0; i < 300; ++i) {
      all.go([]() -> Task<> {
        for (int turn = 0; turn < 100; ++turn) co_await yield();
      });
    }
    co_await all.wait();
  };
  run_here(root());
}

// Players in a ring, each connected to the next: a token for each link goes round.
Task<> pass_on(Receiver<int> in, Sender<int> out, std::atomic<long>& passed) {
  while (auto hops = co_await in.receive()) {
    ++passed;
    if (*hops > 0) co_await out.send(*hops - 1);
  }
}

TEST_P(Crowd, PassesTokensThroughAWebOfChannels) {
  constexpr int players = 40;
  static constexpr int hops = 500;
  std::atomic<long> passed = 0;
  auto root = [](std::atomic<long>& count) -> Task<> {
    std::vector<Channel<int>> links;
    for (int i = 0; i < players; ++i) links.push_back(make_channel<int>(i % 2 == 0 ? 64 : 1));
    WaitGroup all;
    for (std::size_t i = 0; i < players; ++i) {
      all.go(pass_on(links[i], links[(i + 1) % players], count));
    }
    for (std::size_t i = 0; i < players; i += 4) co_await links[i].send(hops);
    constexpr long expected = players / 4 * (hops + 1);
    while (count.load() < expected) co_await sleep(50us);
    for (const auto& link : links) link.close();
    co_await all.wait();
  };
  run_here(root(passed));
  EXPECT_EQ(passed.load(), players / 4 * (hops + 1));
}

TEST_P(Crowd, PlaysPingPongInPairs) {
  constexpr int pairs = 30;
  static constexpr int rounds = 300;
  auto root = []() -> Task<> {
    WaitGroup all;
    for (int i = 0; i < pairs; ++i) {
      auto ping = make_channel<int>();
      auto pong = make_channel<int>();
      all.go(
          [](Channel<int> in, Channel<int> out) -> Task<> {
            while (auto value = co_await in.receive()) co_await out.send(*value + 1);
          },
          ping, pong);
      all.go(
          [](Channel<int> out, Channel<int> in) -> Task<> {
            int value = 0;
            for (int round = 0; round < rounds; ++round) {
              co_await out.send(value);
              value = (co_await in.receive()).value();
            }
            EXPECT_EQ(value, rounds);
            out.close();
          },
          ping, pong);
    }
    co_await all.wait();
  };
  run_here(root());
}

// Timers that fire and timers that are cancelled just before, at about the same time.
TEST_P(Crowd, CancelsTimersWhileOthersFire) {
  constexpr int waiters = 200;
  std::atomic<int> outcomes = 0;
  auto root = [](std::atomic<int>& count) -> Task<> {
    WaitGroup all;
    for (int i = 0; i < waiters; ++i) {
      auto early = make_channel<int>(1);
      all.go(
          [](Channel<int> in, int number, std::atomic<int>& out) -> Task<> {
            for (int round = 0; round < 20; ++round) {
              auto value = receive_from(in);
              auto late = after(Duration(1000 * (1 + number % 50)));
              co_await select(value, late);
              ++out;
            }
          },
          early, i, std::ref(count));
      all.go(
          [](Channel<int> out, int number) -> Task<> {
            for (int round = 0; round < 10; ++round) {
              co_await sleep(Duration(1000 * (1 + number % 37)));
              int value = round;
              if (!out.try_send(value)) co_await yield();
            }
          },
          early, i);
    }
    co_await all.wait();
  };
  run_here(root(outcomes));
  EXPECT_EQ(outcomes.load(), waiters * 20);
}

TEST_P(Crowd, CancelsContextsWhoseDeadlinesPass) {
  std::atomic<int> ended = 0;
  auto root = [](std::atomic<int>& count) -> Task<> {
    WaitGroup all;
    for (int i = 0; i < 300; ++i) {
      all.go(
          [](int number, std::atomic<int>& out) -> Task<> {
            auto [context, cancel] = with_timeout(background(), Duration(1000 * (number % 60)));
            if (number % 3 == 0) cancel();
            co_await sleep(context, 1h);
            EXPECT_TRUE(context.cancelled());
            ++out;
          },
          i, std::ref(count));
    }
    co_await all.wait();
  };
  run_here(root(ended));
  EXPECT_EQ(ended.load(), 300);
}

// The skynet tree: 10^5 leaves send their numbers up through a channel at each node.
Task<> skynet(Sender<long> out, long number, long size) {
  if (size == 1) {
    co_await out.send(number);
    co_return;
  }
  auto below = make_channel<long>();
  for (long i = 0; i < 10; ++i) go(skynet(below, number + i * (size / 10), size / 10));
  long sum = 0;
  for (int i = 0; i < 10; ++i) sum += (co_await below.receive()).value();
  co_await out.send(sum);
}

TEST_P(Crowd, SumsATreeOfAHundredThousandTasks) {
  constexpr long leaves = 100'000;
  auto root = []() -> Task<long> {
    auto result = make_channel<long>();
    go(skynet(result, 0, leaves));
    co_return (co_await result.receive()).value();
  };
  EXPECT_EQ(run_here(root()), leaves * (leaves - 1) / 2);
}

// Foreign threads send into, and take out of, channels that tasks use too, and start tasks.
TEST_P(Crowd, MixesWithForeignThreads) {
  constexpr int foreign_count = 3;
  constexpr int items_each = 400;
  Runtime runtime(options());
  auto root = [](Runtime& here) -> Task<long> {
    auto items = make_channel<long>(8);
    std::atomic<int> started = 0;
    std::vector<std::thread> threads;
    const ExternalHold hold;
    for (int i = 0; i < foreign_count; ++i) {
      threads.emplace_back([&, items] {
        for (long k = 0; k < items_each; ++k) {
          long value = k;
          while (!items.try_send(value)) std::this_thread::yield();
          here.go(
              [](std::atomic<int>& count) -> Task<> {
                ++count;
                co_return;
              },
              std::ref(started));
        }
      });
    }
    long sum = 0;
    for (int i = 0; i < foreign_count * items_each; ++i) sum += (co_await items.receive()).value();
    while (started.load() < foreign_count * items_each) co_await sleep(10us);
    for (std::thread& thread : threads) thread.join();
    co_return sum;
  };
  EXPECT_EQ(runtime.run(root(runtime)), foreign_count * (items_each - 1) * items_each / 2);
}

// Five senders with pauses of their own, summed up in virtual time.
Task<long> simulation(long seed) {
  auto items = make_channel<long>(4);
  WaitGroup senders;
  for (int i = 0; i < 5; ++i) {
    senders.go(
        [](Channel<long> out, int number) -> Task<> {
          for (int k = 0; k < 20; ++k) {
            co_await sleep(1ms * number);
            co_await out.send(k);
          }
        },
        items, i);
  }
  long sum = seed;
  for (int i = 0; i < 100; ++i) sum += (co_await items.receive()).value();
  co_await senders.wait();
  co_return sum;
}

TEST_P(Crowd, RunsSimulationsBesideRealTasks) {
  auto root = []() -> Task<long> {
    auto results = make_channel<long>();
    for (long seed = 0; seed < 20; ++seed) {
      go(
          [](long number, Channel<long> out) -> Task<> {
            const VirtualOptions options = {.seed = static_cast<std::uint64_t>(number),
                                            .order = Order::drawn};
            co_await out.send(run_virtual(simulation(number), options));
          },
          seed, results);
    }
    long total = 0;
    for (int i = 0; i < 20; ++i) total += (co_await results.receive()).value();
    co_return total;
  };
  EXPECT_EQ(run_here(root()), 20 * 5 * 190 + 190);
}

}  // namespace
}  // namespace weir
