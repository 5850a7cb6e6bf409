#include "weir/report/bench_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;
using Lines = std::vector<std::string>;

BenchReport report_of(std::vector<BenchRow> rows) {
  BenchReport report{.rounds = 3, .seconds = 0.5, .jobs = 100};
  report.machine = {.version = "0.1.0",
                    .processors = 2,
                    .model = "A Processor",
                    .compiler = "clang 19.1.7",
                    .build = "Release"};
  report.rows = std::move(rows);
  return report;
}

// Ten million operations in each round of `ns` each.
BenchRow shape_of(const std::string& subject, int processors, const std::vector<double>& ns) {
  BenchRow row{.group = "runtime", .subject = subject, .what = "a thing", .processors = processors};
  row.operations = 10'000'000;
  for (const double each : ns) row.seconds.push_back(each * 1e-2);
  return row;
}

// A batch of a hundred jobs in each round, in so many milliseconds.
BenchRow jobs_of(std::optional<std::uint32_t> workers, const std::vector<double>& ms) {
  BenchRow row{.group = "workers", .subject = "cpu", .what = "100 jobs", .processors = 2};
  row.crew = workers ? "pool" : "unbounded";
  row.workers = workers;
  row.operations = 100;
  for (const double batch : ms) row.seconds.push_back(batch * 1e-3);
  return row;
}

BenchReport workers_report(const std::vector<std::pair<std::uint32_t, double>>& points) {
  std::vector<BenchRow> rows;
  for (const auto& [workers, ms] : points) rows.push_back(jobs_of(workers, {ms}));
  return report_of(std::move(rows));
}

TEST(BenchReport, TakesTheMedianOfTheRounds) {
  const BenchSpread odd = spread_of(shape_of("a", 1, {30, 10, 20}));
  EXPECT_DOUBLE_EQ(odd.median, 20e-9);
  EXPECT_DOUBLE_EQ(odd.least, 10e-9);
  EXPECT_DOUBLE_EQ(odd.most, 30e-9);
  EXPECT_DOUBLE_EQ(spread_of(shape_of("a", 1, {40, 10, 20, 30})).median, 25e-9);
}

TEST(BenchReport, DoubtsWhatVariesByMoreThanAQuarter) {
  EXPECT_FALSE(spread_of(shape_of("a", 1, {90, 100, 114})).is_doubtful());
  EXPECT_TRUE(spread_of(shape_of("a", 1, {90, 100, 116})).is_doubtful());
}

TEST(BenchReport, ShowsShapesAndPlotsWorkers) {
  const std::string text = bench_text(
      report_of({shape_of("spawn", 1, {93, 94.1, 95}), shape_of("spawn", 2, {500, 1260, 1300}),
                 shape_of("ping_pong", 0, {6, 6, 6}), jobs_of(1, {99, 100, 104}),
                 jobs_of(2, {50, 50, 51}), jobs_of({}, {49.5, 49.9, 50})}),
      false);

  EXPECT_EQ(
      text,
      "weir 0.1.0 with 2 processors of A Processor; clang 19.1.7, Release\n"
      "3 rounds in turn, 0.5 s for each line in all; median, least…most\n"
      "! ? least and most lie further apart than a quarter of the median: the machine was not "
      "quiet, or --seconds is short\n"
      "\n"
      "                    processors     ns               a second\n"
      "spawn      a thing           1   94.1  93.0…95.0      10.6 M\n"
      "                             2  1,260  500…1,300 ?   793,651\n"
      "ping_pong  a thing     virtual   6.00  6.00…6.00       167 M\n"
      "\n"
      "cpu: 100 jobs\n"
      "           workers    ms             speed-up\n"
      "pool             1   100  99.0…104      1.00×  ████████████████████████████████\n"
      "                 2  50.0  50.0…51.0     2.00×  ████████████████\n"
      "unbounded      any  49.9  49.5…50.0            ████████████████\n"
      "\n"
      "cpu with pool: still gains at 2 workers, 2 times as fast as with 1\n");
}

TEST(BenchReport, SaysWithHowManyWorkersJobsAreDoneSoonest) {
  const auto found = [](const std::vector<std::pair<std::uint32_t, double>>& points) {
    return bench_findings(workers_report(points)).at(0);
  };
  EXPECT_EQ(found({{1, 100}, {2, 51}, {4, 50}, {8, 52}}),
            "cpu with pool: best from 2 workers on, as many as there are processors, 1.96 times as "
            "fast as with 1");
  EXPECT_EQ(found({{1, 100}, {2, 51}, {4, 26}, {8, 26}}),
            "cpu with pool: best from 4 workers on, 3.85 times as fast as with 1");
  EXPECT_EQ(found({{1, 100}, {2, 51}, {4, 26}}),
            "cpu with pool: still gains at 4 workers, 3.85 times as fast as with 1");
  EXPECT_EQ(found({{1, 100}, {2, 99}, {4, 104}}), "cpu with pool: more than 1 gain nothing");
}

TEST(BenchReport, MarksAFindingThatRestsOnDoubtfulFigures) {
  const auto findings = bench_findings(report_of({jobs_of(1, {70, 100, 110}), jobs_of(2, {50})}));
  EXPECT_EQ(findings, Lines{"cpu with pool: still gains at 2 workers, 2 times as fast as with 1 "
                            "(doubtful)"});
}

TEST(BenchReport, FindsNothingInOneNumberOfWorkers) {
  EXPECT_EQ(bench_findings(report_of({jobs_of(2, {50}), jobs_of({}, {50})})), Lines{});
}

TEST(BenchReport, WarnsOfWhatMakesFiguresWorthless) {
  const auto warnings = [](const BenchReport& report) {
    const std::string text = bench_text(report, false);
    const std::size_t begin = text.find("! ");
    return begin == std::string::npos ? "" : text.substr(begin, text.rfind("\n\n") - begin);
  };
  BenchReport report = report_of({shape_of("a", 1, {10, 10, 10})});
  EXPECT_EQ(warnings(report), "");
  report.machine.optimised = false;
  report.machine.sanitizer = "address";
  report.machine.load = 1.5;
  report.complete = false;
  EXPECT_EQ(warnings(report),
            "! interrupted: this is of the rounds that were complete\n"
            "! built without optimisation: the figures say nothing of weir\n"
            "! built with the address sanitizer: the figures say nothing of weir\n"
            "! other programs were at work: load average 1.5 before it began");
}

TEST(BenchReport, LeavesOutWhatNoRoundWasDoneOf) {
  const BenchReport report = report_of({shape_of("a", 1, {}), shape_of("b", 1, {10})});
  EXPECT_EQ(Json::parse(bench_json(report))["rows"].size(), 1U);
  EXPECT_EQ(bench_text(report, false).find("a thing a"), std::string::npos);
  EXPECT_EQ(bench_csv(report),
            "group,subject,processors,pool,workers,rounds,operations,ns,ns_min,ns_max\n"
            "runtime,b,1,,,1,10000000,10,10,10\n");
}

TEST(BenchReport, HoldsTheFiguresAsJson) {
  const Json json = Json::parse(
      bench_json(report_of({shape_of("a", 0, {10, 20, 40}), jobs_of(2, {50}), jobs_of({}, {50})})));

  EXPECT_EQ(json["schema"], "weir-bench/1");
  EXPECT_EQ(json["machine"]["model"], "A Processor");
  EXPECT_TRUE(json["machine"]["sanitizer"].is_null());
  const Json& shape = json["rows"][0];
  EXPECT_TRUE(shape["processors"].is_null());
  EXPECT_EQ(shape["rounds"], 3);
  EXPECT_EQ(shape["operations"], 10'000'000);
  EXPECT_NEAR(shape["ns"]["median"], 20, 1e-9);
  EXPECT_NEAR(shape["ns"]["max"], 40, 1e-9);
  EXPECT_NEAR(shape["per_second"], 5e7, 1e-3);
  EXPECT_EQ(shape["doubtful"], true);
  EXPECT_EQ(json["rows"][1]["pool"], "pool");
  EXPECT_EQ(json["rows"][1]["workers"], 2);
  EXPECT_TRUE(json["rows"][2]["workers"].is_null());
}

}  // namespace
}  // namespace weir::report
