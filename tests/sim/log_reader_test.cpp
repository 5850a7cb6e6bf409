#include "weir/sim/log_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace weir::sim {
namespace {

constexpr std::int64_t noon = 971'179'200'000'000'000;  // 2000-10-10T12:00:00Z
constexpr std::int64_t ms = 1'000'000;

std::expected<ReadLog, std::string> read(const std::string& text, const LogOptions& options = {}) {
  LogReader reader(options);
  if (auto fed = reader.feed(text); !fed) return std::unexpected(fed.error());
  return reader.finish();
}

std::string error_of(const std::string& text, const LogOptions& options = {}) {
  const auto log = read(text, options);
  return log ? "no error" : log.error();
}

using Requests = std::vector<LoggedRequest>;

Requests requests_of(const std::string& text, const LogOptions& options = {}) {
  const auto log = read(text, options);
  EXPECT_TRUE(log) << log.error();
  return log ? log->requests : Requests();
}

std::string common(const std::string& time, const std::string& behind = "200 5") {
  return "h - - [10/Oct/2000:" + time + " +0000] \"GET / HTTP/1.0\" " + behind + '\n';
}

TEST(LogReader, ReadsTheCommonLogFormat) {
  const auto log = read(common("12:00:00", "200 2326") + common("12:00:01", "304 -"));

  ASSERT_TRUE(log) << log.error();
  EXPECT_EQ(log->format, LogFormat::common);
  EXPECT_FALSE(log->fine);
  EXPECT_EQ(log->origin, noon);
  EXPECT_EQ(log->requests,
            (Requests{{.at = noon, .bytes = 2326}, {.at = noon + 1000 * ms, .bytes = 0}}));
}

TEST(LogReader, ReadsTheCombinedOneWithQuotesWithinQuotes) {
  const auto log = read(common("12:00:00", R"(200 7 "-" "a \"b\" [c]")") +
                        common("12:00:01", R"(200 8 "http://x/" "curl")"));

  ASSERT_TRUE(log) << log.error();
  EXPECT_EQ(log->format, LogFormat::combined);
  EXPECT_EQ(log->requests[1].bytes, 8);
}

TEST(LogReader, FindsDurationsBehindTheKnownWords) {
  const std::string text = common("12:00:00", R"(200 7 "-" "x" up=0.5 rt="0.25" 1500)") +
                           common("12:00:02", R"(200 7 "-" "x" up=- rt="0.75" 2500)");
  const auto durations = [&](const std::string& name, LogUnit unit) {
    const Requests requests = requests_of(text, {.duration = {name, unit}});
    return std::pair(requests.at(0).duration, requests.at(1).duration);
  };

  EXPECT_EQ(durations("last", LogUnit::us), std::pair(1'500'000L, 2'500'000L));
  EXPECT_EQ(durations("3", LogUnit::ms), std::pair(1'500 * ms, 2'500 * ms));
  EXPECT_EQ(durations("rt", LogUnit::s), std::pair(250 * ms, 750 * ms));
  EXPECT_EQ(error_of(text, {.duration = {"xt", LogUnit::s}}),
            "2 of 2 lines are bad, more than the 1% of --bad-lines; line 1: there is no duration "
            "'xt' behind it");
}

TEST(LogReader, TakesTheDurationOffATimeThatIsThatOfTheEnd) {
  const LogOptions end = {.duration = {"last", LogUnit::s}, .stamped_at_end = true};
  const Requests coarse =
      requests_of(common("12:00:05", "200 1 2.4") + common("12:00:05", "200 1 3.6"), end);
  EXPECT_EQ(coarse[0].at, noon + 1000 * ms);  // from 1.4 s to 2.4 s
  EXPECT_EQ(coarse[1].at, noon + 3000 * ms);

  const Requests fine =
      requests_of("time,duration\n10.5,0.25\n11.0,0.5\n", {.stamped_at_end = true});
  EXPECT_EQ(fine[0].at, 10'250 * ms);
  EXPECT_EQ(fine[1].at, 10'500 * ms);
}

TEST(LogReader, ReadsColumnsByTheirNames) {
  const Requests expected = {
      {.at = 1'000 * ms, .duration = 20 * ms, .bytes = 300},
      {.at = 2'500 * ms, .duration = 40 * ms, .bytes = LoggedRequest::unknown}};
  EXPECT_EQ(requests_of("time,duration,bytes\n1.0,0.02,300\n2.5,0.04,\n"), expected);
  EXPECT_EQ(requests_of("# a log\n\nsize;Timestamp;latency_ms\n300;1.0;20\n;2.5;40\n"), expected);
  EXPECT_EQ(requests_of("\xEF\xBB\xBFwho\tts\ttook_us\tbytes\r\n\"a\tb\"\t1.0\t20000\t300\r\n"
                        "\"\"\"c\"\tts\t2.5\t0\r\nd\t2.5\t40000\t\r\n",
                        {.bad_share = 0.5}),
            expected);
  EXPECT_EQ(
      requests_of("a,b,c\n1000,20000,300\n2500,40000,-\n", {.time = {"a", LogUnit::ms},
                                                            .duration = {"b", LogUnit::us},
                                                            .bytes = {"c", LogUnit::automatic}}),
      expected);
}

TEST(LogReader, ReadsObjectsByTheirKeys) {
  const Requests expected = {
      {.at = 1'000 * ms, .duration = 20 * ms, .bytes = 300},
      {.at = 2'500 * ms, .duration = 40 * ms, .bytes = LoggedRequest::unknown}};
  EXPECT_EQ(
      requests_of("{\"time\": 1.0, \"duration\": 0.02, \"bytes\": 300}\n"
                  "{\"bytes\": null, \"time\": \"2.5\", \"duration\": 4e-2, \"x\": [1, {}]}\n"),
      expected);
  EXPECT_EQ(requests_of("{\"at\": {\"began\": 1.0}, \"t\": {\"ms\": 20}, \"size\": 300}\n"
                        "{\"at\": {\"began\": 2.5}, \"t\": {\"ms\": 40}}\n",
                        {.time = {"at.began", LogUnit::s}, .duration = {"t.ms", LogUnit::ms}}),
            expected);
}

TEST(LogReader, KeepsEveryDigitOfATimeInJson) {
  const Requests requests =
      requests_of("{\"time\": 1763837632.123456789}\n{\"time\": 1763837632.123456791}\n");
  EXPECT_EQ(requests[1].at - requests[0].at, 2);
}

TEST(LogReader, ReadsReplicationZeroOfWeirsOwnLog) {
  const auto log = read(
      "replication,load,request,intended,sent,accepted,started,finished,ended,worker\n"
      "0,web,1,2.000000000,2.000000000,2.000000000,2.500000000,2.600000000,2.600000000,w[0]\n"
      "0,\"a,b\",0,1.000000000,1.000000000,,,,1.000000000,\n"
      "1,web,0,0.100000000,0.100000000,0.1,0.100000000,0.200000000,0.200000000,w[0]\n");

  ASSERT_TRUE(log) << log.error();
  EXPECT_TRUE(log->is_weirs_own);
  EXPECT_EQ(log->origin, 0);
  EXPECT_EQ(log->out_of_order, 1u);
  EXPECT_EQ(log->requests,
            (Requests{{.at = 1'000 * ms}, {.at = 2'000 * ms, .duration = 100 * ms}}));
}

TEST(LogReader, PutsLinesInOrderAndKeepsThoseOfOneMomentAsTheyStand) {
  const auto log = read(common("12:00:09", "200 1") + common("12:00:03", "200 2") +
                        common("12:00:09", "200 3") + common("12:00:03", "200 4"));

  ASSERT_TRUE(log) << log.error();
  EXPECT_EQ(log->out_of_order, 2u);
  std::vector<std::int64_t> bytes;
  for (const LoggedRequest& request : log->requests) bytes.push_back(request.bytes);
  EXPECT_EQ(bytes, (std::vector<std::int64_t>{2, 4, 1, 3}));
}

TEST(LogReader, ReadsTheSameHoweverThePiecesAreCut) {
  const std::string text = common("12:00:00") + "\r\n" + common("12:00:05") + "# end\n" +
                           common("12:00:03").substr(0, common("12:00:03").size() - 1);
  const Requests whole = requests_of(text);
  ASSERT_EQ(whole.size(), 3u);
  for (std::size_t size = 1; size < 80; ++size) {
    LogReader reader({});
    for (std::size_t at = 0; at < text.size(); at += size) {
      ASSERT_TRUE(reader.feed(std::string_view(text).substr(at, size)));
    }
    const auto log = reader.finish();
    ASSERT_TRUE(log) << log.error();
    EXPECT_EQ(log->requests, whole) << "pieces of " << size;
    EXPECT_EQ(log->lines, 5u);
  }
}

TEST(LogReader, CountsBadLinesAndShowsTheFirst) {
  const std::string text = common("12:00:00") + "h - - [10/Oct/2000:12:00\n" + common("12:00:01") +
                           common("12:00:02", "200 many");
  const auto log = read(text, {.bad_share = 0.5});
  ASSERT_TRUE(log) << log.error();
  EXPECT_EQ(log->bad_lines, 2u);
  EXPECT_EQ(log->requests.size(), 2u);
  EXPECT_EQ(log->first_bad,
            "line 2: there is no time in brackets, such as [10/Oct/2000:13:55:36 -0700]");
  EXPECT_EQ(error_of(text, {.bad_share = 0.49}),
            "2 of 4 lines are bad, more than the 49% of --bad-lines; line 2: there is no time in "
            "brackets, such as [10/Oct/2000:13:55:36 -0700]");
}

// What is wrong with a second line like that.
std::string second_line(const std::string& line, const LogOptions& options = {}) {
  const std::string error = error_of(common("12:00:00") + line, options);
  const std::string opening = "1 of 2 lines are bad, more than the 1% of --bad-lines; line 2: ";
  EXPECT_TRUE(error.starts_with(opening)) << error;
  return error.substr(std::min(error.size(), opening.size()));
}

TEST(LogReader, SaysWhatIsWrongWithALine) {
  EXPECT_EQ(second_line("h - - [10/Oct/2000:12:00:00 +0000] GET\n"),
            "there is no request in quotes behind the time");
  EXPECT_EQ(second_line("h - - [10/Oct/2000:12:00:00 +0000] \"GET\n"),
            "there is no request in quotes behind the time");
  EXPECT_EQ(second_line(common("12:00:00", "")), "status and bytes are not behind the request");
  EXPECT_EQ(second_line(common("12:00:00", "200 -7")), "'-7' is no number of bytes");
  EXPECT_EQ(second_line(common("12:60:00")),
            "the time '10/Oct/2000:12:60:00 +0000' has a time of day that no clock shows");
  EXPECT_EQ(second_line(std::string(2'000'000, 'x') + "\n"), "it is longer than 1 MiB");
}

TEST(LogReader, SaysWhatIsWrongWithARowOrAnObject) {
  const std::string bad = "1 of 2 lines are bad, more than the 1% of --bad-lines; ";
  EXPECT_EQ(error_of("time,duration\n1,2\n2\n"),
            bad + "line 3: the row has 1 cells, the first one has 2");
  EXPECT_EQ(error_of("time,duration\n1,2\n2,-1\n"), bad + "line 3: the duration '-1' is negative");
  EXPECT_EQ(error_of("{\"time\": 1}\n{\"tim\": 1}\n"), bad + "line 2: the key 'time' is not there");
  EXPECT_EQ(error_of("{\"time\": 1}\n{\"time\": 1\n"), bad + "line 2: it is no JSON object");
  EXPECT_EQ(error_of("{\"time\": 1}\n[1]\n"), bad + "line 2: it is no JSON object");
  EXPECT_EQ(error_of("replication,intended,started,finished\n0,1,1.5,1.6\n0,2,3,2\n"),
            bad + "line 3: it was finished before it was started");
}

TEST(LogReader, SaysWhichNamesItDoesNotKnow) {
  EXPECT_EQ(error_of("when,what\n1,2\n"),
            "no column looks like a time; name it with --time (there: when, what)");
  EXPECT_EQ(error_of("time,took\n1,2\n", {.duration = {"tok", LogUnit::s}}),
            "there is no column 'tok'; did you mean 'took'?");
  EXPECT_EQ(error_of("{\"a\": {\"b\": 1}}\n"),
            "no key looks like a time; name it with --time (there: a.b)");
}

TEST(LogReader, RefusesWhatIsNoLog) {
  EXPECT_EQ(error_of(""), "it is empty");
  EXPECT_EQ(error_of("\n# nothing\n"), "it holds no requests");
  EXPECT_EQ(error_of("time,bytes\n"), "it holds no requests");
  EXPECT_EQ(error_of(std::string("\x1f\x8b\x08\0\0", 5)),
            "it is compressed; unpack it on the way: zcat LOG | weir replay -");
  EXPECT_EQ(error_of("hello\nworld\n"),
            "its first line tells no format; say --format common, combined, csv or jsonl");
  EXPECT_EQ(error_of(std::string("\x7f\0ELF,\n", 7)),
            "its first line tells no format; say --format common, combined, csv or jsonl");
}

TEST(LogReader, RefusesALogWithoutTimeInIt) {
  EXPECT_EQ(error_of(common("12:00:00")), "it holds one request only: nothing to learn from");
  EXPECT_EQ(
      error_of(common("12:00:00") + common("12:00:00")),
      "all its 2 requests are of one moment, 2000-10-10T12:00:00Z: there is no time to replay");
  EXPECT_EQ(error_of("time\n5\n5\n"),
            "all its 2 requests are of one moment, 5s: there is no time to replay");
  EXPECT_EQ(error_of("time\n2026-11-22T18:00:00Z\n1970-01-01T00:00:00Z\n"),
            "its times go from 0s to 2026-11-22T18:00:00Z, over more than a year: are they right? "
            "--from and --for cut it");
}

TEST(LogReader, StopsAtItsLimit) {
  const std::string text = "time\n1\n2\n3\n4\n";
  EXPECT_EQ(requests_of(text, {.requests_max = 4}).size(), 4u);
  EXPECT_EQ(error_of(text, {.requests_max = 3}),
            "it holds more than 3 requests; replay a window of it: --from TIME --for 1h");
  EXPECT_EQ(requests_of(text, {.requests_max = 3, .until = 4'000 * ms}).size(), 3u);
}

TEST(LogReader, CutsAWindowOfTimesWhileItReads) {
  const auto log = read("time\n1.5\n2.5\n3.5\n4.5\n", {.from = 2'000 * ms, .until = 4'500 * ms});
  ASSERT_TRUE(log) << log.error();
  EXPECT_EQ(log->requests.size(), 2u);
  EXPECT_EQ(log->outside, 2u);
  EXPECT_EQ(log->origin, 2'000 * ms);
  EXPECT_EQ(error_of("time\n1\n2\n", {.from = 5'000 * ms}),
            "no request of it lies between --from and the end of --for");
}

TEST(LogReader, CutsAWindowAfterTheFirstRequest) {
  auto log = read("time\n11.5\n12.5\n13.5\n14.5\n");
  ASSERT_TRUE(log) << log.error();
  ASSERT_TRUE(cut_window(*log, Duration(500 * ms), Duration(2'000 * ms)));
  EXPECT_EQ(log->requests, (Requests{{.at = 12'500 * ms}, {.at = 13'500 * ms}}));
  EXPECT_EQ(log->origin, 12'000 * ms);
  EXPECT_EQ(log->outside, 2u);

  const auto cut = cut_window(*log, Duration(9'000 * ms), std::nullopt);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error(), "from 9s to the end it has no two moments with requests; it lasts 1s");
}

}  // namespace
}  // namespace weir::sim
