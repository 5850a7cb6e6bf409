#include "weir/sim/replay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/experiment.h"
#include "tests/support/folder.h"
#include "weir/runtime/run.h"
#include "weir/sim/log_arrivals.h"
#include "weir/sim/request_log.h"
#include "weir/sim/simulation.h"

namespace weir::sim {
namespace {

constexpr std::int64_t second = 1'000'000'000;

ReadLog read(const std::string& text) {
  LogReader reader({});
  EXPECT_TRUE(reader.feed(text));
  auto log = reader.finish();
  EXPECT_TRUE(log) << log.error();
  return log ? *std::move(log) : ReadLog();
}

std::vector<std::int64_t> walk(const ArrivalProcess& process, std::uint32_t replication = 0) {
  Arrivals arrivals(process, Random(RandomKey{7, replication}, "arrival", 0));
  std::vector<std::int64_t> times;
  for (auto at = arrivals.next(); at != Duration::max(); at = arrivals.next()) {
    times.push_back(at.count());
  }
  return times;
}

TEST(Replay, KeepsTimesToTheNanosecond) {
  const ReplayedLog replay =
      make_replay(read("time\n100.000000001\n100.999999999\n1000100.123456789\n"), 1, "log.csv");

  EXPECT_EQ(walk(replay.arrival),
            (std::vector<std::int64_t>{0, 999'999'998, 1'000'000'123'456'788}));
  EXPECT_EQ(replay.requests, 3u);
  EXPECT_EQ(replay.arrival.text(), "log(\"log.csv\")");
  EXPECT_FALSE(replay.service || replay.size);
}

TEST(Replay, GoesFasterByAFactor) {
  const ReplayedLog replay = make_replay(read("time\n0.0\n1.0\n4.0\n"), 2, "log.csv");

  EXPECT_EQ(walk(replay.arrival), (std::vector<std::int64_t>{0, second / 2, 2 * second}));
  EXPECT_EQ(replay.arrival.text(), "log(\"log.csv\", speed=2)");
  EXPECT_EQ(replay.arrival.mean_rate(), 1);
}

TEST(Replay, SpreadsRequestsOfASecondOverIt) {
  std::string text = "time\n";
  for (int i = 0; i < 300; ++i) text += std::to_string(50 + i / 100 * 2) + '\n';
  const ReplayedLog replay = make_replay(read(text), 1, "x");
  const auto times = walk(replay.arrival);

  ASSERT_EQ(times.size(), 300u);
  EXPECT_TRUE(std::ranges::is_sorted(times));
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t begin = static_cast<std::int64_t>(i / 100 * 2) * second;
    EXPECT_LE(begin, times[i]);
    EXPECT_LE(times[i], begin + second);
    sum += times[i] - begin;
  }
  EXPECT_NEAR(static_cast<double>(sum) / 300e9, 0.5, 0.06);  // 3.6 standard errors
  EXPECT_EQ(walk(replay.arrival), times);
  EXPECT_NE(walk(replay.arrival, 1), times);
  EXPECT_EQ(replay.arrival.mean_rate(), 60);
  EXPECT_EQ(replay.arrival.expected_count(Duration(2 * second)), 100);
  EXPECT_EQ(replay.arrival.expected_count(Duration(5 * second / 2)), 150);
}

TEST(Replay, NeverTurnsTimeBack) {
  std::string text = "time\n";
  for (int i = 0; i < 3000; ++i) text += std::to_string(1'000'000'000 + i / 3) + '\n';
  const auto times = walk(make_replay(read(text), 3e5, "x").arrival);
  EXPECT_TRUE(std::ranges::is_sorted(times));
}

TEST(Replay, GivesEachRequestItsOwnDemandAndBytes) {
  const ReplayedLog replay =
      make_replay(read("time,duration,bytes\n3,0.03,30\n1,0.01,10\n2,,\n"), 1, "x");
  Random unused(RandomKey{}, "test");

  ASSERT_TRUE(replay.service && replay.size);
  EXPECT_EQ(replay.service->sample_for(0, unused), 0.01);
  EXPECT_EQ(replay.service->sample_for(2, unused), 0.03);
  EXPECT_EQ(replay.size->sample_for(0, unused), 10);
  EXPECT_EQ(replay.size->sample_for(1, unused), 0);
  EXPECT_EQ(replay.size->sample_for(2, unused), 30);
  EXPECT_EQ(replay.filled, 1u);
  const double given = replay.service->sample_for(1, unused);
  EXPECT_TRUE(given == 0.01 || given == 0.03) << given;
  EXPECT_EQ(replay.service->text(), "log(\"x\", durations)");
}

TEST(Replay, DrawsFromTheLogWhereNoRequestAsks) {
  const ReplayedLog replay = make_replay(read("time,duration\n1,1\n2,3\n"), 1, "x");

  EXPECT_EQ(replay.service->mean(), 2);
  EXPECT_EQ(replay.service->scv(), 0.25);
  Random random(RandomKey{}, "test");
  for (int i = 0; i < 20; ++i) {
    const double drawn = replay.service->sample(random);
    EXPECT_TRUE(drawn == 1 || drawn == 3) << drawn;
  }
}

TEST(Replay, TakesSoManyWorkersThatSevenOfTenAreBusy) {
  EXPECT_EQ(enough_workers(0), 1u);
  EXPECT_EQ(enough_workers(0.7), 1u);
  EXPECT_EQ(enough_workers(0.71), 2u);
  EXPECT_EQ(enough_workers(7), 10u);
}

std::string setting(std::uint64_t seed, const std::string& load, const std::string& balancer,
                    int workers) {
  return "weir = 1\nseed = " + std::to_string(seed) +
         "\n[horizon]\nkind = 'terminating'\nrequests = 400\nreplications = 1\n[[load]]\n"
         "name = 'web'\n" +
         load + "[balancer]\n" + balancer +
         "[[workers]]\nname = 'w'\ncount = " + std::to_string(workers) + "\n";
}

// The request log of replication 0.
std::string log_of(const Experiment& experiment, const std::string& name) {
  const Folder folder;
  RequestLogs logs({.file = folder.path(name), .format = *format_of(name)},
                   experiment.scenario.horizon);
  {
    RequestLog log(experiment.scenario, logs, 0);
    VirtualOptions options;
    options.seed = experiment.scenario.seed;
    run_virtual(simulate(experiment, {.log = &log}), options);
  }
  EXPECT_TRUE(logs.finish(1));
  return folder.read(name);
}

// A run's own log, put in the place of its load under the same policy, gives the same run: the two
// logs are the same to the byte, so every request came, waited, was served and ended at the same
// nanosecond, at the same worker.
void expect_the_same_again(const std::string& toml, const std::string& name) {
  const Experiment original = make_experiment(toml);
  const std::string before = log_of(original, name);
  Experiment again = make_experiment(toml);
  again.scenario.loads[0].service = Distribution();
  put_in(again.scenario, make_replay(read(before), 1, name), Duration::zero());
  EXPECT_EQ(log_of(again, name), before) << toml;
}

TEST(Replay, ReproducesTheRunThatWroteTheLog) {
  const std::string mm1 = "arrival = 'poisson(80/s)'\nservice = 'exp(10ms)'\n";
  const std::string bursts =
      "arrival = 'onoff(on=exp(1s)@200/s, off=exp(1s)@2/s)'\nservice = 'lognormal(mean=9ms, "
      "cv=2)'\n";
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    for (const std::string name : {"log.csv", "log.jsonl"}) {
      expect_the_same_again(setting(seed, mm1, "policy = 'round_robin'\n", 1), name);
      expect_the_same_again(setting(seed, bursts, "policy = 'p2c'\n", 1), name);
      expect_the_same_again(setting(seed, bursts, "policy = 'p2c'\n", 3), name);
      expect_the_same_again(setting(seed, bursts, "policy = 'central_queue'\n", 2), name);
    }
  }
}

TEST(Replay, ReproducesASingleLineUnderBatches) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    expect_the_same_again(
        setting(seed, "arrival = 'batch(poisson(20/s), size=geom(4))'\nservice = 'exp(10ms)'\n", "",
                1),
        "log.csv");
  }
}

TEST(Replay, LeavesTheOtherLoadsAsTheyAre) {
  Scenario scenario =
      make_experiment(
          "weir = 1\n[horizon]\ntime = '9s'\n[[load]]\nname = 'a'\nclients = 3\n"
          "service = 'exp(1ms)'\ntimeout = '1s'\n[[load]]\nname = 'b'\nclients = 4\n"
          "service = 'exp(1ms)'\n[[workers]]\nname = 'w'\n")
          .scenario;
  const Load other = scenario.loads[1];
  put_in(scenario, make_replay(read("time\n1.0\n2.5\n"), 1, "x"), Duration(second));

  EXPECT_EQ(scenario.loads[0].model, Load::Model::open);
  EXPECT_EQ(scenario.loads[0].timeout, Duration(second));
  EXPECT_EQ(scenario.loads[0].service.text(), "exp(1ms)");
  EXPECT_EQ(scenario.loads[1], other);
  EXPECT_EQ(scenario.horizon.time, Duration(second + second / 1000));
  EXPECT_TRUE(scenario.shutdown);
}

TEST(Replay, RepeatsTheDemandOfARequestInEveryAttempt) {
  Experiment experiment = make_experiment(
      setting(1,
              "arrival = 'const(1/s)'\nservice = 'exp(1ms)'\n"
              "retry = { max = 2, attempt_timeout = '20ms', backoff = 'none', budget = 'none' }\n",
              "", 4));
  put_in(experiment.scenario, make_replay(read("time,duration\n1,0.01\n2,0.03\n3,0.01\n"), 1, "x"),
         Duration::zero());
  const ReplicationRecord record = run_replication(experiment, 0, Duration::zero());

  EXPECT_EQ(record.loads[0].counts.offered, 3u);
  EXPECT_EQ(record.loads[0].counts.completed, 2u);  // the slow one is as slow again and again
  EXPECT_EQ(record.loads[0].counts.attempts, 5u);
}

}  // namespace
}  // namespace weir::sim
