#include "weir/report/replay_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/small_run.h"

namespace weir::report {
namespace {

ReplayReport small_report() {
  ReplayReport replay;
  replay.log = {.file = "a.log",
                .format = "csv",
                .fine = true,
                .requests = 12'345,
                .outside = 7,
                .span_s = 90,
                .rate_per_s = 137.2,
                .peak = 400,
                .peak_at_s = 12,
                .seconds = 90,
                .idc_1s = 4.68};
  return replay;
}

TEST(ReplayReport, SaysNothingOfWhatIsNotInTheLog) {
  EXPECT_EQ(log_text(small_report()),
            "a.log: 12,345 requests in 90.0 s, 137/s on average, 400 in the busiest second (csv)\n"
            "arrivals are bursty: the count of a second varies 4.7 times as much as Poisson's: "
            "poisson(RATE) would understate queues\n"
            "dispersion of counts: 4.7 in 1 s, – in 10 s; Poisson: 1\n"
            "! 7 requests lie outside the window\n");
}

TEST(ReplayReport, SaysWhatWasChosen) {
  ReplayReport replay = small_report();
  replay.log.format = "weir";
  replay.log.outside = 0;
  replay.log.bad_lines = 2;
  replay.log.first_bad = "line 3: it is no JSON object";
  replay.log.service = sim::LearnedValues{.count = 9, .mean = 0.0125, .cv = 1, .p50 = 0.007};
  replay.log.size = sim::LearnedValues{.count = 9, .mean = 1'234'567, .cv = 2};
  replay.filled = 1;
  replay.scale = 2;
  replay.remarks = {"so be it"};
  const std::string text = log_text(replay);

  EXPECT_TRUE(text.contains("(weir's own log, replication 0)\n")) << text;
  EXPECT_TRUE(text.contains("durations: mean 12.5 ms, cv 1.00, p50 7.00 ms, ")) << text;
  EXPECT_TRUE(text.contains("; at a worker, from start to end\n")) << text;
  EXPECT_TRUE(text.contains("bytes: mean 1.23 MB, scv 4.0, ")) << text;
  EXPECT_TRUE(
      text.ends_with("! 2 bad lines are left out; line 3: it is no JSON object\n"
                     "! 1 request has no duration and takes that of another, drawn\n"
                     "! replayed 2 times as fast\n"
                     "! so be it\n"))
      << text;
}

TEST(ReplayReport, GivesNullForWhatIsNotKnown) {
  const sim::Scenario scenario = test::small_scenario();
  const std::vector<sim::RunRecord> records = {test::small_run(scenario, {{}, {}})};
  const auto json =
      nlohmann::json::parse(replay_json(small_report(), sim::compare(records, scenario)));

  EXPECT_EQ(json["schema"], "weir-replay/1");
  EXPECT_EQ(json["log"]["idc_1s"], 4.68);
  for (const char* key : {"idc_10s", "service", "size", "begin"}) {
    EXPECT_TRUE(json["log"][key].is_null()) << key;
  }
  EXPECT_EQ(json["policies"][0]["schema"], "weir-run/1");
  EXPECT_EQ(json["baseline"], "p2c");
}

}  // namespace
}  // namespace weir::report
