// A thread that alone runs tasks takes no locks until somebody else comes near: here somebody does.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "weir/runtime/lone_thread.h"
#include "weir/runtime/run_lock.h"
#include "weir/weir.h"

namespace weir {
namespace {

constexpr RuntimeOptions one_processor = {.processors = 1, .on_leak = OnLeak::fail};

Task<> note_lone(bool& lone) {
  lone = LoneThread::here();
  co_return;
}

TEST(LoneThread, IsOneOnOneProcessor) {
  bool lone = false;
  run(note_lone(lone), one_processor);
  EXPECT_TRUE(lone);
  EXPECT_FALSE(LoneThread::here());
}

TEST(LoneThread, IsOneOnTwoWhileTheOtherSleeps) {
  bool lone = false;
  run(note_lone(lone), {.processors = 2});
  EXPECT_TRUE(lone);
}

TEST(LoneThread, IsNoneForARunWithinAnother) {
  bool outer_before = false;
  bool inner = true;
  bool outer_after = true;
  const auto root = [&]() -> Task<> {
    outer_before = LoneThread::here();
    run(note_lone(inner), one_processor);
    outer_after = LoneThread::here();
    co_return;
  };
  run(root(), one_processor);
  EXPECT_TRUE(outer_before);
  EXPECT_FALSE(inner);
  EXPECT_FALSE(outer_after);
}

// In the middle of a slice: who comes does not wait for the task.
TEST(LoneThread, EndsAsSoonAsAnotherThreadTakesALock) {
  bool before = false;
  bool after = true;
  const auto root = [&]() -> Task<> {
    RunLock lock;
    std::atomic<bool> taken = false;
    before = LoneThread::here();
    std::thread foreign([&] {
      const RunLock::Guard guard(lock);
      taken = true;
    });
    while (!taken) std::this_thread::yield();
    after = LoneThread::here();
    foreign.join();
    co_return;
  };
  run(root(), one_processor);
  EXPECT_TRUE(before);
  EXPECT_FALSE(after);
}

// Counts with plain additions, on the lone thread and on foreign ones that keep taking its title.
TEST(LoneThread, AndForeignThreadsExcludeEachOther) {
  constexpr int rounds = 20'000;
  constexpr int others = 2;
  int count = 0;
  int own = 0;
  const auto root = [&]() -> Task<> {
    RunLock lock;
    const auto add = [&] {
      const RunLock::Guard guard(lock);
      ++count;
    };
    std::atomic<int> left = others;
    std::vector<std::thread> threads;
    for (int i = 0; i < others; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < rounds; ++round) add();
        --left;
      });
    }
    while (left > 0) {
      LoneThread::enter();
      for (int round = 0; round < 100; ++round) add();
      own += 100;
      co_await yield();
    }
    for (std::thread& thread : threads) thread.join();
  };
  run(root(), one_processor);
  EXPECT_EQ(count, own + others * rounds);
}

// A newcomer has taken the title and waits for the section that the lone thread is in; another one,
// at another lock, has to wait too.
TEST(LoneThread, IsWaitedForByAllThatComeInItsLastSection) {
  bool came_through = true;
  const auto root = [&]() -> Task<> {
    RunLock first;
    RunLock second;
    std::atomic<int> through = 0;
    std::atomic<bool> comes = false;
    std::vector<std::thread> threads;
    while (!LoneThread::begin_section()) LoneThread::enter();
    threads.emplace_back([&] {
      const RunLock::Guard guard(first);
      ++through;
    });
    while (LoneThread::here()) std::this_thread::yield();
    threads.emplace_back([&] {
      comes = true;
      const RunLock::Guard guard(second);
      ++through;
    });
    while (!comes) std::this_thread::yield();
    for (int i = 0; i < 1000 && through == 0; ++i) std::this_thread::yield();
    came_through = through > 0;
    LoneThread::end_section();
    for (std::thread& thread : threads) thread.join();
    co_return;
  };
  run(root(), one_processor);
  EXPECT_FALSE(came_through);
}

// The lone thread is in a section when another one forks: the child has no such thread.
TEST(LoneThread, IsLeftBehindByAFork) {
  int status = -1;
  const auto root = [&]() -> Task<> {
    RunLock lock;
    while (!LoneThread::begin_section()) LoneThread::enter();
    std::thread forks([&] {
      const pid_t child = fork();
      if (child == 0) {
        alarm(60);
        const RunLock::Guard guard(lock);
        _exit(5);
      }
      waitpid(child, &status, 0);
    });
    forks.join();
    LoneThread::end_section();
    co_return;
  };
  run(root(), one_processor);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

#ifndef NDEBUG
TEST(LoneThreadDeathTest, TakesNoLockUnderAnother) {
  const auto root = []() -> Task<> {
    RunLock outer;
    RunLock inner;
    const RunLock::Guard guard(outer);
    const RunLock::Guard again(inner);
    co_return;
  };
  EXPECT_DEATH(run(root(), one_processor), "a lock was taken under another one");
}
#endif

Task<long> count_until(Channel<int> numbers, int senders) {
  long sum = 0;
  for (int ended = 0; ended < senders;) {
    if (const auto number = numbers.try_receive(); !number) {
      co_await yield();
    } else if (*number < 0) {
      ++ended;
    } else {
      sum += *number;
    }
  }
  co_return sum;
}

void send_all(Channel<int> numbers, int count) {
  for (int i = 0; i <= count; ++i) {
    int number = i < count ? i : -1;
    while (!numbers.try_send(number)) std::this_thread::yield();
  }
}

// Unannounced: no ExternalHold, and the run never sleeps.
TEST(LoneThread, SharesAChannelWithForeignThreadsThatComeUnannounced) {
  constexpr int count = 3000;
  constexpr int senders = 3;
  auto numbers = make_channel<int>(16);
  std::vector<std::thread> threads;
  for (int i = 0; i < senders; ++i) threads.emplace_back(send_all, numbers, count);
  const long sum = run(count_until(numbers, senders), one_processor);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, senders * (long{count} * (count - 1) / 2));
}

// Runs come and go while a thread is at work on the same channel all the time.
TEST(LoneThread, BeginsAndEndsUnderAForeignThread) {
  constexpr int runs = 300;
  constexpr int each = 20;
  auto numbers = make_channel<int>(4);
  std::thread foreign([=] {
    for (int i = 0; i < runs; ++i) send_all(numbers, each);
  });
  for (int i = 0; i < runs; ++i) {
    ASSERT_EQ(run(count_until(numbers, 1), one_processor), each * (each - 1) / 2);
  }
  foreign.join();
}

Task<> pass_on(Channel<int> in, Channel<int> out, int count) {
  const ExternalHold hold;  // The partner is in the other run.
  for (int i = 0; i < count; ++i) co_await out.send(*co_await in.receive() + 1);
}

Task<int> serve_first(Channel<int> in, Channel<int> out, int count) {
  const ExternalHold hold;
  int ball = 0;
  for (int i = 0; i < count; ++i) {
    co_await out.send(ball);
    ball = *co_await in.receive();
  }
  co_return ball;
}

TEST(LoneThread, IsNoneWhileTwoRunsPlayWithEachOther) {
  constexpr int count = 2000;
  auto there = make_channel<int>();
  auto back = make_channel<int>();
  std::thread other([=] { run(pass_on(there, back, count), one_processor); });
  EXPECT_EQ(run(serve_first(back, there, count), one_processor), count);
  other.join();
}

Task<> select_one(Channel<int> a, Channel<int> b, int count, long& sum) {
  auto from_a = receive_from(a);
  auto from_b = receive_from(b);
  for (int i = 0; i < count; ++i) {
    const int chosen = co_await select(from_a, from_b);
    sum += chosen == 0 ? *from_a : *from_b;
  }
}

Task<> send_some(Channel<int> out, int count) {
  for (int i = 0; i < count; ++i) co_await out.send(i);
}

// A select that parked while the run was lone is decided by a foreign thread.
TEST(LoneThread, LeavesItsParkedSelectsToForeignThreads) {
  constexpr int count = 2000;
  auto a = make_channel<int>();
  auto b = make_channel<int>();
  long sum = 0;
  const auto root = [&]() -> Task<> {
    WaitGroup all;
    all.go(select_one(a, b, 2 * count, sum));
    co_await send_some(a, count);
    const ExternalHold hold;
    std::thread foreign([=] {
      for (int i = 0; i < count; ++i) {
        int number = i;
        while (!b.try_send(number)) std::this_thread::yield();
      }
    });
    co_await all.wait();
    foreign.join();
  };
  run(root(), one_processor);
  EXPECT_EQ(sum, long{count} * (count - 1));
}

}  // namespace
}  // namespace weir
