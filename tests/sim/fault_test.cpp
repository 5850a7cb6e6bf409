// What each kind of fault does, to the nanosecond: requests come one a second, take half a second,
// and faults strike in between.

#include "weir/sim/fault.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/experiment.h"

namespace weir::sim {
namespace {

struct Setting {
  std::string load = "arrival = 'const(1/s)'\nservice = 'const(500ms)'\ntimeout = '10s'\n";
  std::string horizon = "kind = 'terminating'\ntime = '9.9s'\n";  // sent at 0 s, 1 s, … 9 s
  std::string balancer = "policy = 'round_robin'\n";
  std::string workers = "name = 'w'\n";
};

ReplicationRecord run(const std::string& faults, const Setting& setting = {},
                      std::uint32_t number = 0) {
  const std::string toml = "weir = 1\n[horizon]\n" + setting.horizon + "[[load]]\nname = 'web'\n" +
                           setting.load + "[balancer]\n" + setting.balancer + "[[workers]]\n" +
                           setting.workers + faults;
  return run_replication(make_experiment(toml), number, Duration::zero());
}

ReplicationRecord run_one(const std::string& keys, const Setting& setting = {}) {
  return run("[[fault]]\n" + keys, setting);
}

const LoadCounts& counts(const ReplicationRecord& record) {
  return record.loads[0].counts;
}

Duration longest(const ReplicationRecord& record) {
  return Duration(record.loads[0].latencies.response.max());
}

// The sum of all responses.
double total_s(const ReplicationRecord& record) {
  const auto& response = record.loads[0].latencies.response;
  return response.mean() * static_cast<double>(response.count()) * 1e-9;
}

TEST(Fault, NoneLeavesAllRequestsAsTheyAre) {
  const auto record = run("");
  EXPECT_EQ(counts(record).offered, 10u);
  EXPECT_EQ(counts(record).completed, 10u);
  EXPECT_EQ(longest(record), 500ms);
}

// The worker's machine gives the same figures as the plain worker does.
TEST(Fault, OneThatNeverStrikesChangesNothing) {
  const Setting setting{.load = "arrival = 'poisson(50/s)'\nservice = 'exp(17ms)'\n"};
  const auto plain = run("", setting);
  const auto fault = run_one(
      "kind = 'slow'\nfactor = 2\nat = '9.8s'\nfor = '1ns'\n"
      "target = 'w[*]'\n",
      setting);
  EXPECT_GT(counts(plain).completed, 400u);
  EXPECT_EQ(counts(plain), counts(fault));
  EXPECT_NEAR(total_s(plain), total_s(fault), 1e-6);
}

// Sent at 3 s, halfway when the worker slows down: 250 ms of work take a second.
TEST(Fault, SlowAlsoSlowsWhatIsBeingServed) {
  const auto record = run_one("kind = 'slow'\nfactor = 4\nat = '3.25s'\nfor = '1.5s'\n");
  EXPECT_EQ(counts(record).completed, 10u);
  EXPECT_EQ(longest(record), 1250ms);
  // The one of 4 s waits until 4.25 s, has 125 ms done by 4.75 s, and ends at 5.125 s; the one of
  // 5 s ends at 5.625 s.
  EXPECT_DOUBLE_EQ(total_s(record), 7 * 0.5 + 1.25 + 1.125 + 0.625);
}

TEST(Fault, SlowFactorsMultiply) {
  const auto record =
      run("[[fault]]\nkind = 'slow'\nfactor = 2\nat = '2.9s'\nfor = '1s'\n"
          "[[fault]]\nkind = 'slow'\nfactor = 3\nat = '2.9s'\nfor = '0.5s'\n");
  // From 3 s to 3.4 s a sixth of 400 ms is done, then a half of 500 ms, then the rest.
  EXPECT_NEAR(to_seconds(longest(record)), 0.9 + (0.5 - 0.4 / 6 - 0.25), 2e-9);
}

TEST(Fault, FreezeStandsStillAndGoesOnWhereItWas) {
  const auto record = run_one("kind = 'freeze'\nat = '3.25s'\nfor = '1.5s'\n");
  EXPECT_EQ(counts(record).completed, 10u);
  EXPECT_EQ(longest(record), 2s);  // 250 ms, 1.5 s, 250 ms
  // 4 s waits until 5 s, 5 s until 5.5 s, then the line is empty again.
  EXPECT_DOUBLE_EQ(total_s(record), 7 * 0.5 + 2 + 1.5 + 1);
}

TEST(Fault, HangNeverAnswersWhatItBegins) {
  const auto record = run_one("kind = 'hang'\nat = '2.25s'\nfor = '1.5s'\n");
  EXPECT_EQ(counts(record).completed, 9u);  // 2 s was begun before
  EXPECT_EQ(counts(record).in_flight, 1u);  // 3 s: begun, lost, and nobody tells
  EXPECT_EQ(longest(record), 500ms);        // its slot is free at 3.75 s
}

TEST(Fault, HangHoldsItsSlotUntilItIsOver) {
  const auto record = run_one("kind = 'hang'\nat = '2.75s'\nfor = '2.5s'\n",
                              {.load = "arrival = 'const(1/s)'\nservice = 'const(500ms)'\n"
                                       "timeout = '1s'\n"});
  EXPECT_EQ(counts(record).timed_out, 2u);  // 3 s hangs, 4 s waits behind it in vain
  EXPECT_EQ(counts(record).completed, 8u);
  EXPECT_EQ(longest(record), 750ms);  // 5 s waits until 5.25 s
}

TEST(Fault, BlackHoleAnswersAtOnceWithErrors) {
  const auto record = run_one("kind = 'black_hole'\nat = '2.25s'\nfor = '2.5s'\ntakes = '2ms'\n");
  EXPECT_EQ(counts(record).failed, 2u);
  EXPECT_EQ(counts(record).completed, 8u);
  EXPECT_EQ(record.workers[0].failed, 2u);
  EXPECT_NEAR(record.workers[0].utilisation * 9.9, 8 * 0.5 + 2 * 0.002, 1e-9);
}

// Two workers: the black hole is idle whenever somebody looks, so least_loaded feeds it.
TEST(Fault, BlackHoleLooksIdle) {
  const Setting setting{.load = "arrival = 'const(10/s)'\nservice = 'const(500ms)'\n",
                        .balancer = "policy = 'least_loaded'\n",
                        .workers = "name = 'w'\ncount = 2\n"};
  const auto record = run_one("kind = 'black_hole'\nat = '0s'\ntarget = 'w[0]'\n", setting);
  // In every half second one request of five goes to the healthy worker, while both are idle by
  // the draw; all others meet an idle hole beside a busy worker.
  EXPECT_GT(counts(record).failed, 75u);
  EXPECT_EQ(counts(record).failed + counts(record).completed + counts(record).in_flight,
            counts(record).offered);
}

TEST(Fault, ErrorFailsAfterTheWholeService) {
  const auto record = run_one("kind = 'error'\nat = '2.75s'\nfor = '2s'\n");
  EXPECT_EQ(counts(record).failed, 2u);
  EXPECT_NEAR(record.workers[0].utilisation * 9.9, 10 * 0.5, 1e-9);
}

TEST(Fault, ErrorStrikesAShareOfTheRequests) {
  const Setting setting{.load = "arrival = 'const(1000/s)'\nservice = 'const(1us)'\n"};
  const auto record = run_one("kind = 'error'\nat = '0s'\nshare = '30%'\n", setting);
  const auto failed = static_cast<double>(counts(record).failed);
  EXPECT_NEAR(failed / 9900, 0.3, 4 * std::sqrt(0.3 * 0.7 / 9900));
}

TEST(Fault, LostReplyIsServedForNothing) {
  const auto record = run_one("kind = 'lost_reply'\nat = '2.75s'\nfor = '1s'\n",
                              {.load = "arrival = 'const(1/s)'\nservice = 'const(500ms)'\n"
                                       "timeout = '2s'\n"});
  EXPECT_EQ(counts(record).timed_out, 1u);
  EXPECT_EQ(counts(record).completed, 9u);
  EXPECT_EQ(record.workers[0].completed, 10u);
  EXPECT_EQ(longest(record), 500ms);  // the slot was free at once
}

TEST(Fault, LateReplyIsLateForTheCallerAlone) {
  const auto record =
      run_one("kind = 'late_reply'\ndelay = 'const(800ms)'\nat = '2.75s'\nfor = '1s'\n");
  EXPECT_EQ(counts(record).completed, 10u);
  EXPECT_EQ(longest(record), 1300ms);
  EXPECT_DOUBLE_EQ(total_s(record), 10 * 0.5 + 0.8);
}

// From a quarter of its speed to all of it in 2 s: 250 ms of work are done in the time t with
// t / 4 + (3 / 8) t² / 2 = 0.25.
TEST(Fault, ColdStartRecoversEvenly) {
  const auto record = run_one("kind = 'cold_start'\nfactor = 4\nat = '3.25s'\nfor = '2s'\n");
  const double t = (-0.25 + std::sqrt(0.0625 + 0.375 * 0.5)) / 0.375;
  const auto& response = record.loads[0].latencies.response;
  EXPECT_EQ(response.count(), 10u);
  EXPECT_NEAR(to_seconds(longest(record)), 0.25 + t, 2e-9);
}

TEST(Fault, CrashFailsWhatIsServedAtOnce) {
  const auto record = run_one("kind = 'crash'\nat = '3.25s'\nfor = '1.5s'\n");
  EXPECT_EQ(counts(record).failed, 1u);
  EXPECT_EQ(counts(record).rejected, 1u);  // 4 s: nobody is up
  EXPECT_EQ(counts(record).completed, 8u);
}

TEST(Fault, CrashPlacesWhatWaitsAnew) {
  const Setting setting{.load = "arrival = 'const(4/s)'\nservice = 'const(500ms)'\n",
                        .workers = "name = 'w'\ncount = 2\n"};
  const auto record = run_one("kind = 'crash'\nat = '3.1s'\ntarget = 'w[0]'\nfor = '50s'\n",
                              {.load = setting.load,
                               .horizon = "kind = 'terminating'\ntime = '3.7s'\n",
                               .workers = setting.workers});
  // Sent every quarter of a second, served by turns, two at a time without waiting.
  EXPECT_EQ(counts(record).failed, 1u);
  EXPECT_EQ(counts(record).rejected, 0u);
}

TEST(Fault, CrashThatIsNotNoticedRefusesAtOnce) {
  const auto record = run_one("kind = 'crash'\nat = '3.25s'\nfor = '3s'\ndetect = '1.5s'\n");
  // 3 s is lost, 4 s refused, 5 s and 6 s find nobody, and so does 7 s, though the worker is up
  // since 6.25 s: the balancer notices at 7.75 s.
  EXPECT_EQ(counts(record).failed, 2u);
  EXPECT_EQ(counts(record).rejected, 3u);
  EXPECT_EQ(counts(record).completed, 5u);
}

TEST(Fault, CrashThatIsOverBeforeItIsNoticedIsNoNews) {
  const auto record = run_one("kind = 'crash'\nat = '3.25s'\nfor = '1s'\ndetect = '1.5s'\n");
  EXPECT_EQ(counts(record).failed, 2u);
  EXPECT_EQ(counts(record).rejected, 0u);
}

TEST(Fault, CrashWithLostRepliesTellsNobody) {
  const std::string load = "arrival = 'const(1/s)'\nservice = 'const(500ms)'\ntimeout = '700ms'\n";
  const auto record =
      run_one("kind = 'crash'\nreplies = 'lost'\ndetect = '1.5s'\nat = '3.25s'\nfor = '3s'\n",
              {.load = load});
  EXPECT_EQ(counts(record).timed_out, 2u);  // 3 s and 4 s; then it is known
  EXPECT_EQ(counts(record).rejected, 3u);
  EXPECT_EQ(counts(record).completed, 5u);
}

// The slot is taken until the caller leaves, at 3.7 s, so the next one does not wait for it.
TEST(Fault, CrashWithLostRepliesHoldsTheSlotUntilTheCallerLeaves) {
  const std::string load = "arrival = 'const(1/s)'\nservice = 'const(500ms)'\ntimeout = '2.5s'\n";
  const auto record =
      run_one("kind = 'crash'\nreplies = 'lost'\ndetect = '1h'\nat = '3.25s'\nfor = '0.5s'\n",
              {.load = load});
  EXPECT_EQ(counts(record).timed_out, 1u);
  EXPECT_EQ(counts(record).completed, 9u);
  EXPECT_EQ(longest(record), 500ms);  // up at 3.75 s: the slot is free then
}

TEST(Fault, CrashMayBeFollowedByAColdStart) {
  const auto record = run_one(
      "kind = 'crash'\nat = '3.6s'\nfor = '100ms'\n"
      "cold = { factor = 1000000, for = '3s' }\n");
  // Up at 3.7 s, recovering until 6.7 s. 4 s: the speed is t / 3 s, so 0.5 s of work are done when
  // t² - 0.3² = 3, t from 3.7 s on.
  EXPECT_EQ(counts(record).completed, 10u);
  const auto& response = record.loads[0].latencies.response;
  EXPECT_GT(response.max(), 0);
  const double first = 3.7 + std::sqrt(3 + 0.09) - 4;
  const double second = 3.7 + std::sqrt(6 + 0.09) - 5;
  const double third = 3.7 + std::sqrt(9 + 0.09) - 6;
  EXPECT_NEAR(to_seconds(longest(record)), first, 1e-5);
  // 6 s ends a little after the recovery; what is left then goes at full speed.
  EXPECT_GT(first, second);
  EXPECT_GT(second, third);
}

TEST(Fault, DrainSendsNothingNew) {
  const auto record = run_one("kind = 'drain'\nat = '3.25s'\nfor = '2s'\n");
  EXPECT_EQ(counts(record).completed, 8u);  // 3 s is served to the end
  EXPECT_EQ(counts(record).rejected, 2u);
  EXPECT_EQ(counts(record).failed, 0u);
}

TEST(Fault, RestartWaitsForWhatIsBeingServed) {
  const auto record = run_one("kind = 'restart'\nat = '3.25s'\nfor = '1s'\n");
  EXPECT_EQ(counts(record).completed, 9u);
  EXPECT_EQ(counts(record).rejected, 1u);  // 4 s; down from 3.5 s to 4.5 s
  EXPECT_EQ(counts(record).failed, 0u);
}

TEST(Fault, RestartLosesWhatIsThereAfterTheGrace) {
  const auto record = run_one("kind = 'restart'\nat = '3.1s'\nfor = '1s'\ngrace = '200ms'\n");
  EXPECT_EQ(counts(record).failed, 1u);    // 3 s, at 3.3 s
  EXPECT_EQ(counts(record).rejected, 1u);  // 4 s; down until 4.3 s
  EXPECT_EQ(counts(record).completed, 8u);
}

// Three workers, one after the other: with room to spare nobody loses anything.
TEST(Fault, RestartInBatchesKeepsTheServiceUp) {
  const Setting setting{.load = "arrival = 'const(2/s)'\nservice = 'const(500ms)'\n",
                        .balancer = "policy = 'least_loaded'\n",
                        .workers = "name = 'w'\ncount = 3\n"};
  const auto rolling = run_one("kind = 'restart'\nat = '2.1s'\nfor = '1s'\nbatch = 1\n", setting);
  EXPECT_EQ(counts(rolling).completed + counts(rolling).in_flight, counts(rolling).offered);
  const auto all = run_one("kind = 'restart'\nat = '2.1s'\nfor = '1s'\n", setting);
  EXPECT_GE(counts(all).rejected, 2u);
}

TEST(Fault, ScaleChangesTheSlots) {
  const Setting setting{.load = "arrival = 'const(4/s)'\nservice = 'const(1s)'\n",
                        .horizon = "kind = 'terminating'\ntime = '2.1s'\n",
                        .workers = "name = 'w'\nconcurrency = 4\n"};
  const auto full = run("", setting);
  EXPECT_EQ(counts(full).completed, 5u);  // sent until 1 s
  const auto half = run_one("kind = 'scale'\nconcurrency = 2\nat = '0s'\n", setting);
  EXPECT_EQ(counts(half).completed, 3u);  // of 0 s, 0.25 s and 0.5 s; the next one ends at 2.25 s
  const auto more = run_one("kind = 'scale'\nconcurrency = 8\nat = '0s'\n",
                            {.load = setting.load,
                             .horizon = setting.horizon,
                             .workers = "name = 'w'\nconcurrency = 1\n"});
  EXPECT_EQ(counts(more).completed, 5u);
}

// Two clients keep one slot busy for 5 s, then two of three.
TEST(Fault, ScaleMakesUtilisationAShareOfTheSlotsThatAreThere) {
  for (const std::string balancer : {"", "count = 2\n"}) {
    const Setting setting{
        .load = "model = 'closed'\nclients = 2\nthink = 'const(0s)'\nservice = 'const(1s)'\n",
        .horizon = "kind = 'terminating'\ntime = '10s'\n",
        .balancer = balancer,
        .workers = "name = 'w'\n"};
    const auto record = run_one("kind = 'scale'\nconcurrency = 3\nat = '5s'\n", setting);
    EXPECT_DOUBLE_EQ(record.workers[0].utilisation, (5.0 + 10) / (5 + 15)) << balancer;
  }
}

TEST(Fault, ScaleInDrainsTheLastWorkers) {
  const Setting setting{.workers = "name = 'w'\ncount = 3\n"};
  const auto record = run_one("kind = 'scale'\ncount = 1\nat = '3.25s'\nfor = '3s'\n", setting);
  EXPECT_EQ(counts(record).completed, 10u);
  // By turns until 3 s; 4 s, 5 s and 6 s go to the only one; 7 s, 8 s and 9 s by turns again.
  EXPECT_EQ(record.workers[0].completed, 6u);
  EXPECT_EQ(record.workers[1].completed, 2u);
  EXPECT_EQ(record.workers[2].completed, 2u);
}

TEST(Fault, ComesAgainWithEvery) {
  const auto record = run_one("kind = 'error'\nat = '0.9s'\nfor = '1s'\nevery = '3s'\n");
  EXPECT_EQ(counts(record).failed, 3u);  // 1 s, 4 s, 7 s
}

TEST(Fault, WithoutAnEndLastsToTheEnd) {
  const auto record = run_one("kind = 'error'\nat = '4.9s'\n");
  EXPECT_EQ(counts(record).failed, 5u);
}

TEST(Fault, StrikesTheTargetAlone) {
  const Setting setting{.workers = "name = 'a'\n[[workers]]\nname = 'b'\ncount = 2\n"};
  const auto one = run_one("kind = 'error'\nat = '0s'\ntarget = 'b[1]'\n", setting);
  EXPECT_EQ(one.workers[0].failed, 0u);
  EXPECT_EQ(one.workers[1].failed, 0u);
  EXPECT_EQ(one.workers[2].failed, 3u);
  const auto group = run_one("kind = 'error'\nat = '0s'\ntarget = 'b'\n", setting);
  EXPECT_EQ(group.workers[0].failed, 0u);
  EXPECT_EQ(group.workers[1].failed, 3u);
  EXPECT_EQ(group.workers[2].failed, 3u);
}

std::vector<bool> struck(std::uint32_t replication, const std::string& policy) {
  const Setting setting{.load = "arrival = 'const(100/s)'\nservice = 'const(1ms)'\n",
                        .balancer = "policy = '" + policy + "'\n",
                        .workers = "name = 'w'\ncount = 10\n"};
  const auto record =
      run("[[fault]]\nkind = 'error'\nat = '0s'\nfraction = '25%'\n", setting, replication);
  std::vector<bool> failed;
  for (const WorkerFigures& worker : record.workers) failed.push_back(worker.failed > 0);
  return failed;
}

TEST(Fault, StrikesAFractionDrawnBySeed) {
  const auto first = struck(0, "round_robin");
  EXPECT_EQ(std::ranges::count(first, true), 3);  // a quarter of ten, rounded up
  EXPECT_EQ(struck(0, "random"), first) << "policies meet the same failures";
  bool differs = false;
  for (std::uint32_t i = 1; i < 5; ++i) differs |= struck(i, "round_robin") != first;
  EXPECT_TRUE(differs);
}

TEST(Fault, UptimeAndDowntimeOfWorkersCrashThem) {
  const auto record =
      run("", {.workers = "name = 'w'\nuptime = 'const(3.25s)'\ndowntime = 'const(1.5s)'\n"});
  // Down from 3.25 s to 4.75 s and from 8 s to 9.5 s, when the one of 8 s has just come or not yet.
  EXPECT_EQ(counts(record).failed + counts(record).rejected, 4u);
  EXPECT_EQ(counts(record).completed, 6u);
}

TEST(Fault, AnyKindMayComeAndGoAtRandom) {
  const auto record =
      run_one("kind = 'freeze'\nuptime = 'const(3.25s)'\ndowntime = 'const(10s)'\n");
  EXPECT_EQ(counts(record).completed, 3u);
  EXPECT_EQ(counts(record).in_flight, 7u);
}

// What fails when is the same for all: crashes are drawn by worker, errors by request.
TEST(Fault, PoliciesMeetTheSameRandomFailures) {
  const auto with = [](const std::string& policy) {
    const Setting setting{.load = "arrival = 'const(20/s)'\nservice = 'const(1ms)'\n",
                          .balancer = "policy = '" + policy + "'\n",
                          .workers = "name = 'w'\nuptime = 'exp(1s)'\ndowntime = 'exp(1s)'\n"};
    return counts(run("", setting));
  };
  const LoadCounts counts = with("random");
  EXPECT_GT(counts.completed, 10u);
  EXPECT_GT(counts.rejected, 10u);
  EXPECT_EQ(with("least_loaded"), counts);
  EXPECT_EQ(with("central_queue"), counts);
}

TEST(Fault, OverlappingCrashesEndWithTheLast) {
  const auto record =
      run("[[fault]]\nkind = 'crash'\nat = '2.75s'\nfor = '2s'\n"
          "[[fault]]\nkind = 'crash'\nat = '3.75s'\nfor = '2s'\n");
  EXPECT_EQ(counts(record).rejected, 3u);  // 3 s, 4 s, 5 s
  EXPECT_EQ(counts(record).completed, 7u);
}

TEST(Fault, ARunThatCountsRequestsEndsWithThem) {
  const auto record = run_one("kind = 'hang'\nat = '2.5s'\nfor = '2s'\nevery = '5s'\n",
                              {.horizon = "requests = 20\nwarmup = 'none'\n"});
  EXPECT_EQ(counts(record).offered, 20u);
  EXPECT_EQ(counts(record).in_flight, 0u);
  EXPECT_GT(counts(record).timed_out, 0u);
}

// Whatever is on when the run ends is over with it.
// Requests of 3, 4, 5 and 6 s are dealt out to three: the second gets two, the last until 6.5 s.
TEST(Fault, ScaleBringsWorkersThatWereNotThere) {
  const auto record = run_one("kind = 'scale'\ncount = 3\nat = '2.9s'\nfor = '3.3s'\n");
  ASSERT_EQ(record.workers.size(), 3u);
  EXPECT_EQ(counts(record).completed, 10u);
  EXPECT_EQ(record.workers[1].completed, 2u);
  EXPECT_EQ(record.workers[2].completed, 1u);
  EXPECT_EQ(record.workers[0].present, 1);
  EXPECT_DOUBLE_EQ(record.workers[1].present, 3.6 / 9.9);
  EXPECT_DOUBLE_EQ(record.workers[2].present, 3.3 / 9.9);
  EXPECT_DOUBLE_EQ(record.workers[0].utilisation, 7 * 0.5 / 9.9);
  EXPECT_DOUBLE_EQ(record.workers[1].utilisation, 2 * 0.5 / 3.6);
  EXPECT_DOUBLE_EQ(record.workers[2].utilisation, 0.5 / 3.3);
}

TEST(Fault, WhoIsSentAwayIsThereUntilItHasFinished) {
  const Setting slow{.load = "arrival = 'const(1/s)'\nservice = 'const(2s)'\n",
                     .balancer = "policy = 'least_loaded'\n"};
  const auto record = run_one("kind = 'scale'\ncount = 2\nat = '0.5s'\nfor = '1s'\n", slow);
  EXPECT_EQ(record.workers[1].completed, 1u);  // of the request of 1 s, until 3 s
  EXPECT_DOUBLE_EQ(record.workers[1].present, 2.5 / 9.9);
  EXPECT_DOUBLE_EQ(record.workers[1].utilisation, 2 / 2.5);
}

TEST(Fault, WhoComesMayStartCold) {
  const Setting crowd{.load = "arrival = 'const(1/s)'\nservice = 'const(100ms)'\n"};
  const std::string more = "kind = 'scale'\ncount = 2\nat = '2.5s'\n";
  EXPECT_EQ(longest(run_one(more, crowd)), 100ms);
  const auto cold = run_one(more + "cold = { factor = 5, for = '1000s' }\n", crowd);
  EXPECT_GT(longest(cold), 490ms);
  EXPECT_LE(longest(cold), 500ms);
  EXPECT_DOUBLE_EQ(cold.workers[0].utilisation,
                   0.1 * static_cast<double>(cold.workers[0].completed) / 9.9);
}

TEST(Fault, ScaleGivesEveryGroupThatManyWorkers) {
  const Setting groups{.workers = "name = 'w'\ncount = 3\n[[workers]]\nname = 'v'\n"};
  const auto record = run_one("kind = 'scale'\ncount = 2\nat = '0s'\n", groups);
  ASSERT_EQ(record.workers.size(), 5u);
  EXPECT_EQ(record.workers[2].completed, 0u);  // the third of the first group is sent away
  EXPECT_GT(record.workers[4].completed, 0u);  // the second of the second comes
}

// No balancer knows of a caller whose reply is lost, so a shutdown waits for him in vain.
TEST(Fault, LostRepliesAreGivenUpWhenAShutdownIsOver) {
  const Setting patient{.load = "arrival = 'const(1/s)'\nservice = 'const(500ms)'\n"};
  const auto record =
      run("[[fault]]\nkind = 'lost_reply'\nat = '5.2s'\n[shutdown]\ndrain = '2s'\n", patient);
  EXPECT_EQ(counts(record).completed, 5u);
  EXPECT_EQ(counts(record).cancelled, 5u);
}

TEST(Fault, DoesNotOutlastTheRun) {
  for (const std::string kind :
       {"kind = 'freeze'\n", "kind = 'hang'\n", "kind = 'crash'\nreplies = 'lost'\ndetect = '1h'\n",
        "kind = 'lost_reply'\n", "kind = 'late_reply'\ndelay = 'const(1h)'\n"}) {
    SCOPED_TRACE(kind);
    const auto record = run_one(kind + "at = '4.25s'\n");
    EXPECT_EQ(counts(record).offered, 10u);
    EXPECT_GE(counts(record).in_flight, 5u);
    EXPECT_EQ(counts(record).completed + counts(record).in_flight, 10u);
  }
}

TEST(ProcessorSharing, ServesAllAtOnceEachMoreSlowly) {
  const Setting setting{.load = "arrival = 'const(4/s)'\nservice = 'const(500ms)'\n",
                        .horizon = "kind = 'terminating'\ntime = '1.1s'\n",
                        .workers = "name = 'w'\nserve = 'ps'\n"};
  // The first is alone until 0.25 s, shares with one until 0.5 s and with two until 0.75 s: by then
  // 1/4 + 1/8 + 1/12 s are done. The rest, 1/24 s, takes four times as long among four.
  const auto record = run("", setting);
  EXPECT_EQ(counts(record).completed, 1u);
  EXPECT_EQ(longest(record), 916666667ns);
}

TEST(ProcessorSharing, HasAsManyCoresAsItIsGiven) {
  const Setting setting{.load = "arrival = 'const(4/s)'\nservice = 'const(500ms)'\n",
                        .workers = "name = 'w'\nserve = 'ps'\ncores = 2\n"};
  const auto record = run("", setting);
  EXPECT_EQ(longest(record), 500ms);
  EXPECT_GT(record.workers[0].utilisation, 0.9);
  EXPECT_LE(record.workers[0].utilisation, 1);
}

TEST(ProcessorSharing, AdmitsNoMoreThanItsConcurrency) {
  const Setting setting{.load = "arrival = 'const(10/s)'\nservice = 'const(1s)'\n",
                        .balancer = "policy = 'round_robin'\nqueue = { limit = 0 }\n",
                        .workers = "name = 'w'\nserve = 'ps'\nconcurrency = 2\n"};
  const auto record = run("", setting);
  EXPECT_LE(record.workers[0].mean_in_flight, 2);
  EXPECT_GT(counts(record).rejected, 50u);
}

}  // namespace
}  // namespace weir::sim
