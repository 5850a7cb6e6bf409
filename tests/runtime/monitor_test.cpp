// The monitor's thread: when it looks, and that it sleeps for good when there is nothing to look
// at.

#include "weir/runtime/monitor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace weir {
namespace {

// Says that nothing runs, unless it is told otherwise.
class Sleeper final : public Monitor::Subject {
 public:
  Duration look() noexcept override {
    ++looks;
    looks.notify_all();
    return next.load();
  }

  void await_looks(int count) const {
    for (int seen = looks; seen < count; seen = looks) looks.wait(seen);
  }

  std::atomic<int> looks = 0;
  std::atomic<Duration> next = Duration::max();
};

class MonitorOfOne : public ::testing::Test {
 protected:
  MonitorOfOne() {
    monitor.begin();
    thread = std::thread([this] { monitor.run_on_thread(); });
  }
  ~MonitorOfOne() override {
    monitor.end();
    thread.join();
  }

  Sleeper subject;
  Monitor monitor{subject};
  std::thread thread;
};

TEST_F(MonitorOfOne, LooksTwiceBeforeItSleepsAndThenNoMore) {
  subject.await_looks(2);
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_EQ(subject.looks, 2);
}

TEST_F(MonitorOfOne, LooksAgainWhenItIsWoken) {
  subject.await_looks(2);
  for (int i = 2; i <= 40; i += 2) {
    while (subject.looks < i + 2) monitor.wake();
  }
}

TEST_F(MonitorOfOne, LooksManyTimesInARowAfterAHurry) {
  subject.await_looks(2);
  subject.next = 1h;
  while (subject.looks < 4) monitor.hurry();
  subject.await_looks(30);
}

TEST_F(MonitorOfOne, LooksAgainWhenTheTimeHasComeThatTheSubjectGave) {
  subject.await_looks(2);
  subject.next = 1us;
  while (subject.looks < 4) monitor.wake();
  subject.await_looks(20);
  subject.next = Duration::max();
}

bool is_blocked(int signal) {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, signal) == 1;
}

// Its thread may be given something else to do.
TEST(Monitor, BlocksSignalsUntilItEnds) {
  struct Witness final : Monitor::Subject {
    Duration look() noexcept override {
      blocked = is_blocked(SIGUSR1);
      monitor->end();
      return Duration::max();
    }
    Monitor* monitor = nullptr;
    bool blocked = false;
  };
  Witness witness;
  Monitor monitor(witness);
  witness.monitor = &monitor;
  ASSERT_FALSE(is_blocked(SIGUSR1));
  monitor.begin();
  monitor.run_on_thread();
  EXPECT_TRUE(witness.blocked);
  EXPECT_FALSE(is_blocked(SIGUSR1));
}

}  // namespace
}  // namespace weir
