// Slices as they are kept; the file is read back in tests/trace.

#include "weir/runtime/trace.h"

#include <gtest/gtest.h>

#include "tests/runtime/records.h"
#include "weir/runtime/trace_writer.h"

namespace weir {
namespace {

TEST(Trace, TakesTheFirstLaneThatIsFree) {
  Records tasks(1);
  Trace trace("unused", 2, 4, TimePoint());
  EXPECT_EQ(trace.free_lane(TimePoint()), 0u);
  trace.begin(0, tasks[0], {});
  trace.end(0, TimePoint(5s));
  EXPECT_EQ(trace.free_lane(TimePoint(4s)), 1u);
  EXPECT_EQ(trace.free_lane(TimePoint(5s)), 0u);
}

TEST(Trace, EndsASliceOnce) {
  Records tasks(1);
  Trace trace("unused", 1, 4, TimePoint());
  trace.begin(0, tasks[0], {});
  trace.end(0, TimePoint(1s));
  trace.end(0, TimePoint(9s));  // of a slice that has ended already
  EXPECT_EQ(trace.free_lane(TimePoint(1s)), 0u);
}

TEST(JsonString, EscapesWhatJsonDemands) {
  EXPECT_EQ(json_string(""), "\"\"");
  EXPECT_EQ(json_string("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(json_string(std::string_view("\0\n\x1F\x7F", 4)), "\"\\u0000\\u000a\\u001f\x7F\"");
}

TEST(JsonString, KeepsCharactersAndReplacesWhatIsNone) {
  EXPECT_EQ(json_string("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"");
  EXPECT_EQ(json_string("\xC3"), "\"\\ufffd\"");             // cut off
  EXPECT_EQ(json_string("\xC0\x80"), "\"\\ufffd\\ufffd\"");  // two bytes for what needs one
  EXPECT_EQ(json_string("\xED\xA0\x80x"), "\"\\ufffd\\ufffd\\ufffdx\"");  // half of a pair
  EXPECT_EQ(json_string("\xF5z"), "\"\\ufffdz\"");  // beyond the last character
}

}  // namespace
}  // namespace weir
