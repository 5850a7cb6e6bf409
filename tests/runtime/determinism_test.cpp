// A run in virtual time is a function of its seed and of nothing else.

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

// Tasks that meet in time, with pauses that the scheduler's own free choices draw.
Task<> crowd(std::vector<int>& log) {
  std::vector<TaskHandle> tasks;
  for (int i = 0; i < 8; ++i) {
    tasks.push_back(go(
        [](int number, std::vector<int>& out) -> Task<> {
          for (int step = 0; step < 10; ++step) {
            co_await sleep(Duration(running.scheduler->choose(3)));
            out.push_back(number);
            co_await yield();
          }
        },
        i, std::ref(log)));
  }
  for (const TaskHandle& task : tasks) co_await task.join();
}

struct Trace {
  std::vector<int> log;
  std::uint64_t hash = 0;
  bool operator==(const Trace&) const = default;
};

Trace trace(VirtualOptions options) {
  Trace result;
  run_virtual(crowd(result.log), options, &result.hash);
  return result;
}

TEST(Determinism, SameSeedTakesTheSameSteps) {
  for (const Order order : {Order::arrival, Order::drawn}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const VirtualOptions options = {.seed = seed, .processors = 2, .order = order};
      EXPECT_EQ(trace(options), trace(options)) << seed;
    }
  }
}

TEST(Determinism, OtherSeedsTakeOtherSteps) {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    hashes.insert(trace({.seed = seed, .order = Order::drawn}).hash);
  }
  EXPECT_EQ(hashes.size(), 50u);
}

TEST(Determinism, OtherReplicationsTakeOtherSteps) {
  const Trace first = trace({.seed = 1, .replication = 0});
  const Trace second = trace({.seed = 1, .replication = 1});
  EXPECT_NE(first.hash, second.hash);
}

// A pinned run: it has to come out the same on every machine, with every compiler.
TEST(Determinism, DrawnOrderIsTheSameEverywhere) {
  std::vector<int> log;
  auto root = [](std::vector<int>& out) -> Task<> {
    for (int i = 0; i < 6; ++i) {
      go(
          [](int number, std::vector<int>& to) -> Task<> {
            to.push_back(number);
            co_return;
          },
          i, std::ref(out));
    }
    co_return;
  };
  run_virtual(root(log), {.seed = 42, .order = Order::drawn});
  EXPECT_EQ(log, (std::vector<int>{1, 4, 0, 2, 3, 5}));
}

TEST(Determinism, DrawnOrderReachesEveryOrderOfThree) {
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<int> log;
    auto root = [](std::vector<int>& out) -> Task<> {
      for (int i = 0; i < 3; ++i) {
        go(
            [](int number, std::vector<int>& to) -> Task<> {
              to.push_back(number);
              co_return;
            },
            i, std::ref(out));
      }
      co_return;
    };
    run_virtual(root(log), {.seed = seed, .order = Order::drawn});
    orders.insert(log);
  }
  EXPECT_EQ(orders.size(), 6u);
}

TEST(Determinism, OrderOfArrivalDoesNotDependOnTheSeed) {
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<int> log;
    auto root = [](std::vector<int>& out) -> Task<> {
      for (int i = 0; i < 4; ++i) {
        go(
            [](int number, std::vector<int>& to) -> Task<> {
              co_await sleep(1ms);
              to.push_back(number);
            },
            i, std::ref(out));
      }
      co_await sleep(2ms);
    };
    run_virtual(root(log), {.seed = seed});
    orders.insert(log);
  }
  EXPECT_EQ(orders, (std::set<std::vector<int>>{{0, 1, 2, 3}}));
}

}  // namespace
}  // namespace weir
