#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view base = R"toml(weir = 1
[horizon]
time = "600s"
[[load]]
name = "web"
arrival = "poisson(700/s)"
service = "exp(10ms)"
[[load]]
name = "batch"
clients = 3
service = "exp(10ms)"
[[workers]]
name = "fast"
[[workers]]
name = "slow"
)toml";

Scenario with(std::vector<std::string> overrides) {
  auto scenario = read_scenario(base, "a.toml", overrides);
  EXPECT_TRUE(scenario) << scenario.error().text();
  return scenario.value_or(Scenario{});
}

std::string complaint(std::string override) {
  const std::vector<std::string> overrides{std::move(override)};
  const auto scenario = read_scenario(base, "a.toml", overrides);
  return scenario ? "" : scenario.error().text();
}

TEST(TomlOverride, ReplacesAValueInATable) {
  EXPECT_EQ(with({"horizon.time='20s'"}).horizon.time, 20s);
}

TEST(TomlOverride, TakesWhatIsNoTomlForAText) {
  EXPECT_EQ(with({"balancer.policy=p2c(d=3)"}).balancer.policy, "p2c(d=3)");
  EXPECT_EQ(with({"horizon.time=20s"}).horizon.time, 20s);
  EXPECT_EQ(with({"name= two words # and more "}).name, "two words # and more");
}

TEST(TomlOverride, TakesTomlOfAnyKind) {
  const Scenario scenario = with({"balancer.queue={ limit = 5, overflow = 'block' }",
                                  "load.web.retry={max=2, on=[\"error\"]}", "seed=0x10"});
  EXPECT_EQ(scenario.balancer.queue.limit, 5u);
  EXPECT_FALSE(scenario.loads[0].retry.on_timeout);
  EXPECT_EQ(scenario.seed, 16u);
}

TEST(TomlOverride, CreatesAbsentTables) {
  EXPECT_EQ(with({"balancer.queue.limit=5"}).balancer.queue.limit, 5u);
  EXPECT_EQ(with({"load.batch.retry.max=1"}).loads[1].retry.max, 1u);
}

TEST(TomlOverride, AddressesTheTablesOfAListByName) {
  const Scenario scenario = with({"workers.slow.speed=0.25", "workers.fast.count=12"});
  EXPECT_EQ(scenario.workers[0].count, 12u);
  EXPECT_EQ(scenario.workers[1].speed, 0.25);
}

TEST(TomlOverride, AddressesTheTablesOfAListByIndex) {
  EXPECT_EQ(with({"load.1.clients=7"}).loads[1].clients, 7u);
}

TEST(TomlOverride, PrefersANameToAnIndex) {
  const Scenario scenario = with({"workers.slow.name='0'", "workers.0.count=3"});
  EXPECT_EQ(scenario.workers[0].count, 1u);
  EXPECT_EQ(scenario.workers[1].count, 3u);
}

TEST(TomlOverride, RenamesATable) {
  EXPECT_EQ(with({"load.0.name=api", "load.api.timeout=1s"}).loads[0].name, "api");
}

TEST(TomlOverride, AddsATableOnePastTheEnd) {
  EXPECT_EQ(with({"workers.2.name=third"}).workers[2].name, "third");
  const Scenario scenario = with({"expect.0.metric=web.response.p99", "expect.0.max=1s"});
  EXPECT_EQ(scenario.expects[0].max, 1);
}

TEST(TomlOverride, AppliesInOrder) {
  EXPECT_EQ(with({"seed=3", "seed=4"}).seed, 4u);
}

TEST(TomlOverride, IsNamedByItsErrors) {
  EXPECT_EQ(complaint("workers.fast.cuont=12"),
            "--set workers.fast.cuont=12: unknown key 'cuont' in [[workers]]; did you mean "
            "'count'?");
  EXPECT_EQ(complaint("workers.fast.count=none"),
            "--set workers.fast.count=none: 'count' must be a whole number, not 'none'");
  EXPECT_EQ(complaint("blancer.policy=p2c"),
            "--set blancer.policy=p2c: unknown key 'blancer'; did you mean 'balancer'?");
  EXPECT_EQ(complaint("load.web.retry.on=[]"),
            "--set load.web.retry.on=[]: 'max' is missing in [load.retry]: write max = 2");
  EXPECT_EQ(complaint("workers.slwo.count=2"),
            "--set workers.slwo.count=2: no entry of 'workers' is named 'slwo'; did you mean "
            "'slow'?");
  EXPECT_EQ(complaint("workers.7.count=2"),
            "--set workers.7.count=2: 'workers' has 2 entries, numbered from 0");
  EXPECT_EQ(complaint("weir.x=2"), "--set weir.x=2: 'weir' is a whole number and has no key 'x'");
  EXPECT_EQ(complaint("workers=[]"), "--set workers=[]: 'workers' is empty; write [[workers]]");
  EXPECT_EQ(complaint("load=[1]"),
            "--set load=[1]: 'load' must be a list of tables: write [[load]], not 1");
  EXPECT_EQ(complaint("fault.0.at=2s"),
            "--set fault.0.at=2s: 'kind' is missing in [[fault]]: write kind = \"crash\"");
}

TEST(TomlOverride, BlamesTheFileForWhatTheFileSays) {
  EXPECT_EQ(complaint("load.web.model=closed"),
            "a.toml:6:11: 'arrival' belongs to an open load; remove it, or write model = "
            "\"open\"");
}

TEST(TomlOverride, MustBeAnAssignment) {
  constexpr std::string_view advice = ": write KEY=VALUE, such as balancer.policy=p2c";
  for (const char* text :
       {"", "=", "=3", "seed", ".=3", "a..b=3", "a.=3", ".a=3", "a.b.c.d.e.f.g.h.i=3"}) {
    EXPECT_EQ(complaint(text), "--set " + std::string(text) + std::string(advice));
  }
}

TEST(TomlOverride, HoldsOneValueOnly) {
  EXPECT_EQ(complaint("seed=1\nname=2"),
            "--set seed=1 name=2: 'seed' must be a whole number, not '1 name=2'");
}

}  // namespace
}  // namespace weir::sim
