#include "weir/cli/arguments.h"

#include <gtest/gtest.h>

#include <limits>

namespace weir::cli {
namespace {

std::expected<Arguments, Reply> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "weir");
  words.push_back(nullptr);
  return parse_arguments(static_cast<int>(words.size()) - 1, words.data());
}

// What is wrong with the words.
std::string mistake(const std::vector<const char*>& words) {
  const auto arguments = parse(words);
  if (arguments) return "nothing";
  EXPECT_EQ(arguments.error().code, 2);
  return arguments.error().text;
}

TEST(Arguments, HaveDefaults) {
  const auto arguments = parse({"run", "pike"});

  Arguments expected;
  expected.command = Arguments::Command::run;
  expected.scenario = "pike";
  EXPECT_EQ(*arguments, expected);
}

TEST(Arguments, TakeEveryOptionOfRun) {
  const auto arguments = parse({"run", "file.toml", "--policy", "p2c(d=3)", "--set", "a.b=1",
                                "--seed", "7", "--replications", "3", "--jobs", "2", "--json",
                                "out.json", "--quiet", "--set", "c=d"});

  Arguments expected;
  expected.command = Arguments::Command::run;
  expected.scenario = "file.toml";
  expected.policies = {"p2c(d=3)"};
  expected.overrides = {"a.b=1", "c=d"};
  expected.seed = 7;
  expected.replications = 3;
  expected.jobs = 2;
  expected.json = "out.json";
  expected.quiet = true;
  EXPECT_EQ(*arguments, expected);
}

TEST(Arguments, TakePoliciesOfCompareInOrder) {
  const auto arguments = parse({"compare", "--policies", "b,a(x=1,y=2)", "pike"});

  EXPECT_EQ(arguments->command, Arguments::Command::compare);
  EXPECT_EQ(arguments->policies, (std::vector<std::string>{"b", "a(x=1,y=2)"}));
}

TEST(Arguments, TakeRealTime) {
  EXPECT_TRUE(parse({"run", "pike", "--real"})->real);
}

TEST(Arguments, TakeOptionsBeforeTheScenarioAndWithAnEqualsSign) {
  const auto arguments = parse({"run", "--seed=5", "--set=k=v=w", "pike"});

  EXPECT_EQ(arguments->scenario, "pike");
  EXPECT_EQ(arguments->seed, 5U);
  EXPECT_EQ(arguments->overrides, std::vector<std::string>{"k=v=w"});
}

TEST(Arguments, LeaveListsInOverridesWhole) {
  const auto arguments = parse({"run", "pike", "--set", "load.web.retry.on=[\"timeout\", \"x\"]"});

  EXPECT_EQ(arguments->overrides,
            std::vector<std::string>{"load.web.retry.on=[\"timeout\", \"x\"]"});
}

TEST(Arguments, TakeADashForStandardOutput) {
  EXPECT_EQ(parse({"run", "pike", "--json", "-"})->json, "-");
}

TEST(Arguments, TakeSeedsOf64Bits) {
  const auto arguments = parse({"run", "pike", "--seed", "18446744073709551615"});

  EXPECT_EQ(arguments->seed, std::numeric_limits<std::uint64_t>::max());
}

TEST(Arguments, RefuseNumbersThatAreNone) {
  for (const char* text : {"18446744073709551616", "-1", "+1", "1.5", "0x10", "1e3", "seven", " 1",
                           "1 ", "", "99999999999999999999999999999999999999"}) {
    EXPECT_EQ(mistake({"run", "pike", "--seed", text}),
              std::string("--seed takes a whole number from 0 to 18446744073709551615, not '") +
                  text + "'");
  }
}

TEST(Arguments, RefuseNumbersOutOfTheirBounds) {
  EXPECT_EQ(mistake({"run", "pike", "--replications", "0"}),
            "--replications takes a whole number from 1 to 100000, not '0'");
  EXPECT_EQ(mistake({"run", "pike", "--replications", "100001"}),
            "--replications takes a whole number from 1 to 100000, not '100001'");
  EXPECT_EQ(mistake({"run", "pike", "--jobs", "0"}),
            "--jobs takes a whole number from 1 to 1024, not '0'");
  EXPECT_EQ(mistake({"run", "pike", "--jobs", "4294967297"}),
            "--jobs takes a whole number from 1 to 1024, not '4294967297'");
}

TEST(Arguments, AskForACommand) {
  EXPECT_EQ(
      mistake({}),
      "say what to do: run, compare, sweep, merge, plan, replay, check, validate, bench or list "
      "(weir --help tells more)");
}

TEST(Arguments, SuggestTheNearestCommand) {
  EXPECT_EQ(mistake({"rnu", "pike"}), "there is no command 'rnu'; did you mean 'run'?");
  EXPECT_EQ(mistake({"dance"}),
            "there is no command 'dance'; known: run, compare, sweep, merge, plan, replay, check, "
            "validate, bench, list, help");
}

TEST(Arguments, TakeEveryOptionOfBench) {
  const auto arguments =
      parse({"bench", "cpu", "virtual", "--processors", "4,2", "--workers", "16,1,16", "--seconds",
             "1.5", "--rounds", "7", "--json", "b.json", "--csv", "-", "-q"});

  Arguments expected;
  expected.command = Arguments::Command::bench;
  expected.bench = {.subjects = {"cpu", "virtual"},
                    .processors = {2, 4},
                    .workers = {1, 16},
                    .seconds = 1.5,
                    .rounds = 7};
  expected.json = "b.json";
  expected.csv = "-";
  expected.quiet = true;
  EXPECT_EQ(*arguments, expected);
}

TEST(Arguments, SuggestTheNearestOption) {
  EXPECT_EQ(mistake({"run", "pike", "--sede=3"}),
            "there is no option '--sede' of weir run; did you mean '--seed'?");
  EXPECT_EQ(mistake({"compare", "pike", "--policy", "p2c"}),
            "there is no option '--policy' of weir compare; did you mean '--policies'?");
}

TEST(Arguments, SayWhereAnOptionBelongs) {
  EXPECT_EQ(mistake({"--seed", "3", "run", "pike"}),
            "'--seed' stands before the command; it belongs behind: weir run SCENARIO …");
}

TEST(Arguments, AskForAScenario) {
  for (const char* command : {"run", "check"}) {
    const std::string expected = "weir " + std::string(command) +
                                 " takes a scenario: a file, or a name that weir list shows";
    EXPECT_EQ(mistake({command}), expected);
    EXPECT_EQ(mistake({command, ""}), expected);
  }
}

TEST(Arguments, RefuseASecondScenario) {
  EXPECT_EQ(mistake({"run", "pike", "pike"}), "'pike' is one word too many for weir run");
  EXPECT_EQ(mistake({"list", "run"}), "'run' is one word too many for weir list");
}

TEST(Arguments, AskForTheValueOfAnOption) {
  for (const char* option : {"--set", "--seed", "--replications", "--jobs", "--json", "--policy"}) {
    EXPECT_EQ(mistake({"run", "pike", option}), std::string(option) + " lacks its value");
  }
}

TEST(Arguments, RefuseTheSameOptionTwice) {
  EXPECT_EQ(mistake({"run", "pike", "--seed", "1", "--seed", "2"}),
            "--seed may be given only once");
}

TEST(Arguments, RefuseAnOverrideWithoutAnEqualsSign) {
  EXPECT_EQ(mistake({"run", "pike", "--set", "seed"}), "--set takes KEY=VALUE, not 'seed'");
  EXPECT_EQ(mistake({"run", "pike", "--set", "[a]"}), "--set takes KEY=VALUE, not '[a]'");
  EXPECT_EQ(mistake({"run", "pike", "--set", ""}), "--set takes KEY=VALUE, not ''");
}

TEST(Arguments, RefuseBadListsOfPolicies) {
  EXPECT_EQ(mistake({"compare", "pike"}),
            "weir compare takes --policies, such as p2c,least_loaded");
  EXPECT_EQ(mistake({"compare", "pike", "--policies", ""}), "--policies has an empty place: ''");
  EXPECT_EQ(mistake({"compare", "pike", "--policies", "a,,b"}),
            "--policies has an empty place: 'a,,b'");
  EXPECT_EQ(mistake({"compare", "pike", "--policies", "a,b,a"}), "--policies names 'a' twice");
  EXPECT_EQ(mistake({"compare", "pike", "--policies", "a"}),
            "--policies takes two policies or more; 'a' is one");
}

TEST(Arguments, RefuseJobsInRealTime) {
  EXPECT_EQ(mistake({"run", "pike", "--real", "--jobs", "2"}),
            "--jobs means nothing with --real: one at a time");
}

TEST(Arguments, TakeOneKindOfTimeOrCompareBoth) {
  EXPECT_TRUE(parse({"run", "pike", "--virtual"})->virtual_time);
  EXPECT_EQ(parse({"compare", "pike", "--modes", "real,virtual"})->modes,
            (std::vector<std::string>{"real", "virtual"}));
  EXPECT_EQ(mistake({"run", "pike", "--real", "--virtual"}),
            "--real and --virtual contradict each other");
  EXPECT_EQ(mistake({"compare", "pike", "--modes", "real"}),
            "--modes takes virtual,real or real,virtual, not 'real'");
  EXPECT_EQ(mistake({"compare", "pike", "--modes", "virtual,real", "--policies", "p2c,random"}),
            "--modes compares one policy with itself: leave --policies out");
  EXPECT_EQ(mistake({"compare", "pike", "--modes", "virtual,real", "--real"}),
            "--modes says both: leave --real and --virtual out");
}

TEST(Arguments, TakeAMonitor) {
  EXPECT_TRUE(parse({"run", "pike", "--monitor"})->monitor);
  EXPECT_TRUE(parse({"compare", "pike", "--policies", "p2c,random", "--monitor"})->monitor);
}

TEST(Arguments, TakeATraceOfARun) {
  EXPECT_EQ(parse({"run", "pike", "--trace", "trace.json"})->trace, "trace.json");
  EXPECT_EQ(parse({"run", "pike"})->trace, "");
}

TEST(Arguments, RefuseATraceWithoutAFile) {
  for (const char* word : {"", "-"}) {
    EXPECT_EQ(mistake({"run", "pike", "--trace", word}), "--trace takes a file");
  }
}

TEST(Arguments, RefuseOneFileForTheTraceAndTheResult) {
  EXPECT_EQ(mistake({"run", "pike", "--trace", "a.json", "--json", "a.json"}),
            "--json and --trace take files of their own, not both 'a.json'");
}

TEST(Arguments, RefuseATraceOfAComparison) {
  EXPECT_TRUE(mistake({"compare", "pike", "--policies", "a,b", "--trace", "a.json"})
                  .starts_with("there is no option '--trace' of weir compare"));
}

TEST(Arguments, RefuseAMonitorThatIsQuiet) {
  EXPECT_EQ(mistake({"run", "pike", "--monitor", "-q"}),
            "--quiet and --monitor contradict each other");
}

TEST(Arguments, RefuseAnEmptyFileForJson) {
  EXPECT_EQ(mistake({"run", "pike", "--json", ""}),
            "--json takes a file, or - for standard output");
}

TEST(Help, IsAnAnswerAndNoMistake) {
  for (const auto& words : {std::vector<const char*>{"--help"}, {"run", "--help"}, {"-h"}}) {
    const auto arguments = parse(words);

    ASSERT_FALSE(arguments.has_value());
    EXPECT_EQ(arguments.error().code, 0);
    EXPECT_TRUE(arguments.error().text.ends_with('\n'));
  }
}

TEST(Help, IsACommandToo) {
  EXPECT_EQ(parse({"help"}).error().text, parse({"--help"}).error().text);
  EXPECT_EQ(parse({"help", "run"}).error().text, parse({"run", "--help"}).error().text);
  EXPECT_EQ(parse({"help", "run"}).error().code, 0);
  EXPECT_EQ(mistake({"help", "rnu"}), "there is no command 'rnu'; did you mean 'run'?");
  EXPECT_EQ(mistake({"hepl"}), "there is no command 'hepl'; did you mean 'help'?");
}

TEST(Help, TeachesCommandsExamplesAndExitCodes) {
  const std::string text = parse({"--help"}).error().text;

  for (const char* part :
       {"run", "compare", "check", "list", "weir run pike", "130", "Exit codes"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Help, NamesTheOptionsOfACommand) {
  const std::string text = parse({"compare", "--help"}).error().text;

  for (const char* part : {"--policies", "--set", "--seed", "--replications", "--jobs", "--real",
                           "--json", "--quiet", "--monitor"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Help, FitsIntoAHundredColumns) {
  for (const char* command : {"run", "compare", "check", "list"}) {
    const std::string text = parse({command, "--help"}).error().text;
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
      EXPECT_LE(text.find('\n', begin) - begin, 100U) << text.substr(begin, 100);
    }
  }
}

TEST(Version, IsAnAnswer) {
  const auto arguments = parse({"--version"});

  ASSERT_FALSE(arguments.has_value());
  EXPECT_EQ(arguments.error().code, 0);
  EXPECT_TRUE(arguments.error().text.starts_with("weir "));
}

}  // namespace
}  // namespace weir::cli
