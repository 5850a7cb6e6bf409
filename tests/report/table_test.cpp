#include "weir/report/table.h"

#include <gtest/gtest.h>

namespace weir::report {
namespace {

using enum Table::Align;

TEST(DisplayWidth, CountsCharactersAndNotBytes) {
  EXPECT_EQ(display_width("12.3 ± 0.4 µs"), 13U);
  EXPECT_EQ(display_width("–"), 1U);
  EXPECT_EQ(display_width("✓"), 1U);
}

TEST(DisplayWidth, KnowsWideCharactersAndCombiningMarks) {
  EXPECT_EQ(display_width("均衡"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("🚰"), 2U);
}

TEST(DisplayWidth, SurvivesBytesThatAreNoUtf8) {
  EXPECT_EQ(display_width("a\xFF"), 2U);
  EXPECT_EQ(display_width("\xE2\x82"), 1U);
}

TEST(Table, AlignsColumnsWhateverTheBytes) {
  Table table({{"load", left}, {"mean"}, {"max"}});
  table.add({{"web"}, {"12.3 ± 0.4 ms"}, {"–"}});
  table.add({{"größe"}, {"1 µs"}, {"100 ms"}});

  EXPECT_EQ(table.text(),
            "load            mean     max\n"
            "web    12.3 ± 0.4 ms       –\n"
            "größe           1 µs  100 ms\n");
}

TEST(Table, EndsNoLineWithASpace) {
  Table table({{"a", left}, {"b", left}});
  table.add({{"long"}, {"x"}});
  table.add({{"y"}, {}});

  EXPECT_EQ(table.text(), "a     b\nlong  x\ny\n");
}

TEST(Table, LeavesOutTitlesThatSayNothing) {
  Table table({{"", left}, {""}});
  table.add({{"a"}, {"1"}});

  EXPECT_EQ(table.text(false, 2), "  a  1\n");
}

TEST(Table, WithoutRowsIsEmpty) {
  EXPECT_EQ(Table({{"a"}}).text(), "");
}

TEST(Table, ColourDoesNotMoveColumns) {
  Table table({{"", left}, {""}});
  table.add({{"✓", Tone::good}, {"1"}});
  table.add({{"bad", Tone::bad}, {"22"}});

  EXPECT_EQ(table.text(true), "\x1b[32m✓\x1b[0m     1\n\x1b[31mbad\x1b[0m  22\n");
}

TEST(TableDeathTest, RefusesARowOfAnotherLength) {
  Table table({{"a"}});

  EXPECT_DEATH(table.add({{"1"}, {"2"}}), "a cell for each column");
}

}  // namespace
}  // namespace weir::report
