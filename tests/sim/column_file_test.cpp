// Files of measurements: their parsing, and the two things that are read from them.

#include "weir/sim/column_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "weir/sim/arrival.h"
#include "weir/sim/distribution.h"

namespace {

using namespace weir;
using namespace weir::sim;

// A folder of its own for each test, with one file in it.
class ColumnFile : public testing::Test {
 protected:
  ColumnFile() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / (std::string("weir_") + test->name());
    std::filesystem::create_directories(folder_);
  }
  ~ColumnFile() override { std::filesystem::remove_all(folder_); }

  void write(std::string_view text) { std::ofstream(folder_ / "data.csv") << text; }

  std::expected<std::vector<double>, std::string> read(std::string column = {},
                                                       std::string unit = {},
                                                       Quantity quantity = Quantity::duration) {
    return read_column({folder_, "data.csv", std::move(column), std::move(unit)}, quantity);
  }

  std::filesystem::path folder_;
};

using Values = std::vector<double>;

TEST_F(ColumnFile, TakesTheFirstColumnWithOrWithoutAName) {
  write("1,9\n2,9\n");
  EXPECT_EQ(read(), (Values{1, 2}));
  write("t,x\n1,9\n2,9\n");
  EXPECT_EQ(read(), (Values{1, 2}));
}

TEST_F(ColumnFile, TakesTheColumnThatIsNamed) {
  write("# a log\nt, \"bytes\"\r\n1, 10\r\n\r\n2, 20\r\n");
  EXPECT_EQ(read("bytes", "KiB", Quantity::size), (Values{10240, 20480}));
}

TEST_F(ColumnFile, ReadsUnitsInTheCells) {
  write("t\n10ms\n2s\n3\n");
  EXPECT_EQ(read("t"), (Values{0.01, 2, 3}));
  EXPECT_EQ(read("t", "ms"), (Values{0.01, 2, 0.003}));
}

TEST_F(ColumnFile, NamesThePlaceOfAMistake) {
  write("t\n1\nx\n");
  EXPECT_EQ(read("t").error(), "data.csv:3: expected a time such as 10ms, found 'x'");
  write("time,size\n1,2\n");
  EXPECT_EQ(read("tim").error(), "data.csv:1: no column 'tim'; did you mean 'time'?");
  write("a,b\n1\n");
  EXPECT_EQ(read("b").error(), "data.csv:2: the row has no such column");
  write("a,b\n");
  EXPECT_EQ(read("b").error(), "data.csv holds no numbers");
  std::filesystem::remove(folder_ / "data.csv");
  EXPECT_EQ(read().error(), "cannot open data.csv");
}

TEST_F(ColumnFile, MakesAnEmpiricalDistribution) {
  write("30ms\n10ms\n20ms\n20ms\n");
  const auto found =
      Distribution::parse("empirical(\"data.csv\") + 1ns/B", Quantity::duration, folder_);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_DOUBLE_EQ(found->mean(), 0.02);
  EXPECT_DOUBLE_EQ(found->scv(), 0.125);
  EXPECT_EQ(found->text(), "empirical(\"data.csv\") + 1ns/B");
  Random random({.seed = 1}, "empirical");
  int middle = 0;
  std::set<double> seen;
  for (int i = 0; i < 10'000; ++i) {
    const double value = found->sample(random);
    seen.insert(value);
    middle += value == 0.02 ? 1 : 0;
  }
  EXPECT_EQ(seen, (std::set<double>{0.01, 0.02, 0.03}));
  EXPECT_NEAR(middle, 5000, 200);
}

TEST_F(ColumnFile, MakesATrace) {
  write("t,user\n0.5,1\n1.5,2\n1.0,3\n");
  const auto found = ArrivalProcess::parse("trace(\"data.csv\", column=\"t\")", folder_);
  ASSERT_TRUE(found) << found.error().message;
  Arrivals arrivals(*found, Random({.seed = 1}, "trace"));
  for (const Duration expected : {Duration(500ms), Duration(1s), Duration(1500ms)}) {
    EXPECT_EQ(arrivals.next(), expected);
  }
  EXPECT_EQ(arrivals.next(), Duration::max());
  EXPECT_DOUBLE_EQ(found->mean_rate(), 2);
  EXPECT_EQ(found->expected_count(1s), 1);
}

TEST_F(ColumnFile, ShiftsAndSpeedsUpATrace) {
  write("1700000000\n1700000004\n");
  const auto far = ArrivalProcess::parse("trace(\"data.csv\")", folder_);
  ASSERT_FALSE(far);
  EXPECT_EQ(far.error().message,
            "the trace begins after more than a year; take that off with start=1700000000s");
  const std::string text = "trace(\"data.csv\", start=1700000000s, speed=2)";
  const auto found = ArrivalProcess::parse(text, folder_);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->text(), text);
  Arrivals arrivals(*found, Random({.seed = 1}, "trace"));
  EXPECT_EQ(arrivals.next(), 0s);
  EXPECT_EQ(arrivals.next(), 2s);
}

TEST_F(ColumnFile, SaysInAScenarioWhichFileIsMissing) {
  const auto found = Distribution::parse("empirical(\"none.csv\")", Quantity::duration, folder_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "cannot open none.csv");
  EXPECT_EQ(ArrivalProcess::parse("trace(data)", folder_).error().message,
            "file stands between quotes");
}

}  // namespace
