#include "weir/sim/scenario_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/base_scenario.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

// The base with one piece of it exchanged.
std::string changed(std::string_view from, std::string_view to) {
  std::string text(base);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::expected<Scenario, ScenarioError> read(std::string_view text,
                                            std::vector<std::string> overrides = {}) {
  return read_scenario(text, "a.toml", overrides);
}

// The error's line, or "" if all is well.
std::string complaint(std::string_view text, std::vector<std::string> overrides = {}) {
  const auto scenario = read(text, std::move(overrides));
  return scenario ? "" : scenario.error().text();
}

Scenario good(std::string_view text, std::vector<std::string> overrides = {}) {
  auto scenario = read(text, std::move(overrides));
  EXPECT_TRUE(scenario) << scenario.error().text();
  return scenario.value_or(Scenario{});
}

std::string shipped(std::string_view name) {
  std::ifstream file(std::string(WEIR_SOURCE_DIR "/scenarios/") + std::string(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ScenarioFile, ReadsEveryKey) {
  const Scenario scenario = good(R"toml(
weir = 1
name = "all of it"
seed = 42
[horizon]
kind = "steady"
time = "10min"
warmup = "1m30s"
replications = 20
[[load]]
name = "web"
model = "open"
arrival = "poisson(700/s)"
service = "exp(10ms) + 4ns/B"
size = "const(2KiB)"
demand = "request"
timeout = "500ms"
[load.retry]
max = 3
attempt_timeout = "100ms"
backoff = "exp(50ms, x3, cap=1s, jitter=none)"
on = ["timeout", "refused"]
budget = "10%"
[[load]]
name = "batch"
model = "closed"
clients = 7
think = "uniform(0s, 20s)"
service = "const(1s)"
retry = { max = 1, budget = "none" }
[balancer]
policy = "p2c(d=3)"
queue = { limit = 64, discipline = "lifo", overflow = "block" }
[[workers]]
name = "fast"
count = 9
speed = 2
concurrency = 4
work = "cpu"
serve = "fifo"
weight = 1.5
queue = { limit = "none", overflow = "drop_oldest" }
failure = "1%"
[[expect]]
metric = "web.response.p99"
max = "200ms"
[[expect]]
metric = "worker.fast[8].utilisation"
min = "10%"
max = 0.9
)toml");

  Scenario expected{.name = "all of it", .seed = 42};
  expected.horizon = {
      .time = 600s, .warmup = Horizon::WarmUp::fixed, .warmup_time = 90s, .replications = 20};
  Load web{.name = "web"};
  web.arrival = *ArrivalProcess::parse("poisson(700/s)");
  web.service = *Distribution::parse("exp(10ms) + 4ns/B", Quantity::duration);
  web.size = *Distribution::parse("const(2KiB)", Quantity::size);
  web.demand = Load::Demand::request;
  web.timeout = 500ms;
  web.retry = {.max = 3, .attempt_timeout = 100ms, .on_error = false};
  web.retry.backoff = {.base = 50ms, .factor = 3, .cap = 1s, .jitter = Backoff::Jitter::none};
  web.retry.budget = RetryBudget{.ratio = 0.1};
  Load batch{.name = "batch", .model = Load::Model::closed, .clients = 7};
  batch.think = *Distribution::parse("uniform(0s, 20s)", Quantity::duration);
  batch.service = *Distribution::parse("const(1s)", Quantity::duration);
  batch.retry = {.max = 1, .budget = std::nullopt};
  expected.loads = {web, batch};
  expected.balancer.policy = "p2c(d=3)";
  expected.balancer.queue = {
      .limit = 64, .discipline = Queue::Discipline::lifo, .overflow = Queue::Overflow::block};
  Workers fast{.name = "fast", .count = 9, .speed = 2, .concurrency = 4};
  fast.work = Workers::Work::cpu;
  fast.weight = 1.5;
  fast.queue =
      Queue{.discipline = Queue::Discipline::lifo, .overflow = Queue::Overflow::drop_oldest};
  fast.failure = 0.01;
  expected.workers = {fast};
  expected.expects = {{*parse_metric("web.response.p99"), std::nullopt, 0.2},
                      {*parse_metric("worker.fast[8].utilisation"), 0.1, 0.9}};
  EXPECT_EQ(scenario, expected);
}

TEST(ScenarioFile, FillsInTheDefaults) {
  const Scenario scenario = good(
      "weir = 1\n[horizon]\ntime = \"1s\"\n[[load]]\narrival = \"const(1/s)\"\n"
      "service = \"const(1ms)\"\n[[workers]]\n");

  Scenario expected{.name = "a"};
  expected.horizon.time = 1s;
  Load load{.name = "load"};
  load.arrival = *ArrivalProcess::parse("const(1/s)");
  load.service = *Distribution::parse("const(1ms)", Quantity::duration);
  expected.loads = {load};
  expected.workers = {{.name = "worker"}};
  EXPECT_EQ(scenario, expected);
  EXPECT_EQ(scenario.seed, 1u);
  EXPECT_EQ(scenario.horizon.replications, 10u);
  EXPECT_EQ(scenario.horizon.warmup, Horizon::WarmUp::automatic);
  EXPECT_EQ(scenario.balancer.policy, "p2c");
  EXPECT_EQ(scenario.balancer.queue.limit, std::nullopt);
  EXPECT_EQ(scenario.loads[0].retry.budget->ratio, 0.2);
}

TEST(ScenarioFile, WritingTheDefaultsOutChangesNothing) {
  const std::string long_form = changed("[balancer]\npolicy = \"p2c\"\n",
                                        R"toml(model = "open"
demand = "attempt"
[load.retry]
max = 0
backoff = "exp(25ms, x2, cap=250ms, jitter=full)"
on = ["timeout", "error", "refused"]
budget = "20%"
[balancer]
policy = "p2c"
queue = { limit = "none", discipline = "fifo", overflow = "reject" }
)toml") + R"toml(speed = 1.0
concurrency = 1
work = "wait"
serve = "fifo"
weight = 1
failure = "0%"
)toml";
  EXPECT_EQ(good(long_form, {"seed=1", "horizon.kind=steady", "horizon.replications=10"}),
            good(base));
}

TEST(ScenarioFile, TakesAHorizonInRequests) {
  const Scenario scenario = good(changed("time = \"600s\"", "requests = 1000"));
  EXPECT_EQ(scenario.horizon.requests, 1000u);
  EXPECT_EQ(scenario.horizon.time, std::nullopt);
}

TEST(ScenarioFile, CutsNoWarmUpFromATerminatingRun) {
  const Scenario scenario = good(changed("warmup = \"60s\"", "kind = \"terminating\""));
  EXPECT_EQ(scenario.horizon.warmup, Horizon::WarmUp::none);
}

TEST(ScenarioFile, TakesAWarmUpOfZeroForNone) {
  EXPECT_EQ(good(base, {"horizon.warmup=0s"}), good(base, {"horizon.warmup=none"}));
}

TEST(ScenarioFile, LetsAWorkersQueueDifferInOneKey) {
  const Scenario scenario =
      good(base, {"balancer.queue={limit=8, discipline='lifo'}", "workers.fast.queue.limit=2"});
  const Queue expected{.limit = 2, .discipline = Queue::Discipline::lifo};
  EXPECT_EQ(scenario.workers[0].queue, expected);
}

TEST(ScenarioFile, TakesALoadWithClientsForClosed) {
  const Scenario scenario = good(changed("arrival = \"poisson(700/s)\"", "clients = 3"));
  EXPECT_EQ(scenario.loads[0].model, Load::Model::closed);
  EXPECT_EQ(scenario.loads[0].think.mean(), 0);
}

TEST(ScenarioFile, TakesCoresOfWorkersThatDoNotShareForWhatTheyServeAtOnce) {
  EXPECT_EQ(good(base, {"workers.fast.cores=4"}), good(base, {"workers.fast.concurrency=4"}));
  EXPECT_EQ(good(base, {"workers.fast.cores=4", "workers.fast.concurrency=2"}),
            good(base, {"workers.fast.concurrency=2"}));
}

TEST(ScenarioFile, TakesAnAgeOfZeroForFresh) {
  EXPECT_EQ(good(base, {"balancer.stale=0ms"}), good(base));
  EXPECT_EQ(good(base, {"balancer.stale='0'"}), good(base));
}

TEST(ScenarioFile, NumbersNamelessEntriesByTheirIndex) {
  const Scenario scenario = good(changed("name = \"fast\"\n", "[[workers]]\n"));
  EXPECT_EQ(scenario.workers[0].name, "worker0");
  EXPECT_EQ(scenario.workers[1].name, "worker1");
}

TEST(ScenarioFile, AcceptsBoundsWithAndWithoutUnit) {
  const Scenario scenario = good(std::string(base) + R"toml(
[[expect]]
metric = "web.success"
min = "99.9%"
[[expect]]
metric = "web.success"
min = 0.999
[[expect]]
metric = "web.goodput_per_s"
min = "650/s"
[[expect]]
metric = "web.goodput_per_s"
min = 650
[[expect]]
metric = "balancer.max_queue"
max = 12
)toml");
  EXPECT_EQ(scenario.expects[0], scenario.expects[1]);
  EXPECT_EQ(scenario.expects[2], scenario.expects[3]);
  EXPECT_EQ(scenario.expects[4].max, 12);
}

TEST(ScenarioFile, AsksTheCallerAboutThePolicy) {
  ReadOptions options;
  options.check_policy = [](std::string_view policy) -> std::optional<std::string> {
    if (policy == "p2c") return std::nullopt;
    return "unknown policy; did you mean 'p2c'?";
  };
  EXPECT_TRUE(read_scenario(base, "a.toml", {}, options));

  const auto wrong = read_scenario(changed("p2c", "p3c"), "a.toml", {}, options);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().text(), "a.toml:11:11: 'policy': unknown policy; did you mean 'p2c'?");
}

TEST(ScenarioFile, ShipsReadableScenarios) {
  const Scenario pike = good(shipped("pike.toml"));
  EXPECT_EQ(pike.loads[0].clients, 100u);
  EXPECT_EQ(pike.workers[0].count, 10u);
  EXPECT_EQ(pike.balancer.policy, "least_loaded");
  EXPECT_EQ(pike.expects.size(), 3u);

  const Scenario strategies = good(shipped("strategies.toml"));
  EXPECT_EQ(strategies.workers[1].speed, 0.25);
  EXPECT_EQ(strategies.balancer.queue.limit, 64u);
}

// What the comments of the shipped files tell people to try must at least be read.
TEST(ScenarioFile, ShipsHintsThatWork) {
  for (const char* name : {"pike.toml", "strategies.toml"}) {
    const std::string text = shipped(name);
    int hints = 0;
    for (std::size_t at = text.find("--set "); at != std::string::npos;
         at = text.find("--set ", at + 1)) {
      std::string assignment = text.substr(at + 6, text.find("  ", at) - at - 6);
      EXPECT_EQ(complaint(text, {assignment}), "") << assignment;
      EXPECT_NE(good(text, {assignment}), good(text)) << assignment;
      ++hints;
    }
    EXPECT_GE(hints, 4) << name;
  }
}

}  // namespace
}  // namespace weir::sim
