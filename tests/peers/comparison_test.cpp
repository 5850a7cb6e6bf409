// From samples to rows: medians, ratios, targets, and the JSON that others read.

#include "bench/peers/driver/comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace weir::peers {
namespace {

Row row_with(const std::string& id, const std::string& peer, int processors = 1) {
  for (const Row& row : rows_of({.ids = {id}})) {
    if (row.peer == peer && row.processors == processors) return row;
  }
  ADD_FAILURE() << "no row " << id << " with " << peer;
  return {};
}

Compared compared(const Row& row, double ours, double theirs) {
  const auto all = compare({row}, {{row.ours, {ours}}, {row.theirs, {theirs}}});
  EXPECT_EQ(all.size(), 1U);
  return all.at(0);
}

TEST(Spread, IsTheMedianAndTheQuartiles) {
  const Spread spread = spread_of({5, 1, 3, 2, 4});
  EXPECT_EQ(spread.low, 2);
  EXPECT_EQ(spread.median, 3);
  EXPECT_EQ(spread.high, 4);
  EXPECT_EQ(spread_of({1, 2}).median, 1.5);
  EXPECT_EQ(spread_of({7}).high, 7);
}

TEST(Compare, SaysHowManyTimesFasterWeirIs) {
  EXPECT_EQ(compared(row_with("B2", "go"), 50, 200).ratio, 4);
  EXPECT_EQ(compared(row_with("B2", "fiber"), 200, 50).ratio, 0.25);
}

TEST(Compare, TurnsTheRatioWhereMoreIsBetter) {
  EXPECT_EQ(compared(row_with("B8", "go"), 3e6, 1e6).ratio, 3);
}

TEST(Compare, SetsTwoProcessorsBesideOne) {
  const Row row = row_with("B11", "weir", 2);
  EXPECT_EQ(row.ours.processors, 2);
  EXPECT_EQ(row.theirs.processors, 1);
  EXPECT_EQ(compared(row, 100, 180).reached, true);
  EXPECT_EQ(compared(row, 100, 179).reached, false);
}

TEST(Compare, SetsVirtualTimeBesideRealTime) {
  const Row row = row_with("V1", "weir");
  EXPECT_EQ(row.ours.processors, 0);
  EXPECT_EQ(compared(row, 30, 60).reached, true);
  EXPECT_EQ(compared(row, 31, 60).reached, false);
}

TEST(Compare, HoldsRatiosToTheTargetOfTheirNumberOfProcessors) {
  EXPECT_EQ(compared(row_with("B1", "go", 1), 100, 500).reached, false);
  EXPECT_EQ(compared(row_with("B1", "go", 2), 100, 500).reached, true);
}

TEST(Compare, HoldsMemoryToABoundAndNotToTheRatio) {
  EXPECT_EQ(compared(row_with("B6", "go"), 256, 2600).reached, true);
  EXPECT_EQ(compared(row_with("B6", "go"), 257, 2600).reached, false);
}

TEST(Compare, AimsAtNothingBesideAnotherLibrary) {
  EXPECT_EQ(compared(row_with("B2", "fiber"), 50, 200).reached, std::nullopt);
}

TEST(Compare, GivesAFiniteRatioForAProcessorThatDidNothing) {
  EXPECT_EQ(compared(row_with("B12", "go"), 0, 0).ratio, 1);
}

TEST(Compare, LeavesOutRowsWithoutSamples) {
  const Row row = row_with("B2", "go");
  EXPECT_TRUE(compare({row}, {{row.ours, {1}}}).empty());
}

TEST(Json, HasTheFieldsThatOthersRead) {
  const auto json = nlohmann::json::parse(json_text({compared(row_with("B1", "go"), 100, 1200)}));
  ASSERT_EQ(json.size(), 1U);
  ASSERT_EQ(json.at("rows").size(), 1U);
  const auto& row = json.at("rows").at(0);
  EXPECT_EQ(row.at("id"), "B1");
  EXPECT_EQ(row.at("procs"), 1);
  EXPECT_EQ(row.at("peer"), "go");
  EXPECT_EQ(row.at("weir"), 100);
  EXPECT_EQ(row.at("theirs"), 1200);
  EXPECT_EQ(row.at("ratio"), 12);
  EXPECT_EQ(row.at("unit"), "ns");
}

TEST(Table, ShowsTheRatioTheTargetAndWhetherItIsReached) {
  const std::string text = table_text({compared(row_with("B8", "go"), 4'500'000, 1'000'000)});
  EXPECT_NE(text.find("4,500,000"), std::string::npos) << text;
  EXPECT_NE(text.find("4.50×      5×  no\n"), std::string::npos) << text;
}

TEST(Rows, AreThoseOfTheSelection) {
  EXPECT_EQ(rows_of({.ids = {"B5"}, .processors = {2}}).size(), 1U);
  EXPECT_EQ(rows_of({.ids = {"B3"}}).size(), 4U);
  EXPECT_EQ(rows_of({.ids = {"B3"}, .peers = {"fiber"}}).size(), 2U);
  EXPECT_EQ(rows_of({.peers = {"none"}}).size(), 3U);
}

}  // namespace
}  // namespace weir::peers
