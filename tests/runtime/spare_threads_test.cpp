// The threads behind blocking() and BlockingRegion: how many there are, and who gets a place.

#include "weir/runtime/spare_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace weir {
namespace {

class Job final : public ThreadJob {
 public:
  explicit Job(std::function<void()> does) : does_(std::move(does)) {}
  void run_on_thread() noexcept override { does_(); }

 private:
  std::function<void()> does_;
};

void await(const std::atomic<int>& value, int wanted) {
  for (int seen = value; seen < wanted; seen = value) value.wait(seen);
}

void add_one(std::atomic<int>& value) {
  ++value;
  value.notify_all();
}

TEST(SpareThreads, UsesAThreadThatIdlesAgain) {
  SpareThreads threads(4, time_never.time_since_epoch());
  threads.open();
  std::atomic<int> done = 0;
  Job job([&] { add_one(done); });
  ASSERT_TRUE(threads.enqueue(job));
  await(done, 1);
  while (threads.idle() == 0) std::this_thread::yield();
  ASSERT_TRUE(threads.enqueue(job));
  await(done, 2);
  EXPECT_EQ(threads.threads(), 1);
  threads.join_all();
  EXPECT_EQ(threads.threads(), 0);
}

TEST(SpareThreads, EndsThreadsThatHaveIdledLongEnough) {
  SpareThreads threads(4, Duration(0));
  threads.open();
  std::atomic<int> done = 0;
  Job job([&] { add_one(done); });
  for (int i = 1; i <= 20; ++i) {
    ASSERT_TRUE(threads.enqueue(job));
    await(done, i);
  }
  while (threads.threads() > 0) std::this_thread::yield();
}

TEST(SpareThreads, LetsJobsWaitInLineForAPlace) {
  SpareThreads threads(1, Duration(0));
  threads.open();
  std::atomic<int> may_go = 0;
  std::atomic<int> done = 0;
  std::vector<int> order;
  Job first([&] { await(may_go, 1); });
  ASSERT_TRUE(threads.enqueue(first));
  std::vector<std::unique_ptr<Job>> jobs;
  for (int i = 0; i < 10; ++i) {
    jobs.push_back(std::make_unique<Job>([&, i] {
      order.push_back(i);
      add_one(done);
    }));
    ASSERT_TRUE(threads.enqueue(*jobs.back()));
  }
  EXPECT_EQ(threads.waiting(), 10);
  EXPECT_EQ(threads.threads(), 1);
  add_one(may_go);
  await(done, 10);
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(SpareThreads, CountsPlacesThatAreTakenByOthers) {
  SpareThreads threads(2, Duration(0));
  threads.open();
  ASSERT_TRUE(threads.try_take_place());
  ASSERT_TRUE(threads.try_take_place());
  EXPECT_FALSE(threads.try_take_place());
  std::atomic<int> done = 0;
  Job job([&] { add_one(done); });
  ASSERT_TRUE(threads.enqueue(job));
  EXPECT_EQ(threads.waiting(), 1);
  threads.give_place_back();
  await(done, 1);
  threads.give_place_back();
}

TEST(SpareThreads, StartsAJobWithoutAPlaceAtOnce) {
  SpareThreads threads(1, Duration(0));
  threads.open();
  ASSERT_TRUE(threads.try_take_place());
  std::atomic<int> done = 0;
  Job job([&] { add_one(done); });
  ASSERT_TRUE(threads.start(job));
  await(done, 1);
  threads.give_place_back();
}

TEST(SpareThreads, AwaitsTheJobsUnderWayAndInLineAtTheEnd) {
  std::atomic<int> done = 0;
  Job job([&] { add_one(done); });
  Job other([&] { add_one(done); });
  SpareThreads threads(1, Duration(0));
  threads.open();
  ASSERT_TRUE(threads.enqueue(job));
  ASSERT_TRUE(threads.enqueue(other));
  threads.join_all();
  EXPECT_EQ(done, 2);
}

TEST(SpareThreads, HaveTheSignalMaskOfWhoOpenedThem) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  SpareThreads threads(1, Duration(0));
  threads.open();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  bool has_one = false;
  bool has_other = false;
  Job job([&] {
    sigset_t mine;
    pthread_sigmask(SIG_SETMASK, nullptr, &mine);
    has_one = sigismember(&mine, SIGUSR1) == 1;
    has_other = sigismember(&mine, SIGUSR2) == 1;
  });
  ASSERT_TRUE(threads.start(job));
  threads.join_all();
  EXPECT_TRUE(has_one);
  EXPECT_FALSE(has_other);
}

}  // namespace
}  // namespace weir
