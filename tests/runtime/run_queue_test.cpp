// The ring of ready tasks: first in, first out, and each task taken once, however many threads
// steal.

#include "weir/runtime/run_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/records.h"
#include "weir/base/random.h"

namespace weir {
namespace {

class AnyRunQueue : public ::testing::TestWithParam<bool> {};

TEST_P(AnyRunQueue, IsFirstInFirstOut) {
  Records tasks(RunQueue::capacity);
  RunQueue queue(GetParam());
  for (std::size_t i = 0; i < tasks.size(); ++i) ASSERT_TRUE(queue.push(tasks[i]));
  for (std::size_t i = 0; i < tasks.size(); ++i) ASSERT_EQ(queue.pop(), &tasks[i]);
  EXPECT_EQ(queue.pop(), nullptr);
  EXPECT_TRUE(queue.empty());
}

TEST_P(AnyRunQueue, TurnsAPushAwayWhenFull) {
  Records tasks(RunQueue::capacity + 1);
  RunQueue queue(GetParam());
  for (std::size_t i = 0; i < RunQueue::capacity; ++i) ASSERT_TRUE(queue.push(tasks[i]));
  EXPECT_FALSE(queue.push(tasks[RunQueue::capacity]));
}

TEST_P(AnyRunQueue, GivesItsOlderHalfAwayInOrder) {
  Records tasks(RunQueue::capacity);
  RunQueue queue(GetParam());
  for (std::size_t i = 0; i < tasks.size(); ++i) queue.push(tasks[i]);
  std::array<TaskRecord*, RunQueue::capacity / 2> taken;
  EXPECT_EQ(queue.take_half(taken), taken.size());
  for (std::size_t i = 0; i < taken.size(); ++i) ASSERT_EQ(taken[i], &tasks[i]);
  EXPECT_EQ(queue.pop(), &tasks[RunQueue::capacity / 2]);
}

TEST_P(AnyRunQueue, AgreesWithADequeWhileItsIndexesWrap) {
  Records tasks(RunQueue::capacity);
  RunQueue queue(GetParam());
  std::deque<TaskRecord*> model;
  std::deque<TaskRecord*> free;
  for (std::size_t i = 0; i < tasks.size(); ++i) free.push_back(&tasks[i]);
  Random random({1, 0}, "run queue test");
  for (int step = 0; step < 20'000; ++step) {
    if (random.below(2) == 0 && !free.empty()) {
      ASSERT_TRUE(queue.push(*free.front()));
      model.push_back(free.front());
      free.pop_front();
    } else {
      TaskRecord* expected = model.empty() ? nullptr : model.front();
      ASSERT_EQ(queue.pop(), expected);
      if (expected != nullptr) {
        model.pop_front();
        free.push_back(expected);
      }
    }
    ASSERT_EQ(queue.empty(), model.empty());
  }
}

std::string name_of(const ::testing::TestParamInfo<bool>& shared) {
  return shared.param ? "WithThieves" : "Alone";
}

INSTANTIATE_TEST_SUITE_P(RunQueue, AnyRunQueue, ::testing::Bool(), name_of);

TEST(RunQueue, LosesTheOlderHalfToAThief) {
  Records tasks(9);
  RunQueue victim(true);
  RunQueue mine(true);
  for (std::size_t i = 0; i < tasks.size(); ++i) victim.push(tasks[i]);
  EXPECT_EQ(victim.steal_into(mine), &tasks[0]);
  for (std::size_t i = 1; i < 5; ++i) ASSERT_EQ(mine.pop(), &tasks[i]);
  EXPECT_TRUE(mine.empty());
  for (std::size_t i = 5; i < 9; ++i) ASSERT_EQ(victim.pop(), &tasks[i]);
}

TEST(RunQueue, GivesAThiefNothingWhenEmpty) {
  RunQueue victim(true);
  RunQueue mine(true);
  EXPECT_EQ(victim.steal_into(mine), nullptr);
}

// One thread pushes each task once and pops what it likes; thieves steal. Nothing is lost, nothing
// is taken twice.
TEST(RunQueue, HandsEachTaskOutOnceWhileThievesSteal) {
  constexpr std::size_t task_count = 100'000;
  constexpr int thief_count = 3;
  Records tasks(task_count);
  std::vector<std::atomic<int>> taken(task_count);
  RunQueue owned(true);
  std::atomic<std::size_t> left = task_count;
  const auto take = [&](TaskRecord& task) {
    taken[task.id].fetch_add(1);
    left.fetch_sub(1);
  };

  std::vector<std::thread> thieves;
  for (int i = 0; i < thief_count; ++i) {
    thieves.emplace_back([&] {
      RunQueue mine(true);
      while (left.load() > 0) {
        TaskRecord* task = owned.steal_into(mine);
        for (; task != nullptr; task = mine.pop()) take(*task);
      }
    });
  }
  for (std::size_t next = 0; next < task_count;) {
    if (owned.push(tasks[next])) {
      ++next;
    } else {
      std::array<TaskRecord*, RunQueue::capacity / 2> half;
      const std::size_t count = owned.take_half(half);
      for (std::size_t i = 0; i < count; ++i) take(*half[i]);
    }
    if (next % 3 == 0) {
      if (TaskRecord* task = owned.pop()) take(*task);
    }
  }
  while (TaskRecord* task = owned.pop()) take(*task);
  for (std::thread& thief : thieves) thief.join();

  for (const auto& count : taken) ASSERT_EQ(count.load(), 1);
}

}  // namespace
}  // namespace weir
