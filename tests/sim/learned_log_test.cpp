#include "weir/sim/learned_log.h"

#include <gtest/gtest.h>

#include "weir/sim/log_reader.h"

namespace weir::sim {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// So many requests in each second, in the middle of it.
ReadLog with_counts(const std::vector<int>& counts) {
  ReadLog log{.format = LogFormat::csv, .fine = false};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (int k = 0; k < counts[i]; ++k) {
      log.requests.push_back({.at = static_cast<std::int64_t>(i) * second});
    }
  }
  return log;
}

TEST(LearnedLog, CountsBySeconds) {
  const LearnedLog log = learn(with_counts({1, 3, 1, 3, 1, 3, 1, 3, 1, 3}), "a.csv");

  EXPECT_EQ(log.file, "a.csv");
  EXPECT_EQ(log.requests, 20u);
  EXPECT_EQ(log.span_s, 10);
  EXPECT_EQ(log.rate_per_s, 2);
  EXPECT_EQ(log.peak, 3u);
  EXPECT_EQ(log.peak_at_s, 1);
  EXPECT_EQ(log.idc_1s, 0.5);  // variance 1, mean 2
  EXPECT_EQ(log.idc_10s, std::nullopt);
  EXPECT_EQ(log.format, "csv");
  EXPECT_EQ(log.begin, "");
}

TEST(LearnedLog, TellsBurstsThatLast) {
  std::vector<int> counts;
  for (int i = 0; i < 200; ++i) counts.push_back(i / 10 % 2 == 0 ? 1 : 9);
  const LearnedLog log = learn(with_counts(counts), "bursts");

  EXPECT_DOUBLE_EQ(*log.idc_1s, 16.0 / 5);
  EXPECT_DOUBLE_EQ(*log.idc_10s, 1600.0 / 50);
  EXPECT_EQ(
      log.meaning(),
      "arrivals are bursty: the count of a second varies 3.2 times as much as Poisson's, that "
      "of 10 s 32 times, so bursts last for many seconds: poisson(RATE) would understate "
      "queues");
}

TEST(LearnedLog, TellsEvenArrivalsAndThoseOfPoisson) {
  EXPECT_EQ(learn(with_counts(std::vector<int>(50, 3)), "even").meaning(),
            "arrivals are more even than a Poisson process: poisson(RATE) would overstate queues");
  std::vector<int> counts;
  for (int i = 0; i < 40; ++i) counts.push_back(i % 2 == 0 ? 2 : 6);
  EXPECT_EQ(learn(with_counts(counts), "alike").meaning(),
            "arrivals look like a Poisson process, as far as seconds tell: poisson(RATE) would do");
  EXPECT_EQ(learn(with_counts({1, 2, 3}), "short").meaning(), "");
}

TEST(LearnedLog, MeasuresDurationsAndSizes) {
  ReadLog log{.fine = true};
  for (std::int64_t i = 1; i <= 100; ++i) {
    log.requests.push_back({.at = i * second / 10, .duration = i * 1000, .bytes = i % 2 * 100});
  }
  log.requests[0].duration = LoggedRequest::unknown;
  const LearnedLog learned = learn(log, "x");

  EXPECT_NEAR(learned.span_s, 9.9, 1e-12);
  EXPECT_NEAR(learned.rate_per_s, 10, 1e-12);
  EXPECT_EQ(learned.peak, 10u);
  ASSERT_TRUE(learned.service && learned.size);
  EXPECT_EQ(learned.service->count, 99u);
  EXPECT_NEAR(learned.service->mean, 51e-6, 1e-12);
  EXPECT_NEAR(learned.service->p50, 51e-6, 1e-7);
  EXPECT_NEAR(learned.service->max, 100e-6, 1e-12);
  EXPECT_NEAR(learned.size->mean, 50, 1e-12);
  EXPECT_NEAR(learned.size->scv(), 100.0 / 99, 1e-9);
}

TEST(LearnedLog, KnowsNothingOfWhatIsNotThere) {
  const LearnedLog log = learn(with_counts({1, 1}), "x");
  EXPECT_FALSE(log.service);
  EXPECT_FALSE(log.size);
  EXPECT_FALSE(log.idc_1s);
}

}  // namespace
}  // namespace weir::sim
