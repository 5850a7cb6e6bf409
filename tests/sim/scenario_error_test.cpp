// What the reader of scenarios says when something is wrong: each line word for word, since a line
// that sends people to the wrong place is a defect like any other.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/base_scenario.h"
#include "weir/base/random.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

// This piece of the base becomes that one, and the reader says so.
struct Case {
  std::string_view from;
  std::string_view to;
  std::string_view line;
};

void expect_lines(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    std::string text(base);
    const std::size_t at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, c.from.size(), c.to);
    const auto scenario = read_scenario(text, "a.toml");
    ASSERT_FALSE(scenario) << c.to;
    EXPECT_EQ(scenario.error().text(), c.line) << c.to;
  }
}

TEST(ScenarioError, SaysWhatIsWrongAtTheRoot) {
  expect_lines({
      {"weir = 1\n", "",
       "a.toml:1:1: 'weir' is missing: write weir = 1, the version of the format"},
      {"weir = 1", "weir = 2", "a.toml:1:8: 'weir' must be at most 1, not 2"},
      {R"(name = "base")", "name = 3", "a.toml:2:8: 'name' must be a text, not 3"},
      {R"(name = "base")", R"(nmae = "base")",
       "a.toml:2:1: unknown key 'nmae'; did you mean 'name'?"},
      {R"(name = "base")", "seed = -1", "a.toml:2:8: 'seed' must be at least 0, not -1"},
      {R"(name = "base")", "seed = 1.5", "a.toml:2:8: 'seed' must be a whole number, not 1.5"},
      {R"(name = "base")", R"(seed = "x")", "a.toml:2:8: 'seed' must be a whole number, not 'x'"},
      {R"(name = "base")", "sweep = 1", "a.toml:2:9: 'sweep' must be a table, not 1"},
      {R"(name = "base")", R"(mode = "rael")",
       R"(a.toml:2:8: 'mode' must be "virtual" or "real", not 'rael')"},
      {R"(name = "base")", "extends = 3",
       R"(a.toml:2:11: 'extends' must be the name of a scenario, such as "base.toml")"},
      {R"(name = "base")", R"(extends = "no/x.toml")",
       "a.toml:2:11: 'extends' 'no/x.toml': there is no such file, nor is it shipped"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInTheHorizon) {
  expect_lines({
      {"[horizon]", "[horizons]", "a.toml:3:2: unknown key 'horizons'; did you mean 'horizon'?"},
      {"[horizon]", "[[horizon]]", "a.toml:3:1: 'horizon' must be a table, not a list"},
      {"time = \"600s\"\n", "",
       R"(a.toml:3:1: 'time' is missing in [horizon]: write time = "600s")"},
      {R"(time = "600s")", "time = 600",
       R"(a.toml:4:8: 'time' must be a text such as "10s", not 600)"},
      {R"(time = "600s")", R"(time = "600")",
       "a.toml:4:9: 'time': '600' has no unit; write a time such as 10ms"},
      {R"(time = "600s")", R"(time = "600sec")",
       "a.toml:4:12: 'time': 'sec' is no unit of time; known: ns, us, ms, s, m, h, d"},
      {R"(time = "600s")", R"(time = "0s")", "a.toml:4:8: 'time' must be above 0"},
      {R"(time = "600s")", R"(time = "-1s")",
       "a.toml:4:9: 'time': '-1s' is negative; write a time such as 10ms"},
      {R"(time = "600s")", R"(time = "200000d")",
       "a.toml:4:9: 'time': '200000d' is longer than 292 years"},
      {R"(time = "600s")", "time = \"1s\"\nrequests = 5",
       "a.toml:5:12: 'requests' cannot stand beside 'time'; keep one"},
      {R"(time = "600s")", "requests = 0", "a.toml:4:12: 'requests' must be at least 1, not 0"},
      {R"(warmup = "60s")", R"(warmup = "600s")",
       "a.toml:5:10: 'warmup' must be shorter than 'time', which includes it"},
      {R"(warmup = "60s")", R"(warmup = "soon")",
       R"(a.toml:5:10: 'warmup' must be "auto", "none" or a time such as "60s", not 'soon')"},
      {R"(warmup = "60s")", "warmup = true",
       R"(a.toml:5:10: 'warmup' must be "auto", "none" or a time such as "60s", not true)"},
      {R"(warmup = "60s")", "kind = \"terminating\"\nwarmup = \"1s\"",
       "a.toml:6:10: 'warmup' has no place in a terminating run, where all counts; remove it"},
      {R"(warmup = "60s")", R"(kind = "forever")",
       R"(a.toml:5:8: 'kind' must be "steady" or "terminating", not 'forever')"},
      {R"(warmup = "60s")", "replications = 0",
       "a.toml:5:16: 'replications' must be at least 1, not 0"},
      {R"(warmup = "60s")", "replications = 1000000000",
       "a.toml:5:16: 'replications' must be at most 100000, not 1000000000"},
      {R"(warmup = "60s")", R"(stop = { rel_ci = "2%" })",
       "a.toml:5:8: 'of' is missing in [horizon] stop: write of = \"web.response.p99\""},
      {R"(time = "600s")", "time = 2020-01-01",
       R"(a.toml:4:8: 'time' must be a text such as "10s", not a date)"},
      {R"(warmup = "60s")", R"(warmup = "60")",
       "a.toml:5:11: 'warmup': '60' has no unit; write a time such as 10ms"},
      {R"(warmup = "60s")", "requests = 5",
       "a.toml:5:12: 'requests' cannot stand beside 'time'; keep one"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInTheOutput) {
  const auto with = [](std::string_view line, std::string_view says) {
    const std::string text = std::string(base) + "[output]\n" + std::string(line);
    const auto scenario = read_scenario(text, "a.toml");
    ASSERT_FALSE(scenario) << line;
    const std::string found = scenario.error().text();
    EXPECT_EQ(found.substr(found.find(':', found.find(':') + 1) + 1), says) << line;
  };
  const std::string file = "must be true, false or a name such as \"";
  const std::string share = R"w(7: 'log' must be "none", "full" or a share such as "sampled(1%)")w";

  with("", "1: [output] names nothing to write: add json = true, csv = true or log = \"full\"");
  with("dir = \"out\"",
       "1: [output] names nothing to write: add json = true, csv = true or log = \"full\"");
  with("jsn = true", "1: unknown key 'jsn' in [output]; did you mean 'json'?");
  with("html = true", "1: 'html' is not supported yet in [output]; remove it");
  with("dir = 3", "7: 'dir' must be a text, not 3");
  with("dir = \"\"", "7: 'dir' must not be empty; \".\" is the folder that weir runs in");
  with("dir = \"a\\nb\"", "7: 'dir' must do without line breaks");
  with("dir = \"out/{nam}\"", "7: 'dir' knows no place '{nam}'; did you mean 'name'?");
  with("dir = \"out/{x}\"", "7: 'dir' knows no place '{x}'; known: name, seed, policy");
  with("dir = \"out/{name\"", "7: 'dir' has a '{' without its '}'");
  with("json = 1", "8: 'json' " + file + "result.json\", not 1");
  with("csv = \"..\"", "7: 'csv' " + file + "figures.csv\", not '..'");
  with("csv = \"-\"", "7: 'csv' " + file + "figures.csv\", not '-'");
  with("json = \"a/b.json\"", "8: 'json' is a file in 'dir', without a folder of its own");
  with("json = \"a\"\ncsv = \"a\"", "7: 'csv' must be another file than 'json'");
  with("csv = \"requests.csv\"\nlog = \"full\"", "7: 'csv' is the name of the log; choose another");
  for (const std::string log : {"all", "sampled", "sampled(0%)", "sampled(101%)", "sampled(1)"}) {
    with("log = \"" + log + "\"", share + ", not '" + log + "'");
  }
  with("log = true", share + ", not true");
}

TEST(ScenarioError, SaysWhatIsWrongInALoad) {
  expect_lines({
      {"[[load]]", "[load]",
       "a.toml:6:1: 'load' must be a list of tables: write [[load]], not a table"},
      {R"(name = "web")", R"(name = "balancer")",
       "a.toml:7:8: 'name' 'balancer' is taken; choose another"},
      {R"(name = "web")", R"(name = "a.b")",
       "a.toml:7:8: 'name' must do without . [ ] = \" and line breaks, since paths are made of it"},
      {R"(name = "web")", R"(name = "")", "a.toml:7:8: 'name' must not be empty"},
      {R"(name = "web")", R"(model = "half-open")",
       R"(a.toml:7:9: 'model' must be "open" or "closed", not 'half-open')"},
      {R"(name = "web")", R"(model = "closed")",
       "a.toml:8:11: 'arrival' belongs to an open load; remove it, or write model = \"open\""},
      {R"(name = "web")", "clients = 4",
       "a.toml:7:11: 'clients' belongs to a closed load; remove it, or write model = \"closed\""},
      {R"(name = "web")", R"toml(think = "exp(1s)")toml",
       "a.toml:7:9: 'think' belongs to a closed load; remove it, or write model = \"closed\""},
      {R"(name = "web")", R"(timeout = "0s")", "a.toml:7:11: 'timeout' must be above 0"},
      {R"(name = "web")", R"(timeout = "500")",
       "a.toml:7:12: 'timeout': '500' has no unit; write a time such as 10ms"},
      {R"(name = "web")", R"(demand = "once")",
       R"(a.toml:7:10: 'demand' must be "attempt" or "request", not 'once')"},
      {"arrival = \"poisson(700/s)\"\n", "",
       "a.toml:6:1: 'arrival' is missing in [[load]]: write arrival = \"poisson(100/s)\", or "
       "clients = 10 for a closed load"},
      {R"toml(arrival = "poisson(700/s)")toml", R"toml(arrival = "poisson(700)")toml",
       "a.toml:8:20: 'arrival': rate: '700' has no unit; write a rate such as 100/s"},
      {R"toml(arrival = "poisson(700/s)")toml", R"toml(arrival = "poisson(-700/s)")toml",
       "a.toml:8:20: 'arrival': rate: '-700/s' is negative; write a rate such as 100/s"},
      {R"toml(arrival = "poisson(700/s)")toml", R"toml(arrival = "poison(700/s)")toml",
       "a.toml:8:12: 'arrival': unknown arrival process 'poison'; did you mean 'poisson'?"},
      {R"toml(arrival = "poisson(700/s)")toml", R"toml(arrival = "poisson(0/s)")toml",
       "a.toml:8:11: 'arrival' sends no request before the end"},
      {R"toml(arrival = "poisson(700/s)")toml", R"toml(arrival = "const(1000000000/s)")toml",
       "a.toml:8:11: 'arrival' sends more than 10000000000 requests before the end; shorten the "
       "time"},
      {R"toml(arrival = "poisson(700/s)")toml", "arrival = 700",
       R"toml(a.toml:8:11: 'arrival' must be a text such as "poisson(100/s)", not 700)toml"},
      {R"toml(arrival = "poisson(700/s)")toml", "clients = 0",
       "a.toml:8:11: 'clients' must be at least 1, not 0"},
      {R"toml(arrival = "poisson(700/s)")toml", R"(model = "closed")",
       "a.toml:6:1: 'clients' is missing in [[load]]: write clients = 10"},
      {R"toml(arrival = "poisson(700/s)")toml", "clients = 2000000",
       "a.toml:8:11: 'clients' must be at most 1000000, not 2000000"},
      {"service = \"exp(10ms)\"\n", "",
       R"toml(a.toml:6:1: 'service' is missing in [[load]]: write service = "exp(10ms)")toml"},
      {R"toml(service = "exp(10ms)")toml", R"toml(service = "exp(10)")toml",
       "a.toml:9:16: 'service': mean: '10' has no unit; write a time such as 10ms"},
      {R"toml(service = "exp(10ms)")toml", R"(service = "exp(10ms")",
       "a.toml:9:20: 'service': expected ',' or ')', found the end"},
      {R"toml(service = "exp(10ms)")toml", R"(service = "const(1ms) + 4ns/B")",
       R"toml(a.toml:9:11: 'service' depends on the size: add size = "const(64KiB)")toml"},
      {R"(name = "web")", R"(class = "a.b")",
       "a.toml:7:9: 'class' must do without . [ ] = \" and line breaks, since paths are made of "
       "it"},
      {R"(name = "web")", "name = \"web\"\nclass = \"web\"",
       "a.toml:8:9: 'class' 'web' is taken; a class is not named like a load, nor 'worker' or "
       "'balancer'"},
      {R"(name = "web")", R"(name = "worker")",
       "a.toml:7:8: 'name' 'worker' is taken; choose another"},
      {R"toml(service = "exp(10ms)")toml", R"toml(service = "expo(10ms)")toml",
       "a.toml:9:12: 'service': unknown distribution 'expo'; did you mean 'exp'?"},
      {R"toml(service = "exp(10ms)")toml", "service = \"exp(10ms)\"\nsize = \"const(10ms)\"",
       "a.toml:10:17: 'size': value: 'ms' is no unit of size; known: B, KiB, MiB, GiB, TiB, kB, "
       "MB, GB, TB"},
      {R"toml(service = "exp(10ms)")toml", "service = { exp = 1 }",
       R"toml(a.toml:9:11: 'service' must be a text such as "exp(10ms)", not a table)toml"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInRetries) {
  expect_lines({
      {R"(name = "web")", "retry = {}",
       "a.toml:7:9: 'max' is missing in [load.retry]: write max = 2"},
      {R"(name = "web")", "retry = 3", "a.toml:7:9: 'retry' must be a table, not 3"},
      {R"(name = "web")", "retry = { max = -1 }", "a.toml:7:17: 'max' must be at least 0, not -1"},
      {R"(name = "web")", R"(retry = { max = 1, on = ["timeouts"] })",
       "a.toml:7:26: 'on' must be a list of \"timeout\", \"error\" and \"refused\", not "
       "'timeouts'"},
      {R"(name = "web")", R"(retry = { max = 1, on = "timeout" })",
       "a.toml:7:25: 'on' must be a list of \"timeout\", \"error\" and \"refused\", not 'timeout'"},
      {R"(name = "web")", R"(retry = { max = 1, budget = "lots" })",
       "a.toml:7:30: 'budget': expected a share such as 1%, found 'lots'"},
      {R"(name = "web")", "retry = { max = 1, budget = 20 }",
       R"(a.toml:7:29: 'budget' must be a text such as "20%" or "none", not 20)"},
      {R"(name = "web")", R"toml(retry = { max = 1, backoff = "exp(50ms, x2, cap=1)" })toml",
       "a.toml:7:49: 'backoff': '1' has no unit; write a time such as 10ms"},
      {R"(name = "web")", R"toml(retry = { max = 1, backoff = "exp(50ms, 2)" })toml",
       "a.toml:7:41: 'backoff': write the factor as x2"},
      {R"(name = "web")", R"(retry = { max = 1, backoff = "50ms" })",
       "a.toml:7:31: 'backoff': write exp(50ms, x2, cap=1s, jitter=full) or none"},
      {R"(name = "web")", R"(retry = { max = 1, backof = "none" })",
       "a.toml:7:20: unknown key 'backof' in [load.retry]; did you mean 'backoff'?"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInTheBalancer) {
  expect_lines({
      {R"(policy = "p2c")", "policy = 2", "a.toml:11:10: 'policy' must be a text, not 2"},
      {R"(policy = "p2c")", R"(polcy = "p2c")",
       "a.toml:11:1: unknown key 'polcy' in [balancer]; did you mean 'policy'?"},
      {R"(policy = "p2c")", "stale = 1",
       R"(a.toml:11:9: 'stale' must be a text such as "10s", not 1)"},
      {R"(policy = "p2c")", "queue = 64", "a.toml:11:9: 'queue' must be a table, not 64"},
      {R"(policy = "p2c")", "queue = { limit = -1 }",
       "a.toml:11:19: 'limit' must be at least 0, not -1"},
      {R"(policy = "p2c")", R"(queue = { limit = "64" })",
       R"(a.toml:11:19: 'limit' must be a whole number or "none", not '64')"},
      {R"(policy = "p2c")", "queue = { limit = 1.5 }",
       "a.toml:11:19: 'limit' must be a whole number, not 1.5"},
      {R"(policy = "p2c")", R"(queue = { limit = 4, discipline = "codel" })",
       R"(a.toml:11:35: 'discipline' 'codel' is not supported yet; write "fifo" or "lifo")"},
      {R"(policy = "p2c")", R"(queue = { limit = 4, discipline = "filo" })",
       R"(a.toml:11:35: 'discipline' must be "fifo" or "lifo", not 'filo')"},
      {R"(policy = "p2c")", R"(queue = { limit = 4, overflow = "shed" })",
       R"(a.toml:11:33: 'overflow' must be "reject", "drop_oldest" or "block", not 'shed')"},
      {R"(policy = "p2c")", "queue = { limits = 4 }",
       "a.toml:11:11: unknown key 'limits' in [balancer] queue; did you mean 'limit'?"},
      {R"(policy = "p2c")", "count = 0", "a.toml:11:9: 'count' must be at least 1, not 0"},
      {R"(policy = "p2c")", "count = 2\nqueue = { limit = 4, overflow = \"block\" }",
       R"(a.toml:12:33: 'overflow' = "block" takes one balancer, which knows when there is room; )"
       R"(write "reject")"},
      {R"(policy = "p2c")", "queue = { limit = 10000000000 }",
       "a.toml:11:19: 'limit' must be at most 1000000000, not 10000000000"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInWorkers) {
  expect_lines({
      {"[[workers]]", "[[worker]]", "a.toml:12:3: unknown key 'worker'; did you mean 'workers'?"},
      {"[[workers]]\nname = \"fast\"\ncount = 9\n", "",
       "a.toml:1:1: 'workers' is missing: write [[workers]] and below it who serves them"},
      {"count = 9", "count = 0", "a.toml:14:9: 'count' must be at least 1, not 0"},
      {"count = 9", "count = -3", "a.toml:14:9: 'count' must be at least 1, not -3"},
      {"count = 9", R"(count = "9")", "a.toml:14:9: 'count' must be a whole number, not '9'"},
      {"count = 9", "count = 1000000000000",
       "a.toml:14:9: 'count' must be at most 100000, not 1000000000000"},
      {"count = 9", "count = 9\n[[workers]]\ncount = 100000",
       "a.toml:15:1: all workers together must be at most 100000"},
      {"count = 9", "count = 9\n[[workers]]\nname = \"fast\"",
       "a.toml:16:8: 'name' 'fast' is taken; choose another"},
      {"count = 9", "speed = 0", "a.toml:14:9: 'speed' must be at least 1e-06, not 0"},
      {"count = 9", "speed = -0.5", "a.toml:14:9: 'speed' must be at least 1e-06, not -0.5"},
      {"count = 9", "speed = 1e-7", "a.toml:14:9: 'speed' must be at least 1e-06, not 1e-07"},
      {"count = 9", "weight = 1e-7", "a.toml:14:10: 'weight' must be at least 1e-06, not 1e-07"},
      {"count = 9", "speed = inf", "a.toml:14:9: 'speed' must be at most 1e+06, not inf"},
      {"count = 9", "speed = nan", "a.toml:14:9: 'speed' must be at least 1e-06, not nan"},
      {"count = 9", R"(weight = "heavy")", "a.toml:14:10: 'weight' must be a number, not 'heavy'"},
      {"count = 9", "concurrency = 0", "a.toml:14:15: 'concurrency' must be at least 1, not 0"},
      {"count = 9", R"(work = "gpu")", R"(a.toml:14:8: 'work' must be "wait" or "cpu", not 'gpu')"},
      {"count = 9", R"(serve = "srpt")",
       R"(a.toml:14:9: 'serve' must be "fifo" or "ps", not 'srpt')"},
      {"count = 9", "cores = 2\nconcurrency = 3",
       "a.toml:14:9: 'cores' are fewer than are served at once; let them share by serve = \"ps\""},
      {"count = 9", "serve = \"ps\"\ncores = 0", "a.toml:15:9: 'cores' must be at least 1, not 0"},
      {"count = 9", "serve = \"ps\"\nwork = \"cpu\"",
       "a.toml:15:8: 'work' = \"cpu\" cannot be shared or interrupted; write \"wait\""},
      {"count = 9", R"(failure = "101%")", "a.toml:14:12: 'failure': '101%' is more than 100%"},
      {"count = 9", "failure = 0.01",
       R"(a.toml:14:11: 'failure' must be a text such as "1%", not 0.01)"},
      {"count = 9", R"toml(uptime = "exp(1h)")toml",
       R"toml(a.toml:12:1: 'downtime' is missing in [[workers]]: write downtime = "exp(1m)")toml"},
      {"count = 9", R"toml(downtime = "exp(1m)")toml",
       R"toml(a.toml:12:1: 'uptime' is missing in [[workers]]: write uptime = "exp(1h)")toml"},
      {"count = 9", "uptime = \"exp(1h)\"\ndowntime = \"const(0s)\"",
       "a.toml:15:12: 'downtime' must be above 0 on average"},
      {"count = 9", "queue = { limt = 3 }",
       "a.toml:14:11: unknown key 'limt' in [[workers]] queue; did you mean 'limit'?"},
      {"count = 9", "cuont = 9",
       "a.toml:14:1: unknown key 'cuont' in [[workers]]; did you mean 'count'?"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInAnExpectation) {
  expect_lines({
      {"count = 9", "count = 9\n[[expect]]\nmax = 3",
       "a.toml:15:1: 'metric' is missing in [[expect]]: write metric = \"web.response.p99\""},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.success\"",
       "a.toml:15:1: 'max' is missing in [[expect]]: write max or min, such as max = \"200ms\""},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.success\"\nmin = 2",
       "a.toml:17:7: 'min' must be at most 1, not 2"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.response.p99\"\nmax = 2",
       R"(a.toml:17:7: 'max' must be a text such as "200ms", not 2)"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.response.p98\"\nmax = \"2s\"",
       "a.toml:16:24: 'metric': unknown figure 'p98'; did you mean 'p90'?"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.response\"\nmax = \"2s\"",
       "a.toml:16:15: 'metric': say which figure of 'response', such as response.p99"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.respons.p99\"\nmax = \"2s\"",
       "a.toml:16:15: 'metric': unknown figure 'respons'; did you mean 'response'?"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"wbe.response.p99\"\nmax = \"2s\"",
       "a.toml:16:10: 'metric' names no load: 'wbe'; did you mean 'web'?"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"worker.fats.utilisation\"\nmax = \"2%\"",
       "a.toml:16:10: 'metric' names no group of workers: 'fats'; did you mean 'fast'?"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"worker.fast[9].utilisation\"\nmax = \"2%\"",
       "a.toml:16:10: 'metric' names no worker: fast has 9, numbered from 0"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"worker.fast[x].utilisation\"\nmax = \"2%\"",
       "a.toml:16:18: 'metric': write one worker as fast[0]"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"balancer.queue\"\nmax = 2",
       "a.toml:16:20: 'metric': unknown figure 'queue'; known: mean_queue, max_queue"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.attempts\"\nmax = \"5/s\"",
       "a.toml:17:7: 'max' must be a number, not '5/s'"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.attempts\"\nmax = 2\nmin = 3",
       "a.toml:18:7: 'min' is above 'max': nothing can pass"},
      {"count = 9",
       "count = 9\n[[expect]]\nmetric = \"web.attempts\"\nmax = 2\nconfidence = \"95%\"",
       "a.toml:18:14: 'confidence' has no place here: web.attempts has no interval"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.attempts\"\nmax = inf",
       "a.toml:17:7: 'max' must be finite, not inf"},
      {"count = 9", "count = 9\n[[expect]]\nmetric = \"web.attempts\"\nmin = -1",
       "a.toml:17:7: 'min' must be at least 0, not -1"},
  });
}

std::string shipped(std::string_view name) {
  std::ifstream file(std::string(WEIR_SOURCE_DIR "/scenarios/") + std::string(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ScenarioError, SaysWhatIsWrongInAStopRule) {
  const std::string_view from = R"(warmup = "60s")";
  expect_lines({
      {from, R"(stop = 2)", "a.toml:5:8: 'stop' must be a table, not 2"},
      {from, R"(stop = { of = "web.success" })",
       R"(a.toml:5:8: 'rel_ci' is missing in [horizon] stop: write rel_ci = "2%")"},
      {from, R"(stop = { rel_ci = "0%", of = "web.success" })",
       "a.toml:5:19: 'rel_ci' must be above 0%"},
      {from, R"(stop = { rel_ci = 0.02, of = "web.success" })",
       R"(a.toml:5:19: 'rel_ci' must be a text such as "2%", not 0.02)"},
      {from, R"(stop = { rel_ci = "2%", of = "web.offered" })",
       "a.toml:5:30: 'of' has no interval; choose a mean, a quantile, a share or a rate"},
      {from, R"(stop = { rel_ci = "2%", of = "wbe.success" })",
       "a.toml:5:30: 'of' names no load: 'wbe'; did you mean 'web'?"},
      {from, R"(stop = { rel_ci = "2%", of = "web.success", max_replications = 9 })",
       "a.toml:5:64: 'max_replications' must be at least 10, not 9"},
      {from,
       "replications = 30\nstop = { rel_ci = \"2%\", of = \"web.success\", max_replications = 20 }",
       "a.toml:6:8: [horizon] stop: max_replications (20) is below replications (30), the least "
       "that "
       "are run"},
      {from, R"(stop = { rel_ci = "2%", of = "web.success", maximum = 9 })",
       "a.toml:5:45: unknown key 'maximum' in [horizon] stop; known: rel_ci, of, max_replications"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInASweep) {
  const std::string_view from = "count = 9";
  const auto sweep = [](std::string_view lines) {
    return "count = 9\n[sweep]\n" + std::string(lines);
  };
  const std::string axis = "axes.a = { set = \"workers.fast.count\", values = [1, 2] }\n";
  const std::vector<std::string> texts = {
      sweep(""),
      sweep("axes = 1"),
      sweep("axes.a = 1"),
      sweep("axes.a = { set = \"seed\" }"),
      sweep("axes.a = { values = [1] }"),
      sweep("axes.a = { set = \"seed\", values = [[1]] }"),
      sweep("axes.a = { set = \"seed\", values = \"{1..x}\" }"),
      sweep("axes.a = { set = \"seed\", values = [] }"),
      sweep(axis + "zip = 1"),
      sweep(axis + "baseline = { b = 1 }"),
      sweep(axis + "baseline = { a = 3 }"),
      sweep(axis + "baselin = { a = 3 }"),
  };
  expect_lines({
      {from, texts[0],
       "a.toml:15:1: 'axes' is missing in [sweep]: write axes.policy = { set = "
       "\"balancer.policy\", "
       "values = [\"random\", \"p2c\"] }"},
      {from, texts[1], "a.toml:16:8: 'axes' must be a table, not 1"},
      {from, texts[2],
       "a.toml:16:10: 'axes' must hold tables: axes.a = { set = \"KEY\", values = [] }"},
      {from, texts[3],
       "a.toml:16:10: 'values' is missing in [sweep] axes.a: write values = [\"random\", \"p2c\"] "
       "or "
       "a range such as \"{1..8}\""},
      {from, texts[4],
       "a.toml:16:10: 'set' is missing in [sweep] axes.a: write set = \"load.web.arrival\", the "
       "key "
       "to set"},
      {from, texts[5], "a.toml:16:36: 'values' must hold texts and numbers, not a list"},
      {from, texts[6],
       "a.toml:16:36: 'values': '1..x' is no number and no range; write a range such as {1..8} or "
       "{400..1000 step 100}"},
      {from, texts[7], "a.toml:15:1: [sweep]: axis 'a' has no values"},
      {from, texts[8], "a.toml:17:7: 'zip' must be true or false, not 1"},
      {from, texts[9], "a.toml:15:1: [sweep]: the baseline names no axis: 'b'; known: a"},
      {from, texts[10],
       "a.toml:15:1: [sweep]: axis 'a' has no value '3' for the baseline; known: 1, 2"},
      {from, texts[11], "a.toml:17:1: unknown key 'baselin' in [sweep]; did you mean 'baseline'?"},
  });
}

TEST(ScenarioError, SaysWhatIsWrongInAHypothesis) {
  const std::string_view from = "count = 9";
  const auto expect = [](std::string_view lines) {
    return "count = 9\n[[expect]]\n" + std::string(lines);
  };
  const std::vector<std::string> texts = {
      expect("compare = 1"),
      expect("compare = \"a\"\nmetric = \"web.success\""),
      expect("compare = \"a < b\""),
      expect("compare = \"a < b\"\nmetric = \"web.offered\""),
      expect("compare = \"a < b\"\nmetric = \"wbe.success\""),
      expect("compare = \"a < b\"\nmetric = \"web.success\"\nwhere = \"rate\""),
      expect("compare = \"a < b\"\nmetric = \"web.success\"\nmax = 1"),
      expect("metric = \"web.success\"\nmax = 1\nwhere = \"rate > 1\""),
      expect("metric = \"web.success\"\nmax = 1\nconfidence = \"30%\""),
  };
  expect_lines({
      {from, texts[0], "a.toml:16:11: 'compare' must be a text, not 1"},
      {from, texts[1], "a.toml:16:12: 'compare': 'a' is no ordering; write p2c < random"},
      {from, texts[2],
       "a.toml:15:1: 'metric' is missing in [[expect]]: write metric = \"web.response.p99\""},
      {from, texts[3],
       "a.toml:17:10: 'metric' has no interval to judge by; compare means or quantiles"},
      {from, texts[4], "a.toml:17:10: 'metric' names no load: 'wbe'; did you mean 'web'?"},
      {from, texts[5], "a.toml:18:10: 'where': 'rate' is no condition; write rate >= 800"},
      {from, texts[6],
       "a.toml:18:7: 'max' cannot stand beside 'compare'; write an [[expect]] of its own"},
      {from, texts[7], "a.toml:18:9: 'where' stands beside 'compare' alone"},
      {from, texts[8], "a.toml:18:14: 'confidence' must be from 50% to 99.99%, not '30%'"},
  });
}

// Characters that mean something somewhere in a scenario.
char telling_character(Random& random) {
  constexpr std::string_view characters = "\n\"'[]{}=.,()#/%+-:@_ 019emsx\x80\xff\x01";
  return characters[random.below(characters.size())];
}

std::string mutated(std::string text, Random& random) {
  const std::uint64_t changes = 1 + random.below(4);
  for (std::uint64_t i = 0; i < changes && text.size() > 1; ++i) {
    const std::size_t at = random.below(text.size());
    const std::size_t length = 1 + random.below(20);
    const std::uint64_t kind = random.below(4);
    if (kind == 0) text.erase(at, length);
    if (kind == 1) text.insert(at, 1, telling_character(random));
    if (kind == 2) text[at] = telling_character(random);
    if (kind == 3) text.insert(random.below(text.size()), text.substr(at, length));
  }
  return text;
}

// The comments at the head would take most of the blows.
std::string without_comments(const std::string& text) {
  return text.substr(text.find("weir = "));
}

TEST(ScenarioError, EveryMutationOfAShippedFileIsReadOrHasAPlace) {
  int read = 0;
  int refused = 0;
  for (const auto& file : std::filesystem::directory_iterator(WEIR_SOURCE_DIR "/scenarios")) {
    const std::string name = file.path().filename().string();
    SCOPED_TRACE(name);
    const std::string text = without_comments(shipped(name));
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
      Random random({seed, 0}, "mutation");
      const std::string wrong = mutated(text, random);
      const auto scenario = read_scenario(wrong, "a.toml");
      ++(scenario ? read : refused);
      if (scenario) continue;
      const std::string line = scenario.error().text();
      EXPECT_TRUE(line.starts_with("a.toml:")) << "seed " << seed << ": " << line;
      EXPECT_GE(scenario.error().line, 1u) << "seed " << seed << ": " << line;
      EXPECT_GE(scenario.error().column, 1u) << "seed " << seed << ": " << line;
      EXPECT_FALSE(scenario.error().message.empty()) << "seed " << seed;
      EXPECT_EQ(line.find_first_of("\n\r"), std::string::npos) << "seed " << seed;
    }
  }
  EXPECT_GT(read, 100);
  EXPECT_GT(refused, 1000);
}

TEST(ScenarioError, EveryMutationOfAnOverrideIsReadOrNamed) {
  const std::string text = shipped("strategies.toml");
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random({seed, 0}, "override");
    const std::vector<std::string> overrides{
        mutated("load.web.retry={max=2, on=['error'], budget=\"20%\"}", random)};
    const auto scenario = read_scenario(text, "a.toml", overrides);
    if (scenario) continue;
    ++refused;
    const std::string line = scenario.error().text();
    EXPECT_TRUE(line.starts_with("--set ")) << "seed " << seed << ": " << line;
    EXPECT_EQ(line.find_first_of("\n\r"), std::string::npos) << "seed " << seed;
  }
  EXPECT_GT(refused, 500);
}

TEST(ScenarioError, EveryCutOfAShippedFileIsReadOrHasAPlace) {
  const std::string text = without_comments(shipped("pike.toml"));
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto scenario = read_scenario(text.substr(0, length), "a.toml");
    EXPECT_TRUE(scenario || scenario.error().line >= 1) << length;
  }
}

}  // namespace
}  // namespace weir::sim
