// Tasks that keep their processor for too long: when that is noticed, and what is said.

#include <gtest/gtest.h>

#include <string>

#include "weir/runtime/blocking_region.h"
#include "weir/runtime/go.h"
#include "weir/runtime/stall_watch.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {
namespace {

constexpr Duration limit = 1s;

TimePoint at(Duration time) {
  return TimePoint(time);
}

TEST(StallWatch, NoticesASliceThatLasts) {
  StallWatch watch;
  EXPECT_FALSE(watch.look(7, false, at(10s), limit));
  EXPECT_FALSE(watch.look(7, false, at(10900ms), limit));
  EXPECT_TRUE(watch.look(7, false, at(11s), limit));
  EXPECT_EQ(watch.since(), at(10s));
}

TEST(StallWatch, TellsOfASliceOnce) {
  StallWatch watch;
  watch.look(7, false, at(10s), limit);
  EXPECT_TRUE(watch.look(7, false, at(11s), limit));
  EXPECT_FALSE(watch.look(7, false, at(12s), limit));
  EXPECT_FALSE(watch.look(8, false, at(13s), limit));
  EXPECT_TRUE(watch.look(8, false, at(14s), limit));
}

TEST(StallWatch, BeginsAnewWithEachSlice) {
  StallWatch watch;
  watch.look(7, false, at(10s), limit);
  EXPECT_FALSE(watch.look(8, false, at(11s), limit));
  EXPECT_FALSE(watch.look(9, false, at(12s), limit));
}

TEST(StallWatch, DoesNotCountWhatIsExcused) {
  StallWatch watch;
  watch.look(7, false, at(10s), limit);
  EXPECT_FALSE(watch.look(7, true, at(15s), limit));
  EXPECT_FALSE(watch.look(7, false, at(15500ms), limit));
  EXPECT_TRUE(watch.look(7, false, at(16s), limit));
}

TEST(StallWatch, DoesNotCountTheTimeThatAProcessorSleeps) {
  StallWatch watch;
  watch.look(7, false, at(10s), limit);
  watch.sleep();
  EXPECT_FALSE(watch.look(7, false, at(15s), limit));
  EXPECT_FALSE(watch.look(7, false, at(15900ms), limit));
  EXPECT_TRUE(watch.look(7, false, at(16s), limit));
}

Task<> compute_until_told(ThreadScheduler& scheduler, int stalls) {
  co_await yield();
  while (scheduler.stalls() < stalls) spin_pause();
}

// What `root` makes the scheduler say on standard error.
std::string said_by(ThreadScheduler& scheduler, Task<> root) {
  ::testing::internal::CaptureStderr();
  const TaskHandle task(new TaskRecord(scheduler, root.release(), std::source_location::current()));
  scheduler.run(*task.record());
  return ::testing::internal::GetCapturedStderr();
}

TEST(Stall, IsReportedWithItsPlaceWhileItLasts) {
  ThreadScheduler scheduler({.processors = 1, .stall_report_after = 1ms});
  const std::string said = said_by(scheduler, compute_until_told(scheduler, 1));
  EXPECT_NE(said.find("stall_test.cpp"), std::string::npos) << said;
  EXPECT_NE(said.find("task 1, started at"), std::string::npos) << said;
  EXPECT_NE(said.find("no other task can run meanwhile"), std::string::npos) << said;
  EXPECT_NE(said.find("blocking(fn)"), std::string::npos) << said;
}

TEST(Stall, NamesTheWaitThatTheTaskCameBackFrom) {
  auto root = [](ThreadScheduler& its) -> Task<> {
    co_await sleep(1us);
    while (its.stalls() < 1) spin_pause();
  };
  std::string said;
  // On a slow machine the task may be reported before it has come to its wait.
  for (int attempt = 0; attempt < 100 && said.find("back from") == std::string::npos; ++attempt) {
    ThreadScheduler scheduler({.processors = 2, .stall_report_after = 1ms});
    said = said_by(scheduler, root(scheduler));
  }
  EXPECT_NE(said.find("back from its wait at"), std::string::npos) << said;
}

// The first of the two tasks at one place is reported, the second is not, the one elsewhere is.
TEST(Stall, IsReportedOnceForEachPlace) {
  ThreadScheduler scheduler({.processors = 1, .stall_report_after = 1ms});
  auto root = [](ThreadScheduler& its) -> Task<> {
    for (int i = 0; i < 2; ++i) co_await go(compute_until_told, std::ref(its), 1).join();
    co_await go(compute_until_told, std::ref(its), 2).join();
  };
  said_by(scheduler, root(scheduler));
  EXPECT_EQ(scheduler.stalls(), 2);
}

}  // namespace
}  // namespace weir
