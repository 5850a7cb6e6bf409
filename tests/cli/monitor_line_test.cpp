#include "weir/cli/monitor_line.h"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using namespace std::chrono_literals;

constexpr sim::Progress progress{.fraction = 0.255, .finished = 3, .total = 10};

RuntimeStats stats(Duration elapsed, const std::vector<Duration>& asleep, std::uint64_t steals) {
  RuntimeStats stats{.elapsed = elapsed,
                     .tasks_alive = 40,
                     .tasks_ready = 2,
                     .tasks_running = 1,
                     .tasks_parked = 37,
                     .threads = 3};
  for (const Duration time : asleep) stats.processors.push_back({.steals = steals, .asleep = time});
  return stats;
}

TEST(MonitorLine, SaysHowFarAVirtualRunIs) {
  EXPECT_EQ(MonitorLine(false).update(progress), "weir: 25 %, 3 of 10 replications\n");
}

TEST(MonitorLine, IsRewrittenOnATerminal) {
  EXPECT_EQ(MonitorLine(true).update(progress), "\r\033[K25 %, 3 of 10 replications");
}

TEST(MonitorLine, SaysWhatHasHappenedSinceTheLineBefore) {
  MonitorLine line(false);

  EXPECT_EQ(line.update(progress, {.done = 90, .pending = 7}, stats(1s, {1s, 250ms}, 5)),
            "weir: 25 %, 3 of 10 replications; requests 90 done, 90/s, 7 pending; "
            "tasks 40, ready 2, parked 37; threads 3, busy 0 75 %, steals 10\n");
  EXPECT_EQ(line.update(progress, {.done = 101, .pending = 0}, stats(3s, {1s, 2250ms}, 6)),
            "weir: 25 %, 3 of 10 replications; requests 101 done, 6/s, 0 pending; "
            "tasks 40, ready 2, parked 37; threads 3, busy 100 0 %, steals 2\n");
}

TEST(MonitorLine, KnowsNoRateOfNoTime) {
  EXPECT_NE(MonitorLine(false).update(progress, {.done = 5}, stats(0s, {}, 0)).find(" 0/s,"),
            std::string::npos);
}

TEST(MonitorLine, SumsUpManyProcessors) {
  const std::vector<Duration> asleep{0s, 1s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s};

  EXPECT_EQ(spell_busy({}, stats(2s, asleep, 0)), "0 to 100 %, mean 15 %");
}

TEST(MonitorLine, DividesByNoTime) {
  EXPECT_EQ(spell_busy({}, stats(0s, {0s}, 0)), "0 %");
}

}  // namespace
}  // namespace weir::cli
