// Lines that were once good, mangled: whatever comes, a reader gives requests that make sense, or
// one sentence.

#include <gtest/gtest.h>

#include <array>

#include "weir/base/random.h"
#include "weir/sim/learned_log.h"
#include "weir/sim/log_reader.h"
#include "weir/sim/replay.h"

namespace weir::sim {
namespace {

const std::array<std::string, 4> good = {
    "h - - [10/Oct/2000:13:55:36 -0700] \"GET /a\\\"b HTTP/1.0\" 200 2326 \"http://x/\" \"M (X)\" "
    "rt=0.25 1500\n"
    "h - bob [10/Oct/2000:13:55:38 -0700] \"GET / HTTP/1.0\" 304 - \"-\" \"-\" rt=0.5 2500\n"
    "h - - [10/Oct/2000:13:55:37.5 -0700] \"-\" 400 0 \"-\" \"-\" rt=- 0\n",
    "time,duration,bytes\n1.5,0.02,300\n\"2.5\",0.04,\n1763837632123,1e-3,7\n",
    "{\"time\": 1.25, \"duration\": 0.02, \"bytes\": 300}\n"
    "{\"time\": \"2000-10-10T13:55:36Z\", \"x\": {\"y\": [1, 2]}, \"duration\": 1e-3}\n",
    "replication,load,request,intended,sent,accepted,started,finished,ended,worker\n"
    "0,web,1,2.000000000,2.0,2.0,2.500000000,2.600000000,2.6,w[0]\n"
    "0,web,2,3.000000000,3.0,3.0,3.500000000,3.600000000,3.6,w[0]\n",
};

const std::array<LogOptions, 4> ways = {
    LogOptions{.bad_share = 1},
    LogOptions{.duration = {"last", LogUnit::us}, .stamped_at_end = true, .bad_share = 1},
    LogOptions{.duration = {"rt", LogUnit::s}, .bad_share = 1, .requests_max = 2},
    LogOptions{.duration = {"none", LogUnit::automatic}, .bad_share = 1, .from = 0},
};

void mangle(std::string& text, Random& random) {
  static const std::string letters = "\"[]{},;:\\-+.eE0123456789 \t\r\n\0xTZ#=";
  const std::uint64_t changes = 1 + random.below(6);
  for (std::uint64_t i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = random.below(text.size());
    const char letter = random.below(4) == 0 ? static_cast<char>(random.below(256))
                                             : letters[random.below(letters.size())];
    switch (random.below(5)) {
      case 0:
        text[at] = letter;
        break;
      case 1:
        text.insert(at, 1, letter);
        break;
      case 2:
        text.erase(at, 1 + random.below(8));
        break;
      case 3:
        text.insert(at, text.substr(random.below(text.size()), random.below(40)));
        break;
      default:
        text.insert(at, std::string(random.below(30), letter));
    }
  }
}

// Feeds it in two pieces.
std::expected<ReadLog, std::string> read(const std::string& text, const LogOptions& options,
                                         std::size_t cut) {
  LogReader reader(options);
  const std::string_view all = text;
  for (const std::string_view piece : {all.substr(0, cut), all.substr(cut)}) {
    if (auto fed = reader.feed(piece); !fed) return std::unexpected(fed.error());
  }
  return reader.finish();
}

void expect_sense(const ReadLog& log, const std::string& text) {
  std::int64_t before = INT64_MIN;
  for (const LoggedRequest& request : log.requests) {
    ASSERT_LE(before, request.at) << text;
    before = request.at;
    ASSERT_GE(request.duration, LoggedRequest::unknown) << text;
    // A simulated worker may serve for as long as it likes.
    const std::int64_t longest = log.is_weirs_own ? INT64_MAX : 86'400'000'000'000;
    ASSERT_LE(request.duration, longest) << text;
    ASSERT_GE(request.bytes, LoggedRequest::unknown) << text;
  }
  ASSERT_GE(log.requests.size(), 2u) << text;
  ASSERT_LE(log.bad_lines + log.requests.size() + log.outside, log.lines) << text;
  const LearnedLog learned = learn(log, "fuzz");
  ASSERT_GT(learned.span_s, 0) << text;
  ASSERT_GT(learned.rate_per_s, 0) << text;
}

TEST(LogFuzz, MangledLinesGiveRequestsThatMakeSenseOrOneSentence) {
  std::uint64_t kept = 0, refused = 0;
  for (std::uint64_t round = 0; round < 40'000; ++round) {
    Random random(RandomKey{20261122}, "fuzz", round);
    std::string text = good[round % good.size()];
    mangle(text, random);
    const std::size_t way = random.below(ways.size());
    const std::size_t cut = random.below(text.size() + 1);
    const auto log = read(text, ways[way], cut);
    if (log) {
      ++kept;
      expect_sense(*log, text);
      if (round % 16 == 0) make_replay(*log, 2, "fuzz");
    } else {
      ++refused;
      EXPECT_FALSE(log.error().empty()) << text;
      EXPECT_FALSE(log.error().contains('\n')) << log.error();
    }
    const auto again = read(text, ways[way], text.size() - cut);
    ASSERT_EQ(again.has_value(), log.has_value()) << text;
    ASSERT_TRUE(!log || again->requests == log->requests) << text;
  }
  EXPECT_GT(kept, 1'000u);
  EXPECT_GT(refused, 1'000u);
}

}  // namespace
}  // namespace weir::sim
