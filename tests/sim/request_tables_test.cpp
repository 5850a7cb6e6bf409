// What lies between requesters and the balancer, as scenarios spell it, and each mistake word for
// word.

#include "weir/sim/request_tables.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/base_scenario.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

std::string changed(std::string_view from, std::string_view to) {
  std::string text(base);
  return text.replace(text.find(from), from.size(), to);
}

// The base with something more in its load, at line 7.
Scenario with_load(const std::string& more) {
  auto scenario = read_scenario(changed(R"(name = "web")", "name = \"web\"\n" + more), "a.toml");
  EXPECT_TRUE(scenario) << scenario.error().text();
  return scenario.value_or(Scenario{});
}

// `to` in the place of `from`, and the complaint.
struct Case {
  std::string_view from;
  std::string to;
  std::string_view line;
};

constexpr std::string_view in_load = R"(name = "web")";
constexpr std::string_view in_balancer = R"(policy = "p2c")";
constexpr std::string_view at_root = R"(name = "base")";

void expect_lines(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const auto scenario = read_scenario(changed(c.from, c.to), "a.toml");
    ASSERT_FALSE(scenario) << c.to;
    EXPECT_EQ(scenario.error().text(), c.line) << c.to;
  }
}

TEST(RequestTables, ReadEveryKeyOfAnUpload) {
  const Scenario scenario = with_load(
      "size = 'exp(1MiB)'\nupload = { bandwidth = 'uniform(50KiB/s, 2MiB/s)', chunk = '16KiB', "
      "stall = '2%: 5s', holds = 'worker' }\n");
  const Upload& upload = *scenario.loads[0].upload;
  EXPECT_EQ(upload.bandwidth.mean(), (50 * 1024 + 2 * 1048576) / 2.0);
  EXPECT_EQ(upload.chunk, 16384u);
  EXPECT_EQ(upload.stall_share, 0.02);
  EXPECT_EQ(upload.stall.text(), "const(5s)");
  EXPECT_EQ(upload.holds, Upload::Holds::worker);
  const Scenario plain = with_load("size = 'exp(1MiB)'\nupload = { bandwidth = 'exp(1MiB/s)' }\n");
  EXPECT_EQ(plain.loads[0].upload->chunk, 65536u);
  EXPECT_EQ(plain.loads[0].upload->holds, Upload::Holds::slot);
  const Scenario drawn = with_load(
      "size = 'exp(1MiB)'\nupload = { bandwidth = 'exp(1MiB/s)', stall = '1%: exp(5s)' }\n");
  EXPECT_EQ(drawn.loads[0].upload->stall.text(), "exp(5s)");
}

TEST(RequestTables, ReadHedgesKeysAndHowAttemptsEnd) {
  const Load time = with_load("hedge = { after = '20ms', max = 2 }\n").loads[0];
  EXPECT_EQ(*time.hedge->after, 20ms);
  EXPECT_EQ(time.hedge->max, 2u);
  const Load quantile = with_load("hedge = { after = 'p95' }\n").loads[0];
  EXPECT_EQ(*quantile.hedge->quantile, 0.95);
  EXPECT_FALSE(quantile.hedge->after);
  const Load other =
      with_load("key = 'zipf(1000, s=1.1)'\npriority = -3\ncancel_on_timeout = false\n").loads[0];
  EXPECT_EQ(other.key->text(), "zipf(1000, s=1.1)");
  EXPECT_EQ(other.priority, -3);
  EXPECT_FALSE(other.cancel_on_timeout);
}

TEST(RequestTables, ReadTheDoorTheNetworkAndTheShutdown) {
  const auto scenario = read_scenario(
      changed(in_balancer,
              "slots = 100\nadmission = { rate = 'token(1000/s, burst=50)', overflow = 'block' }\n"
              "[network]\nlatency = 'exp(0.3ms)'\n[shutdown]\nat = '30s'\ndrain = '5s'\n"),
      "a.toml");
  ASSERT_TRUE(scenario) << scenario.error().text();
  EXPECT_EQ(*scenario->balancer.slots, 100u);
  const pool::RateLimit limit{.tokens = 1000, .per = 1s, .burst = 50};
  EXPECT_EQ(scenario->balancer.admission->limit, limit);
  EXPECT_EQ(scenario->balancer.admission->overflow, Admission::Overflow::block);
  EXPECT_EQ(scenario->network->latency.text(), "exp(300us)");
  EXPECT_EQ(scenario->network->loss, 0);
  EXPECT_EQ(*scenario->shutdown->at, 30s);
  EXPECT_EQ(scenario->shutdown->drain, 5s);
}

TEST(RequestTables, ReadRatesOfTokensExactly) {
  const auto limit = [](std::string_view text) { return parse_token_rate(text).value(); };
  EXPECT_EQ(limit("token(1000/s)"), (pool::RateLimit{.tokens = 1000, .per = 1s, .burst = 1}));
  EXPECT_EQ(limit("token(2.5/s, 7)"), (pool::RateLimit{.tokens = 25, .per = 10s, .burst = 7}));
  EXPECT_EQ(limit("token(7/min)"), (pool::RateLimit{.tokens = 7, .per = 60s, .burst = 1}));
  EXPECT_EQ(limit("token(11/h)"), (pool::RateLimit{.tokens = 11, .per = 1h, .burst = 1}));
}

TEST(RequestTables, SayWhatIsWrongInAnUpload) {
  expect_lines({
      {in_load, "upload = { chunk = '1KiB' }",
       "a.toml:7:10: 'bandwidth' is missing in [load.upload]: write bandwidth = "
       "\"const(1MiB/s)\""},
      {in_load, "upload = { bandwidth = 'const(0B/s)' }",
       "a.toml:7:24: 'bandwidth' must be above 0"},
      {in_load, "upload = { bandwidth = 'const(1MiB)' }",
       "a.toml:7:31: 'bandwidth': value: '1MiB' has no unit; write a bandwidth such as 2MiB/s"},
      {in_load, "upload = { bandwidth = 'exp(1MiB/s)' }",
       "a.toml:7:10: 'upload' needs the length of the payload: add size = \"exp(1MiB)\""},
      {in_load, "size = 'exp(2MiB)'\nupload = { bandwidth = 'exp(1MiB/s)', chunk = '1B' }",
       "a.toml:8:10: 'upload' makes more than a million chunks of a payload; write greater ones"},
      {in_load, "upload = { bandwidth = 'exp(1MiB/s)', chunk = '0B' }",
       "a.toml:7:47: 'chunk' must lie between 1B and 1TiB"},
      {in_load, "upload = { bandwidth = 'exp(1MiB/s)', stall = '5s' }",
       "a.toml:7:48: 'stall': write a share of the chunks and how long: 2%: 5s"},
      {in_load, "upload = { bandwidth = 'exp(1MiB/s)', holds = 'slots' }",
       "a.toml:7:47: 'holds' must be \"slot\", \"worker\" or \"nothing\", not 'slots'"},
      {in_load,
       "cancel_on_timeout = false\nsize = 'exp(1MiB)'\n"
       "upload = { bandwidth = 'exp(1MiB/s)', holds = 'worker' }",
       "a.toml:9:10: 'upload' to a worker ends with its sender; remove cancel_on_timeout = false"},
  });
}

TEST(RequestTables, SayWhatIsWrongInHedgesAndKeys) {
  expect_lines({
      {in_load, "hedge = {}",
       "a.toml:7:9: 'after' is missing in [load.hedge]: write after = \"p95\" or after = "
       "\"20ms\""},
      {in_load, "hedge = { after = 'p100' }",
       "a.toml:7:20: 'after': write a quantile from p1 to p99.9, or a time"},
      {in_load, "hedge = { after = '5000d' }", "a.toml:7:19: 'after' must be at most 3660d"},
      {in_load, "hedge = { after = 'p95', max = 0 }",
       "a.toml:7:32: 'max' must be at least 1, not 0"},
      {in_load, "hedge = { after = 'p95', max = 9 }\nretry = { max = 30 }",
       "a.toml:7:9: 'hedge' and retries make more than 256 attempts of one request"},
      {in_load, "key = 'zipf(0)'", "a.toml:7:13: 'key': n must lie between 1 and 1000000"},
      {in_load, "key = 'zipff(10)'", "a.toml:7:8: 'key': write zipf(1000, s=1.1) or uniform(1000)"},
      {in_load, "priority = 0.5", "a.toml:7:12: 'priority' must be a whole number"},
      {in_load, "cancel_on_timeout = 'no'",
       "a.toml:7:21: 'cancel_on_timeout' must be true or false, not 'no'"},
      {in_load, "class = ''", "a.toml:7:9: 'class' must not be empty"},
  });
}

TEST(RequestTables, SayWhatIsWrongInTheDoorTheNetworkAndTheShutdown) {
  expect_lines({
      {in_balancer, "slots = 0", "a.toml:11:9: 'slots' must be at least 1, not 0"},
      {in_balancer, "admission = {}",
       "a.toml:11:13: 'rate' is missing in [balancer] admission: write rate = \"token(1000/s, "
       "burst=50)\""},
      {in_balancer, "admission = { rate = '1000/s' }",
       "a.toml:11:23: 'rate': write token(1000/s, burst=50)"},
      {in_balancer, "admission = { rate = 'token(0.7777777/s)' }",
       "a.toml:11:23: 'rate': the rate must be whole in some period, such as 15/min"},
      {in_balancer, "admission = { rate = 'token(7/d, burst=1000000)' }",
       "a.toml:11:23: 'rate': so great a burst needs a rate that is whole in a second"},
      {at_root, "[network]\nlatency = '1ms'",
       "a.toml:3:12: 'latency': expected a distribution; write const(1ms)"},
      {at_root, "[network]\nlatency = 'const(1ms) + 1ns/B'",
       "a.toml:3:11: 'latency' cannot depend on the size"},
      {at_root, "[network]\nloss = '1%'",
       "a.toml:2:1: 'network' loses requests, and load 'web' waits for them for ever: give it a "
       "timeout"},
      {"warmup = \"60s\"", "[shutdown]\nat = '600s'",
       "a.toml:6:6: 'at' must come before the end of the horizon; write \"end\" for that"},
      {at_root, "[shutdown]\nat = 'End'",
       "a.toml:3:7: 'at': expected a time such as 10ms, found 'End'"},
  });
}

}  // namespace
}  // namespace weir::sim
