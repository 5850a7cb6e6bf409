// What the reader says of a [[fault]] that makes no sense, word for word, and how its keys are
// addressed from the command line.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/base_scenario.h"
#include "weir/sim/scenario_file.h"

namespace weir::sim {
namespace {

// The base has nine workers "fast"; the fault's keys begin in line 16.
std::string text_of(std::string_view keys) {
  return std::string(base) + "[[fault]]\n" + std::string(keys) + "\n";
}

struct Case {
  std::string_view keys;
  std::string_view line;
};

void expect_lines(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const auto scenario = read_scenario(text_of(c.keys), "a.toml");
    ASSERT_FALSE(scenario) << c.keys;
    EXPECT_EQ(scenario.error().text(), c.line) << c.keys;
  }
}

TEST(FaultError, SaysWhatIsMissing) {
  expect_lines({
      {"at = '1s'", R"(a.toml:15:1: 'kind' is missing in [[fault]]: write kind = "crash")"},
      {"kind = 'crash'",
       R"(a.toml:15:1: 'at' is missing in [[fault]]: write at = "20s", or uptime and downtime)"},
      {"kind = 'crash'\nuptime = 'exp(1s)'",
       R"toml(a.toml:15:1: 'downtime' is missing in [[fault]]: write downtime = "exp(1m)")toml"},
      {"kind = 'slow'\nat = '1s'",
       "a.toml:15:1: 'factor' is missing in [[fault]]: write factor = 4"},
      {"kind = 'cold_start'\nat = '1s'\nfactor = 2",
       R"(a.toml:15:1: 'for' is missing in [[fault]]: write for = "10s")"},
      {"kind = 'restart'\nat = '1s'",
       R"(a.toml:15:1: 'for' is missing in [[fault]]: write for = "10s")"},
      {"kind = 'late_reply'\nat = '1s'",
       R"toml(a.toml:15:1: 'delay' is missing in [[fault]]: write delay = "exp(100ms)")toml"},
      {"kind = 'scale'\nat = '1s'",
       "a.toml:15:1: 'concurrency' is missing in [[fault]]: write concurrency = 2, or count"},
      {"kind = 'stale'\nat = '1s'",
       R"(a.toml:15:1: 'age' is missing in [[fault]]: write age = "1s")"},
      {"kind = 'crash'\nat = '1s'\ncold = { factor = 2 }",
       R"(a.toml:18:8: 'for' is missing in [[fault]] cold: write for = "30s")"},
  });
}

TEST(FaultError, SaysWhatIsWrong) {
  expect_lines({
      {"kind = 'crahs'\nat = '1s'",
       "a.toml:16:9: 'kind': 'crahs' is no kind of fault; did you mean 'crash'?"},
      {"kind = 3\nat = '1s'", R"(a.toml:16:8: 'kind' must be a text such as "crash", not 3)"},
      {"kind = 'slow'\nat = '1s'\nfactr = 4",
       "a.toml:18:1: unknown key 'factr' in [[fault]]; did you mean 'factor'?"},
      {"kind = 'slow'\nat = '1s'\nfactor = 1", "a.toml:18:10: 'factor' must be above 1, not 1"},
      {"kind = 'crash'\nat = '1s'\nfactor = 4",
       R"(a.toml:18:10: 'factor' belongs to kind = "slow" or "cold_start"; remove it)"},
      {"kind = 'freeze'\nat = '1s'\nshare = '5%'",
       "a.toml:18:9: 'share' belongs to kind = \"error\", \"lost_reply\" or \"late_reply\"; "
       "remove it"},
      {"kind = 'crash'\nat = '600s'", "a.toml:17:6: 'at' is not before the end of the run"},
      {"kind = 'crash'\nat = '1s'\nuptime = 'exp(1s)'\ndowntime = 'exp(1s)'",
       "a.toml:17:6: 'at' cannot stand beside 'uptime', which says when; remove one"},
      {"kind = 'crash'\nat = '1s'\nfor = '2s'\nevery = '1s'",
       "a.toml:19:9: 'every' must be at least 'for': one is over before the next begins"},
      {"kind = 'crash'\nat = '1s'\nevery = '1s'",
       "a.toml:18:9: 'every' must be at least 'for': one is over before the next begins"},
      {"kind = 'crash'\nat = '1s'\nfraction = '0%'", "a.toml:18:12: 'fraction' must be above 0%"},
      {"kind = 'crash'\nat = '1s'\nreplies = 'slow'",
       R"(a.toml:18:11: 'replies' must be "refused" or "lost", not 'slow')"},
      {"kind = 'scale'\nat = '1s'\nconcurrency = 2\ncount = 3",
       "a.toml:19:9: 'count' cannot stand beside 'concurrency'; keep one"},
      {"kind = 'scale'\nat = '1s'\ncount = 9\ntarget = 'fast'",
       "a.toml:18:9: 'count' is what fast has already"},
      {"kind = 'scale'\nat = '1s'\ncount = 10\ntarget = 'fast[3]'",
       "a.toml:19:10: 'target' names one worker, and 'count' brings others; write the group"},
      {"kind = 'scale'\nat = '1s'\ncount = 10\nfraction = '50%'",
       "a.toml:19:12: 'fraction' cannot stand beside a 'count' that brings workers"},
      {"kind = 'scale'\nuptime = 'exp(1s)'\ndowntime = 'exp(1s)'\ncount = 10",
       "a.toml:17:10: 'uptime' cannot stand beside a 'count' that brings workers; write at"},
      {"kind = 'stale'\nat = '1s'\nage = '1s'\ntarget = 'fast'",
       "a.toml:19:10: 'target' has no place here: the balancer's view is stale; remove it"},
      {"kind = 'crash'\nuptime = 'const(0s)'\ndowntime = 'exp(1s)'",
       "a.toml:17:10: 'uptime' must be above 0 on average"},
  });
}

TEST(FaultError, SaysWhomItCannotStrike) {
  expect_lines({
      {"kind = 'crash'\nat = '1s'\ntarget = 'fsat'",
       "a.toml:18:10: 'target' names no group of workers: 'fsat'; did you mean 'fast'?"},
      {"kind = 'crash'\nat = '1s'\ntarget = 'fast[9]'",
       "a.toml:18:10: 'target' names no worker: fast has 9, numbered from 0"},
      {"kind = 'crash'\nat = '1s'\ntarget = 'fast[x]'",
       "a.toml:18:11: 'target': 'fast[x]' is no target; write \"fast[3]\", \"fast[*]\" or \"*\""},
      {"kind = 'crash'\nat = '1s'\ntarget = '[1]'",
       "a.toml:18:11: 'target': '[1]' is no target; write \"fast[3]\", \"fast[*]\" or \"*\""},
      {"kind = 'crash'\nat = '1s'\n[[workers]]\nname = 'busy'\nwork = 'cpu'",
       "a.toml:16:8: 'kind' cannot strike busy: work = \"cpu\" cannot be interrupted; write work = "
       "\"wait\" there"},
  });
}

TEST(FaultError, SaysThatARunOfSoManyRequestsMustEnd) {
  const auto line = [](std::string_view keys) {
    const std::vector<std::string> overrides = {"horizon={requests=10}"};
    const auto scenario = read_scenario(text_of(keys), "a.toml", overrides);
    return scenario ? std::string() : scenario.error().text();
  };
  EXPECT_EQ(line("kind = 'freeze'\nat = '1s'"),
            R"(a.toml:15:1: 'for' is missing in [[fault]]: write for = "10s")");
  EXPECT_EQ(line("kind = 'hang'\nat = '1s'\nfor = '1s'"),
            "a.toml:16:8: 'kind' loses replies, and load 'web' waits for them for ever: give it a "
            "timeout");
  EXPECT_EQ(line("kind = 'freeze'\nat = '1s'\nfor = '1s'"), "");
}

TEST(FaultError, SaysThatSuchWorkersTakeNoPayload) {
  const std::vector<std::string> overrides = {
      "load.web.size='const(1MiB)'", "load.web.upload={bandwidth='const(1MiB/s)', holds='worker'}"};
  const auto scenario = read_scenario(text_of("kind = 'freeze'\nat = '1s'"), "a.toml", overrides);
  ASSERT_FALSE(scenario);
  EXPECT_EQ(scenario.error().text(),
            "a.toml:6:1: 'load' 'web' uploads to workers, which no worker takes that shares its "
            "processor or may fail; write holds = \"slot\"");
}

TEST(FaultError, ReadsWhatIsRight) {
  const std::vector<std::string> overrides = {"fault.0.at=20s", "fault.0.factor=8"};
  const auto scenario = read_scenario(
      text_of("kind = 'slow'\nat = '1s'\nfor = '5s'\nevery = '1m'\nfactor = 4\ntarget = 'fast[3]'\n"
              "fraction = '50%'\n[[fault]]\nkind = 'restart'\nat = '2s'\nfor = '1s'\nbatch = 2\n"
              "cold = { factor = 3, for = '4s' }"),
      "a.toml", overrides);
  ASSERT_TRUE(scenario) << scenario.error().text();
  const Fault slow{.kind = Fault::Kind::slow,
                   .group = "fast",
                   .number = 3,
                   .fraction = 0.5,
                   .at = 20s,
                   .time = 5s,
                   .every = 60s,
                   .factor = 8};
  EXPECT_EQ(scenario->faults[0], slow);
  const Fault restart{.kind = Fault::Kind::restart,
                      .at = 2s,
                      .time = 1s,
                      .grace = 30s,
                      .batch = 2,
                      .cold = ColdStart{.factor = 3, .time = 4s}};
  EXPECT_EQ(scenario->faults[1], restart);
}

}  // namespace
}  // namespace weir::sim
