// The two lines of the global queue: each task taken once, in the order that its line promises.

#include "weir/runtime/global_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "tests/runtime/records.h"

namespace weir {
namespace {

using Tasks = GlobalQueue::Tasks;
using Ids = std::vector<std::uint64_t>;

constexpr std::size_t batch = GlobalQueue::batch_capacity;

void push(GlobalQueue& queue, Records& tasks, std::size_t first, std::size_t count, Tasks kind) {
  std::array<TaskRecord*, batch> some;
  for (std::size_t i = 0; i < count; ++i) some[i] = &tasks[first + i];
  queue.push(std::span(some).first(count), kind);
}

Ids take(GlobalQueue& queue, std::size_t most = batch, std::size_t sharers = 1) {
  std::array<TaskRecord*, batch> into;
  const std::size_t count = queue.take(std::span(into).first(most), sharers);
  Ids ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(into[i]->id);
  return ids;
}

Ids take_oldest(GlobalQueue& queue) {
  const TaskRecord* task = queue.take_oldest();
  return task == nullptr ? Ids() : Ids({task->id});
}

TEST(GlobalQueue, HasNothingToGiveWhenEmpty) {
  GlobalQueue queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(take(queue), Ids());
  EXPECT_EQ(take_oldest(queue), Ids());
}

TEST(GlobalQueue, ServesTasksThatHaveRunInTheOrderOfTheirArrival) {
  Records tasks(6);
  GlobalQueue queue;
  for (std::size_t i = 0; i < 6; ++i) push(queue, tasks, i, 1, Tasks::resumed);
  EXPECT_EQ(queue.size(), 6u);
  EXPECT_EQ(take(queue, 4), Ids({0, 1, 2, 3}));
  EXPECT_EQ(take(queue), Ids({4, 5}));
  EXPECT_TRUE(queue.empty());
}

TEST(GlobalQueue, ServesTheNewestBatchOfMadeTasksFirst) {
  Records tasks(2 * batch);
  GlobalQueue queue;
  push(queue, tasks, 0, batch, Tasks::made);
  push(queue, tasks, batch, batch, Tasks::made);
  EXPECT_EQ(take(queue, 2), Ids({batch, batch + 1}));
  EXPECT_EQ(take(queue).size(), batch - 2);
  EXPECT_EQ(take(queue, 2), Ids({0, 1}));
}

TEST(GlobalQueue, ServesBothLinesInTurn) {
  Records tasks(6);
  GlobalQueue queue;
  push(queue, tasks, 0, 3, Tasks::made);
  push(queue, tasks, 3, 3, Tasks::resumed);
  const Ids first = take(queue, 1);
  const Ids second = take(queue, 1);
  const Ids third = take(queue, 1);
  EXPECT_NE(first.front() < 3, second.front() < 3);
  EXPECT_NE(second.front() < 3, third.front() < 3);
}

TEST(GlobalQueue, GivesEachSharerItsPart) {
  Records tasks(100);
  GlobalQueue queue;
  push(queue, tasks, 0, 100, Tasks::resumed);
  EXPECT_EQ(take(queue, batch, 4).size(), 26u);
}

TEST(GlobalQueue, DigsOutTheOldestOfBothLinesInTurn) {
  Records tasks(3 * batch);
  GlobalQueue queue;
  push(queue, tasks, 0, batch, Tasks::made);
  push(queue, tasks, batch, batch, Tasks::made);
  push(queue, tasks, 2 * batch, batch, Tasks::resumed);
  std::vector<Ids> oldest = {take_oldest(queue), take_oldest(queue), take_oldest(queue)};
  std::ranges::sort(oldest);
  EXPECT_EQ(oldest[0], Ids({0}));
  EXPECT_TRUE(oldest[1] == Ids({1}) || oldest[1] == Ids({2 * batch}));
  EXPECT_TRUE(oldest[2] == Ids({2 * batch}) || oldest[2] == Ids({2 * batch + 1}));
}

TEST(GlobalQueue, HandsEachTaskOutOnceToManyThreads) {
  constexpr std::size_t count = 20'000;
  Records tasks(count);
  std::vector<std::atomic<int>> taken(count);
  std::atomic<std::size_t> left = count;
  GlobalQueue queue;
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t i = thread; i < count; i += 3) {
        push(queue, tasks, i, 1, i % 2 == 0 ? Tasks::made : Tasks::resumed);
        for (std::uint64_t id : i % 5 == 0 ? take_oldest(queue) : take(queue, 7, 2)) {
          ++taken[id];
          --left;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (Ids rest = take(queue); !rest.empty(); rest = take(queue)) {
    for (std::uint64_t id : rest) ++taken[id];
    left -= rest.size();
  }
  EXPECT_EQ(left.load(), 0u);
  for (const auto& each : taken) ASSERT_EQ(each.load(), 1);
}

}  // namespace
}  // namespace weir
