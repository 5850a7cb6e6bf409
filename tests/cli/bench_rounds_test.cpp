// How much is measured, and in which order; of lines whose operations take as long as the test
// says.

#include "weir/cli/bench_rounds.h"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

// A line of operations that take so long, and a note of every call.
struct Calls {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> all{};
};

Measurement line_of(double operation_s, Calls& calls, std::uint64_t least, std::uint64_t most) {
  Measurement line{.least = least, .most = most};
  line.run = [operation_s, &calls](std::uint64_t heap, std::uint64_t times) {
    calls.all.emplace_back(heap, times);
    return BenchRun{.operations = heap * times,
                    .seconds = operation_s * static_cast<double>(heap * times)};
  };
  return line;
}

BenchSize size_with(double operation_s, std::uint64_t least, std::uint64_t most, double round_s) {
  Calls calls;
  const auto size = size_of(line_of(operation_s, calls, least, most), round_s);
  return size.value_or(BenchSize{.heap = 0, .times = 0});
}

TEST(BenchRounds, MakeHeapsOfAHundredthOfASecond) {
  const BenchSize size = size_with(1e-6, 1, 100'000'000, 0.1);
  EXPECT_NEAR(static_cast<double>(size.heap), 10'000, 1);
  EXPECT_EQ(size.times, 10U);
}

TEST(BenchRounds, MakeNoHeapGreaterThanALineAllows) {
  const BenchSize size = size_with(1e-9, 1, 1000, 0.1);
  EXPECT_EQ(size.heap, 1000U);
  EXPECT_EQ(size.times, 100'000U);
}

TEST(BenchRounds, KeepToMultiples) {
  EXPECT_EQ(size_with(1e-6, 128, 128, 0.1).heap, 128U);
  EXPECT_EQ(size_with(1e-5, 300, 100'000, 0.1).heap % 300, 0U);
}

TEST(BenchRounds, MeasureAtLeastOneHeapHoweverShortTheTime) {
  const BenchSize size = size_with(1, 4, 1000, 1e-6);
  EXPECT_EQ(size.heap, 4U);
  EXPECT_EQ(size.times, 1U);
}

TEST(BenchRounds, GoRoundAllLinesInTurn) {
  Calls calls;
  std::vector<Measurement> lines = {line_of(1e-3, calls, 10, 10), line_of(1e-3, calls, 20, 20)};
  std::vector<std::pair<int, std::size_t>> places;
  const BenchEnd end = go_round(lines, 2, 0.02, [&](const BenchPlace& place) {
    places.emplace_back(place.round, place.line);
  });

  EXPECT_TRUE(end.complete);
  EXPECT_EQ(end.error, "");
  EXPECT_EQ(places, (std::vector<std::pair<int, std::size_t>>{
                        {0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 1}}));
  EXPECT_EQ(calls.all, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{
                           {10, 1}, {20, 1}, {10, 2}, {20, 1}, {10, 2}, {20, 1}}));
  EXPECT_EQ(lines[0].row.operations, 20U);
  EXPECT_EQ(lines[0].row.seconds, (std::vector<double>{0.02, 0.02}));
}

TEST(BenchRounds, KeepTheRoundsBeforeASignal) {
  Calls calls;
  std::vector<Measurement> lines = {line_of(1e-3, calls, 10, 10)};
  int left = 3;
  lines[0].run = [&](std::uint64_t heap, std::uint64_t times) {
    return BenchRun{.operations = heap * times, .seconds = 0.01, .complete = --left > 0};
  };
  const BenchEnd end = go_round(lines, 5, 0.01, [](const BenchPlace&) {});

  EXPECT_FALSE(end.complete);
  EXPECT_EQ(lines[0].row.seconds.size(), 1U);
}

TEST(BenchRounds, SayWhichLineDidNotGiveWhatItShould) {
  Calls calls;
  std::vector<Measurement> lines = {line_of(1e-3, calls, 10, 10)};
  lines[0].row = {.subject = "cpu", .processors = 2, .crew = "pool"};
  lines[0].run = [](std::uint64_t heap, std::uint64_t times) {
    return BenchRun{.operations = heap * times, .seconds = 0.01, .right = false};
  };
  const BenchEnd end = go_round(lines, 5, 0.01, [](const BenchPlace&) {});

  EXPECT_EQ(end.error, "cpu with pool on 2 did not give what it should");
  EXPECT_TRUE(lines[0].row.seconds.empty());
}

}  // namespace
}  // namespace weir::cli
