// Sentences beside the figures: each names its figures, and only grave ones invalidate a run.

#include <gtest/gtest.h>

#include "tests/support/small_run.h"
#include "weir/sim/summary.h"

namespace weir::sim {
namespace {

using test::small_run;
using test::small_scenario;
using test::SmallReplication;

std::vector<std::string> sentences(const std::vector<Note>& notes) {
  std::vector<std::string> result;
  for (const Note& note : notes) result.push_back(note.sentence);
  return result;
}

using Sentences = std::vector<std::string>;

// Rob Pike's numbers: think 10 s, work 5 s, ten workers.
Scenario classic(std::uint32_t clients) {
  Scenario scenario{.name = "classic"};
  Load load{.name = "requesters", .model = Load::Model::closed, .clients = clients};
  load.think = *Distribution::parse("uniform(0s, 20s)", Quantity::duration);
  load.service = *Distribution::parse("uniform(0s, 10s)", Quantity::duration);
  scenario.loads.push_back(load);
  scenario.workers.push_back({.name = "pool", .count = 10});
  return scenario;
}

RunSummary with_throughput(const Scenario& scenario, double per_second) {
  RunSummary summary = summarise(RunRecord::of(scenario));
  summary.replications = 2;
  summary.window_s = 100;
  summary.loads[0].throughput_per_s = Figure{per_second};
  return summary;
}

TEST(Notes, AQuietRunHasNone) {
  const Scenario scenario = small_scenario();

  EXPECT_EQ(notes(scenario, summarise(small_run(scenario, {{}, {}}))), std::vector<Note>{});
}

TEST(Notes, TellHowManyClientsWouldKeepAllWorkersBusy) {
  const Scenario scenario = classic(100);

  EXPECT_EQ(sentences(notes(scenario, with_throughput(scenario, 1.9996))),
            Sentences{"saturated: 100 clients, but 30 keep all 10 workers busy; throughput is at "
                      "its bound of 2.000/s"});
}

TEST(Notes, TellWhenSaturatedClientsDoNotReachTheBound) {
  const Scenario scenario = classic(100);

  EXPECT_EQ(sentences(notes(scenario, with_throughput(scenario, 1.9))),
            Sentences{"saturated: 100 clients, but 30 keep all 10 workers busy; throughput is "
                      "1.900/s of at most 2.000/s"});
}

TEST(Notes, TheKneeOfAClosedLoopIsExact) {
  EXPECT_EQ(notes(classic(29), with_throughput(classic(29), 1.8)).size(), 0U);
  EXPECT_EQ(notes(classic(30), with_throughput(classic(30), 1.8)).size(), 1U);
}

TEST(Notes, SlowWorkersLowerTheKneeOfAClosedLoop) {
  Scenario scenario = classic(20);
  scenario.workers[0].speed = 0.5;  // 1/s at most: 10 clients think, 10 are served

  EXPECT_EQ(notes(scenario, with_throughput(scenario, 1)).size(), 1U);
  scenario.loads[0].clients = 19;
  EXPECT_EQ(notes(scenario, with_throughput(scenario, 1)).size(), 0U);
}

TEST(Notes, TellThatMoreIsOfferedThanCanBeServed) {
  Scenario scenario = small_scenario();
  scenario.loads[0].service = *Distribution::parse("const(250ms)", Quantity::duration);

  // 100 requests in ten seconds, two workers of four a second each.
  EXPECT_EQ(sentences(notes(scenario, summarise(small_run(scenario, {{}, {}})))),
            Sentences{"saturated: 10.00/s are offered, but the 2 workers can serve 8.000/s at "
                      "most"});
}

TEST(Notes, AddUpTheWorkOfSeveralLoads) {
  Scenario scenario = small_scenario();
  Load other = scenario.loads[0];
  other.name = "batch";
  scenario.loads[0].service = *Distribution::parse("const(150ms)", Quantity::duration);
  other.service = *Distribution::parse("const(75ms)", Quantity::duration);
  scenario.loads.push_back(other);
  RunSummary summary = summarise(RunRecord::of(scenario));
  summary.replications = 2;
  summary.window_s = 10;
  for (LoadSummary& load : summary.loads) load.counts.offered = 200;

  EXPECT_EQ(sentences(notes(scenario, summary)),
            Sentences{"saturated: 2.250 s of work come each second, but the 2 workers can do "
                      "2.000 s at most"});
}

TEST(Notes, BusyWorkersAreSaturatedWhateverTheScenarioSays) {
  const Scenario scenario = small_scenario();
  const RunSummary summary =
      summarise(small_run(scenario, {{.utilisation = 0.99}, {.utilisation = 0.99}}));

  EXPECT_EQ(sentences(notes(scenario, summary)),
            Sentences{"saturated: the workers are busy 99.0 % of the time"});
}

TEST(Notes, SaturationAloneInvalidatesNothing) {
  const Scenario scenario = classic(100);
  RunSummary summary = with_throughput(scenario, 2);
  summary.warmup_uncertain = true;

  summary.notes = notes(scenario, summary);

  EXPECT_EQ(summary.notes.size(), 2U);
  EXPECT_TRUE(summary.valid());
}

TEST(Notes, ARunThatNeverSettledIsInvalid) {
  const Scenario scenario = small_scenario();
  RunRecord record = small_run(scenario, {{}, {}});
  record.warmup_uncertain = true;

  const RunSummary summary = summarise(record, scenario);

  EXPECT_FALSE(summary.valid());
  EXPECT_EQ(summary.notes.at(0).sentence.substr(0, 14), "run too short:");
}

TEST(Notes, AnInterruptedRunSaysHowFarItCame) {
  Scenario scenario = small_scenario();
  scenario.horizon.replications = 10;
  RunRecord record = small_run(scenario, {{}, {}});
  record.interrupted = true;

  const RunSummary summary = summarise(record, scenario);

  EXPECT_EQ(sentences(summary.notes), Sentences{"interrupted: 2 of 10 replications"});
  EXPECT_TRUE(summary.valid());
}

TEST(Notes, NothingMoreIsSaidOfARunWithoutReplications) {
  const Scenario scenario = small_scenario();
  RunRecord record = RunRecord::of(scenario);
  record.interrupted = true;

  EXPECT_EQ(sentences(summarise(record, scenario).notes),
            Sentences{"interrupted: 0 of 2 replications"});
}

RealFigures real_figures(double behind_s, double lag_s = 0) {
  RealFigures figures;
  figures.behind.record(from_seconds(behind_s).count());
  figures.timer_lag.record(from_seconds(lag_s).count());
  return figures;
}

std::vector<Note> notes_of(const Scenario& scenario, const RealFigures& figures) {
  RunRecord record = small_run(scenario, {{}, {}});  // responses of 20 ms
  record.real = figures;
  return summarise(record, scenario).notes;
}

TEST(Notes, AGeneratorThatFallsBehindInvalidates) {
  const Scenario scenario = small_scenario();
  const auto notes_when_late = [&](double seconds) {
    return notes_of(scenario, real_figures(seconds));
  };

  EXPECT_EQ(notes_when_late(0.0009).size(), 0U);
  ASSERT_EQ(notes_when_late(0.004).size(), 1U);
  EXPECT_FALSE(notes_when_late(0.004)[0].invalidates);
  EXPECT_EQ(notes_when_late(0.004)[0].sentence,
            "requests were sent up to 4ms late (99th percentile)");
  EXPECT_TRUE(notes_when_late(0.006)[0].invalidates);
  EXPECT_EQ(notes_when_late(0.006)[0].sentence,
            "generator behind: requests were sent up to 6ms late (99th percentile), so this "
            "machine cannot carry the load; lower the rate or give it more processors");
}

TEST(Notes, AGeneratorBesideComputingWorkersCouldLetThemWait) {
  Scenario scenario = small_scenario();
  scenario.workers[0].work = Workers::Work::cpu;
  const std::vector<Note> notes = notes_of(scenario, real_figures(0.006));

  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(
      notes[0].sentence.ends_with("or let workers wait instead of compute (work = \"wait\")"));
}

TEST(Notes, AScheduleThatWasGivenUpInvalidates) {
  RealFigures figures;
  figures.given_up_after_s = 1.5;
  const std::vector<Note> notes = notes_of(small_scenario(), figures);

  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(notes[0].invalidates);
  EXPECT_TRUE(notes[0].sentence.starts_with(
      "generator behind: at the end requests were 1.5s late, and not sent"));
}

TEST(Notes, ALateGeneratorIsJudgedByTheFloorIfNothingWasCompleted) {
  const Scenario scenario = small_scenario();
  RunRecord record = small_run(scenario, {{.completed = 0}, {.completed = 0}});
  record.real = real_figures(0.006);
  EXPECT_FALSE(summarise(record, scenario).valid());
  record.real = real_figures(0.004);
  EXPECT_TRUE(summarise(record, scenario).valid());
}

TEST(Notes, LateTimersInvalidateWhereWorkersWait) {
  Scenario scenario = small_scenario();
  EXPECT_EQ(notes_of(scenario, real_figures(0, 0.004)).size(), 0U);
  const std::vector<Note> notes = notes_of(scenario, real_figures(0, 0.006));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(notes[0].invalidates);
  EXPECT_EQ(notes[0].sentence,
            "timers fired up to 6ms late (99th percentile), and every service took that much "
            "longer; give it more processors, or longer services");
  scenario.workers[0].work = Workers::Work::cpu;
  EXPECT_EQ(notes_of(scenario, real_figures(0, 0.006)).size(), 0U);
}

TEST(Notes, ComputingWorkersThatShareProcessorsAreTold) {
  Scenario scenario = small_scenario();
  scenario.workers[0].work = Workers::Work::cpu;
  RealFigures figures;
  figures.work_s = figures.work_processor_s = 10;
  figures.work_clock_s = 10.9;
  EXPECT_EQ(notes_of(scenario, figures).size(), 0U);
  figures.work_clock_s = 25;
  EXPECT_EQ(sentences(notes_of(scenario, figures)),
            Sentences{"computing workers did not have the processors to themselves: work took 2.50 "
                      "times as long by the clock as it took of processors"});
}

TEST(Notes, BatchesThatAreAlikeAreTold) {
  const Scenario scenario = small_scenario();
  RunSummary summary = summarise(small_run(scenario, {{}}));
  summary.batches = BatchSummary{.count = 16, .length_s = 0.5, .correlation = 0.4};
  EXPECT_EQ(notes(scenario, summary).size(), 0U);
  summary.batches->correlation = 0.42;  // beyond 1.645 / √16
  const std::vector<Note> told = notes(scenario, summary);
  EXPECT_EQ(sentences(told),
            Sentences{"run too short for its intervals: neighbouring batches of 500ms are alike "
                      "(correlation 0.42), so ± is too narrow; lengthen horizon.time"});
  EXPECT_FALSE(told[0].invalidates);
}

TEST(Notes, APartOfARealRunSaysHowFarItCame) {
  Scenario scenario = small_scenario();
  scenario.horizon.replications = 1;
  RunRecord record = small_run(scenario, {{}});  // of 12 s in all
  record.real = real_figures(0);
  record.interrupted = true;
  EXPECT_EQ(summarise(record, scenario).notes[0].sentence, "interrupted after 12s of 10s");
}

TEST(Notes, OneReplicationHasNoIntervals) {
  const Scenario scenario = small_scenario();

  ASSERT_EQ(notes(scenario, summarise(small_run(scenario, {{}}))).size(), 1U);
}

TEST(Notes, ManyRequestsWithoutAnOutcomeAreTold) {
  const Scenario scenario = small_scenario();
  RunSummary summary = summarise(small_run(scenario, {{}, {}}));
  summary.loads[0].counts.in_flight = 2;

  EXPECT_EQ(notes(scenario, summary).size(), 0U);
  summary.loads[0].counts.in_flight = 5;
  EXPECT_EQ(sentences(notes(scenario, summary)),
            Sentences{"2.5 % of the requests of web had no outcome yet at the end"});
}

}  // namespace
}  // namespace weir::sim
