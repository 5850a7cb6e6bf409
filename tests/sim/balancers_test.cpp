// Several balancers in front of the same workers: each knows what it has sent, and no more.

#include "weir/sim/balancers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/experiment.h"
#include "weir/sim/prediction.h"

namespace weir::sim {
namespace {

const std::string web = R"toml(weir = 1
seed = 9
[horizon]
time = "20s"
warmup = "none"
[[load]]
name = "web"
arrival = "poisson(90/s)"
service = "exp(10ms)"
[balancer]
policy = "round_robin"
[[workers]]
name = "w"
)toml";

ReplicationRecord run(const std::vector<std::string>& overrides, const std::string& more = "") {
  const Experiment experiment = make_experiment(web + more, overrides);
  return run_replication(experiment, 0, Duration::zero());
}

std::string error_of(const std::string& toml, const std::vector<std::string>& overrides) {
  const auto scenario = read_scenario(toml, "a.toml", overrides);
  return scenario ? "" : scenario.error().text();
}

double mean_response(const ReplicationRecord& record) {
  return record.loads[0].latencies.response.mean();
}

// One line of one worker: whoever sends to it, the requests and what they ask for are the same.
TEST(Balancers, WaitInOneLineAtAWorker) {
  const ReplicationRecord alone = run({});
  const ReplicationRecord shared = run({"balancer.count=5"});
  EXPECT_EQ(shared.loads[0].counts, alone.loads[0].counts);
  EXPECT_EQ(shared.loads[0].latencies.wait.mean(), alone.loads[0].latencies.wait.mean());
  EXPECT_EQ(shared.loads[0].latencies.response.max(), alone.loads[0].latencies.response.max());
  EXPECT_EQ(shared.workers[0], alone.workers[0]);
}

TEST(Balancers, LetTheWorkerRefuseWhomItHasNoRoomFor) {
  for (const std::string queue :
       {"limit=0", "limit=3", "limit=3,discipline='lifo'", "limit=3,overflow='drop_oldest'"}) {
    const std::string set = "balancer.queue={" + queue + "}";
    const ReplicationRecord alone = run({set});
    const ReplicationRecord shared = run({set, "balancer.count=3"});
    EXPECT_GT(shared.loads[0].counts.rejected, 0U) << queue;
    EXPECT_EQ(shared.loads[0].counts, alone.loads[0].counts) << queue;
    EXPECT_EQ(shared.workers[0].utilisation, alone.workers[0].utilisation) << queue;
    EXPECT_EQ(shared.workers[0].mean_queue, alone.workers[0].mean_queue) << queue;
    EXPECT_LE(shared.workers[0].rejected, shared.loads[0].counts.rejected) << queue;
    EXPECT_GT(shared.workers[0].rejected, 0U) << queue;
  }
}

TEST(Balancers, LetWhoLeavesLeaveTheLineOfAWorkerAtOnce) {
  const std::vector<std::string> patience = {"load.web.timeout=15ms",
                                             "load.web.arrival=const(150/s)"};
  const ReplicationRecord alone = run(patience);
  std::vector<std::string> several = patience;
  several.push_back("balancer.count=4");
  const ReplicationRecord shared = run(several);
  EXPECT_GT(shared.loads[0].counts.timed_out, 0U);
  EXPECT_EQ(shared.loads[0].counts, alone.loads[0].counts);
  EXPECT_EQ(shared.workers[0], alone.workers[0]);
}

// The balancer that holds the frozen worker's only place knows that it is full, the other does not.
TEST(Balancers, SendARetryElsewhereThanWhereItWasRefused) {
  const std::string frozen = "[[fault]]\nkind = 'freeze'\ntarget = 'w[0]'\nat = '0s'\n";
  std::vector<std::string> overrides = {"balancer.count=2", "balancer.queue.limit=0",
                                        "workers.w.count=2", "load.web.arrival=const(10/s)",
                                        "load.web.service=const(10ms)"};
  const LoadCounts once = run(overrides, frozen).loads[0].counts;
  overrides.push_back("load.web.retry={max=1,backoff='none',budget='none'}");
  const LoadCounts twice = run(overrides, frozen).loads[0].counts;
  EXPECT_GT(once.rejected, 20U);
  EXPECT_GT(twice.retries, 20U);
  EXPECT_EQ(twice.rejected, 0U);
}

// The less a balancer sees, the more its choice is chance.
TEST(Balancers, LieBetweenTheShortestLineAndChance) {
  const std::vector<std::string> base = {"workers.w.count=10", "load.web.arrival=poisson(800/s)",
                                         "balancer.policy=least_loaded"};
  const auto with = [&](const std::string& last) {
    std::vector<std::string> overrides = base;
    overrides.push_back(last);
    return mean_response(run(overrides));
  };
  const double one = with("balancer.count=1"), two = with("balancer.count=2"),
               ten = with("balancer.count=10"), hundred = with("balancer.count=100"),
               chance = with("balancer.policy=random");
  EXPECT_LT(one, two);
  EXPECT_LT(two, ten);
  EXPECT_LT(ten, hundred);
  EXPECT_LT(hundred, chance * 1.1);
}

// Each of two balancers keeps its own line: in front of a worker that it has filled itself.
TEST(Balancers, HaveACentralLineEach) {
  const ReplicationRecord record = run({"balancer.count=2", "balancer.policy=central_queue"});
  EXPECT_GT(record.line.mean_queue, 0);
  EXPECT_GT(record.workers[0].mean_queue, 0);
  EXPECT_LE(record.workers[0].max_queue, 1U);  // one from each, of which one is served
}

TEST(Balancers, HaveSlotsAndBudgetsOfTheirOwn) {
  const ReplicationRecord one = run({"balancer.slots=1"});
  const ReplicationRecord four = run({"balancer.slots=1", "balancer.count=4"});
  EXPECT_EQ(one.workers[0].max_queue, 0U);
  EXPECT_EQ(four.workers[0].max_queue, 3U);
  EXPECT_LT(four.loads[0].counts.rejected, one.loads[0].counts.rejected);
}

// Each of three clients waits for its own reply, so no balancer ever has two requests.
TEST(Balancers, AreDealtOutToClients) {
  std::string closed = web;
  const std::string open = "arrival = \"poisson(90/s)\"";
  closed.replace(closed.find(open), open.size(), "model = \"closed\"\nclients = 3");
  const Experiment experiment = make_experiment(closed, {"balancer.count=3", "balancer.slots=1"});
  const ReplicationRecord record = run_replication(experiment, 0, Duration::zero());
  EXPECT_EQ(record.loads[0].counts.rejected, 0U);
  EXPECT_EQ(record.workers[0].max_queue, 2U);
}

TEST(Balancers, AllHearThatAWorkerIsDown) {
  const ReplicationRecord record =
      run({"balancer.count=3", "workers.w.count=2", "load.web.arrival=poisson(60/s)"},
          "[[fault]]\nkind = 'crash'\ntarget = 'w[0]'\nat = '0s'\n");
  EXPECT_EQ(record.workers[0].completed + record.workers[0].failed, 0U);
  EXPECT_EQ(record.loads[0].counts.failed, 0U);
  EXPECT_GT(record.workers[1].completed, 1000U);
}

TEST(Balancers, LoseWhatWaitsAtAWorkerThatCrashes) {
  const ReplicationRecord record = run({"balancer.count=3", "load.web.arrival=poisson(200/s)"},
                                       "[[fault]]\nkind = 'crash'\nat = '10s'\nfor = '1s'\n");
  EXPECT_GT(record.loads[0].counts.failed, 500U);  // the line of ten seconds of too much work
  EXPECT_EQ(record.workers[0].failed, record.loads[0].counts.failed);
}

TEST(Balancers, DrainAWorkerTogether) {
  const ReplicationRecord record =
      run({"balancer.count=3", "workers.w.count=4", "load.web.arrival=poisson(200/s)"},
          "[[fault]]\nkind = 'restart'\nat = '5s'\nfor = '1s'\nbatch = 1\n");
  EXPECT_EQ(record.loads[0].counts.failed + record.loads[0].counts.rejected, 0U);
}

TEST(Balancers, SayWhatOneBalancerIsNeededFor) {
  EXPECT_EQ(error_of(web, {"balancer.count=2", "workers.w.work=cpu"}),
            "--set workers.w.work=cpu: 'work' = \"cpu\" cannot be shared by several balancers; "
            "write \"wait\"");
  EXPECT_EQ(error_of(web, {"balancer.count=2", "workers.w.queue={overflow='block'}"}),
            "--set workers.w.queue={overflow='block'}: 'overflow' = \"block\" takes one balancer, "
            "which knows when there is room; write \"reject\"");
  EXPECT_EQ(error_of(web, {"balancer.count=1000", "workers.w.count=2000"}),
            "--set balancer.count=1000: 'count' times 2000 workers must be at most 1000000");
  EXPECT_EQ(error_of(web, {"balancer.count=2", "load.web.size=const(1MiB)",
                           "load.web.upload={bandwidth='const(1MiB/s)', holds='worker'}"}),
            "a.toml:6:1: 'load' 'web' uploads to workers, which no worker takes that has several "
            "balancers; write holds = \"slot\"");
}

TEST(Balancers, AreKnownToTheoryWhereTheyChooseByChance) {
  const auto none_of = [](const std::vector<std::string>& overrides) {
    return predictions(read_scenario(web, "a.toml", overrides).value()).none;
  };
  EXPECT_EQ(none_of({"balancer.count=4", "balancer.policy=random"}), "");
  EXPECT_EQ(none_of({"balancer.count=4"}), "the scenario has several balancers");
}

}  // namespace
}  // namespace weir::sim
