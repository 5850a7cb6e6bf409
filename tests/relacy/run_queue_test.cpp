// RunQueue: each task is taken once and seen whole, and a push and a thread that goes to sleep do
// not miss each other.

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "tests/relacy/checking.h"

#define atomic simulated_atomic
#include "weir/runtime/run_queue.cpp"
#include "weir/runtime/run_queue.h"
#undef atomic

namespace weir::relacy {
namespace {

// A task whose maker has left something in it.
struct Made : TaskRecord {
  rl::var<int> content;
  rl::atomic<int> taken;
};

// The owner pushes and pops; a thief steals, and then owns what it has stolen.
template <bool by_half>
struct Thief : rl::test_suite<Thief<by_half>, 2> {
  static constexpr int count = 4;

  RunQueue queue{true};
  RunQueue stolen{true};
  Made tasks[count];

  void before() {
    for (Made& task : tasks) task.taken(RL_INFO) = 0;
  }
  void take(TaskRecord* task) {
    if (task == nullptr) return;
    Made& made = static_cast<Made&>(*task);
    RL_ASSERT(made.content(RL_INFO) == 7);
    made.taken(RL_INFO).fetch_add(1, rl::mo_relaxed);
  }
  void thread(unsigned index) {
    if (index == 1) return steal();
    for (Made& task : tasks) {
      task.content(RL_INFO) = 7;
      queue.push(task);
    }
    if (by_half) {
      std::array<TaskRecord*, RunQueue::capacity / 2> half;
      const std::size_t moved = queue.take_half(half);
      for (std::size_t i = 0; i < moved; ++i) take(half[i]);
    }
    take(queue.pop());
    take(queue.pop());
  }
  void steal() {
    for (int i = 0; i < 2; ++i) {
      take(queue.steal_into(stolen));
      while (TaskRecord* task = stolen.pop()) take(task);
    }
  }
  void after() {
    while (TaskRecord* task = queue.pop()) take(task);
    for (Made& task : tasks) RL_ASSERT(task.taken(RL_INFO).load(rl::mo_relaxed) == 1);
  }
};

// Who pushes looks for sleepers afterwards; who goes to sleep says so and looks at the queue
// afterwards. One of the two sees the other.
struct Sleeper : rl::test_suite<Sleeper, 2> {
  RunQueue queue{true};
  Atomic<int> sleeping;
  TaskRecord task;
  bool sees_sleeper = false;
  bool sees_task = false;

  void thread(unsigned index) {
    if (index == 0) {
      queue.push(task);
      sees_sleeper = sleeping.load(std::memory_order_seq_cst) == 1;
    } else {
      sleeping.store(1, std::memory_order_seq_cst);
      sees_task = !queue.empty();
    }
  }
  void after() { RL_ASSERT(sees_sleeper || sees_task); }
};

TEST(RunQueueRelacy, EachTaskIsTakenOnceAndWhole) {
  expect_sound<Thief<false>>(10'000);
  expect_sound<Thief<true>>(10'000);
}

TEST(RunQueueRelacy, NeedsItsReleaseAndItsAcquire) {
  expect_found<Thief<false>>(Weakened::release, 10'000);
  expect_found<Thief<false>>(Weakened::acquire, 10'000);
}

TEST(RunQueueRelacy, APushAndASleeperDoNotMissEachOther) {
  expect_sound<Sleeper>(10'000);
  expect_found<Sleeper>(Weakened::seq_cst, 10'000);
}

}  // namespace
}  // namespace weir::relacy
