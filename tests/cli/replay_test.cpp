// weir replay as its users see it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/cli/tiny_scenario.h"
#include "tests/support/folder.h"

namespace weir::cli {
namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

// Two requests a second for a minute, each of 100 ms and 1000 bytes; the newer line first.
std::string access_log(const std::string& behind = " 100000") {
  std::string text;
  for (int second = 0; second < 60; ++second) {
    const int shown = second ^ 1;
    const std::string time = (shown < 10 ? "0" : "") + std::to_string(shown);
    for (int i = 0; i < 2; ++i) {
      text += "h - - [10/Oct/2000:13:55:" + time + " +0000] \"GET / HTTP/1.1\" 200 1000" + behind +
              "\n";
    }
  }
  return text;
}

const Arguments apache = {"--duration", "last:us"};

Arguments replay(const std::string& log, const Arguments& more = apache) {
  Arguments arguments = {"replay", log, "--quiet"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Json json_of(Arguments arguments, ProgramOptions options = {}) {
  arguments.insert(arguments.end(), {"--json", "-"});
  const Ended ended = run_program(arguments, std::move(options));
  EXPECT_EQ(ended.code, 0) << ended.errors;
  return Json::parse(ended.output, nullptr, false);
}

// The one line, without "weir: " before it.
std::string complaint(const Arguments& arguments) {
  const Ended ended = run_program(arguments);
  EXPECT_EQ(ended.code, 2) << ended.output;
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(std::ranges::count(ended.errors, '\n'), 1) << ended.errors;
  return ended.errors.substr(std::min<std::size_t>(ended.errors.size(), 6));
}

TEST(Replay, SaysWhatItLearnedAndWhatItChose) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const Ended ended = run_program(replay(log));

  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_EQ(ended.errors, "");
  const std::string opening =
      log +
      ": 120 requests in 60.0 s, 2/s on average, 2 in the busiest second (common, from "
      "2000-10-10T13:55:00Z)\n"
      "arrivals are more even than a Poisson process: poisson(RATE) would overstate queues\n"
      "dispersion of counts: 0.0 in 1 s, – in 10 s; Poisson: 1\n"
      "durations: mean 100 ms, cv 0.00, p50 100 ms, p99 100 ms, max 100 ms; replayed as demand, "
      "though they hold the waiting in the logged system too\n"
      "bytes: mean 1 kB, scv 0.0, p50 1 kB, p99 1 kB, max 1 kB\n"
      "! 60 lines were out of order, as logs are that are written when requests end; put in order\n"
      "! times are whole seconds: requests are spread over their second, anew in each replication, "
      "alike for all policies\n"
      "! 1 worker, of which 0.2 would be busy on average; --workers N or a scenario says "
      "otherwise\n"
      "\n"
      "access.log: p2c\n"
      "open loop log: log(\"access.log\"), service log(\"access.log\", durations); workers: 1 "
      "worker\n";
  EXPECT_EQ(ended.output.substr(0, opening.size()), opening);
}

TEST(Replay, AnswersEveryRequestOfTheLog) {
  const Folder folder;
  const Json json = json_of(replay(folder.write("access.log", access_log()),
                                   {"--duration", "last:us", "--replications", "3"}));

  EXPECT_EQ(json["schema"], "weir-replay/1");
  EXPECT_EQ(json["log"]["requests"], 120);
  EXPECT_EQ(json["log"]["out_of_order"], 60);
  EXPECT_EQ(json["log"]["span_s"], 60);
  EXPECT_EQ(json["log"]["service"]["mean"], 0.1);
  EXPECT_NEAR(double{json["log"]["work_per_s"]}, 0.2, 1e-12);
  ASSERT_EQ(json["policies"].size(), 1u);
  EXPECT_EQ(json["policies"][0]["loads"]["log"]["offered"], 360);
  EXPECT_EQ(json["policies"][0]["loads"]["log"]["completed"], 360);
  EXPECT_EQ(json["differences"], Json::array());
}

TEST(Replay, ComparesPolicies) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const Arguments policies = {"--duration",      "last:us",   "--policies",
                              "p2c,round_robin", "--workers", "3"};
  const Json json = json_of(replay(log, policies));

  EXPECT_EQ(json["baseline"], "p2c");
  ASSERT_EQ(json["policies"].size(), 2u);
  EXPECT_EQ(json["policies"][1]["schema"], "weir-run/1");
  EXPECT_EQ(json["policies"][1]["workers"].size(), 3u);
  EXPECT_EQ(json["differences"].size(), 5u);
  const Ended ended = run_program(replay(log, policies));
  EXPECT_TRUE(ended.output.contains("\naccess.log: 2 policies, the same requests for all\n"));
}

TEST(Replay, GivesTheFiguresOfTheRunThatWroteTheLog) {
  const Folder folder;
  const std::string log = folder.path("log.csv");
  const std::string counted =
      folder.write("counted.toml",
                   "weir = 1\nname = 'tiny'\n[horizon]\nkind = 'terminating'\n"
                   "requests = 2000\nreplications = 1\n[[load]]\nname = 'web'\n"
                   "arrival = 'poisson(80/s)'\nservice = 'exp(10ms)'\n[[workers]]\n"
                   "name = 'one'\n");
  const Json ran = json_of({"run", counted, "--log", log, "--quiet"});
  const Json again = json_of(replay(log, {counted}));

  EXPECT_EQ(again["log"]["format"], "weir");
  EXPECT_EQ(again["policies"][0]["loads"], ran["loads"]);
  EXPECT_EQ(again["policies"][0]["workers"], ran["workers"]);
}

TEST(Replay, TakesWorkersAndTimeoutsFromAScenario) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const std::string tiny = tiny_scenario();
  const std::string file = folder.write("tiny.toml", tiny.substr(0, tiny.find("[[expect]]")));
  const Json json = json_of(replay(log, {file, "--duration", "last:us", "--set",
                                         "workers.one.count=2", "--set", "load.web.timeout=50ms"}));

  EXPECT_EQ(json["policies"][0]["scenario"], "tiny");
  EXPECT_EQ(json["policies"][0]["replications"], 4);
  EXPECT_EQ(json["policies"][0]["workers"].size(), 2u);
  EXPECT_EQ(json["policies"][0]["loads"]["web"]["timed_out"], 480);
}

TEST(Replay, NeedsToKnowHowLongRequestsTake) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log(""));
  EXPECT_EQ(complaint(replay(log, {})),
            log +
                " has no durations that are known: name them with --duration, or say how long "
                "requests take: --service 'const(2ms) + 4ns/B'\n");
  const Json json = json_of(replay(log, {"--service", "const(1ms) + 1us/B", "--workers", "9"}));
  EXPECT_EQ(json["policies"][0]["loads"]["log"]["service"]["max"], 0.002);
  const Ended kept = run_program(replay(log, {folder.write("tiny.toml", tiny_scenario())}));
  EXPECT_TRUE(
      kept.output.contains("! the log has no durations: service exp(10ms) is the scenario's\n"));
}

TEST(Replay, DoublesTheLoad) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const Json json = json_of(replay(log, {"--duration", "last:us", "--rate-scale", "2x"}));
  EXPECT_EQ(json["log"]["rate_per_s"], 2);
  EXPECT_EQ(json["log"]["rate_scale"], 2);
  EXPECT_NEAR(double{json["log"]["work_per_s"]}, 0.4, 1e-12);
  EXPECT_NEAR(double{json["policies"][0]["loads"]["log"]["goodput_per_s"]}, 4, 0.1);
}

TEST(Replay, CutsAWindow) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const auto requests = [&](const Arguments& window) {
    Arguments more = apache;
    more.insert(more.end(), window.begin(), window.end());
    return json_of(replay(log, more))["log"]["requests"].get<int>();
  };
  EXPECT_EQ(requests({"--from", "10s", "--for", "5s"}), 10);
  EXPECT_EQ(requests({"--for", "5s"}), 10);
  EXPECT_EQ(requests({"--from", "2000-10-10T13:55:50Z"}), 20);
  EXPECT_EQ(requests({"--from", "[10/Oct/2000:15:55:50 +0200]", "--for", "4s"}), 8);
}

TEST(Replay, ReadsAPipe) {
  const Folder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int end = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(end, 0);
  const std::string text = access_log();
  ASSERT_EQ(::write(end, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  Program program(replay("-"), {.input = pipe});
  ::close(end);
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_TRUE(ended.output.starts_with("standard input: 120 requests in 60.0 s,")) << ended.output;
}

TEST(Replay, WritesAScenarioThatRuns) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const std::string written = folder.path("out.toml");
  const Json json = json_of(replay(log, {"--duration", "last:us", "--write", written}));
  EXPECT_EQ(
      folder.read("out.toml"),
      "# " + log +
          " as weir replay read it: its requests come when they came; their demands are drawn "
          "from its own.\n\n"
          "weir = 1\nname = \"access.log\"\nseed = 1\n\n"
          "[horizon]\nkind = \"terminating\"\nrequests = 120\nreplications = 10\n\n"
          "[[load]]\nname = \"log\"\narrival = 'trace(\"out.csv\", column=\"time\")'\n"
          "service = 'empirical(\"out.csv\", column=\"service\")'\n"
          "size = 'empirical(\"out.csv\", column=\"bytes\")'\n\n"
          "[[workers]]\nname = \"worker\"\ncount = 1\n");
  EXPECT_TRUE(folder.read("out.csv").starts_with("time,service,bytes\n0."));
  EXPECT_EQ(std::ranges::count(folder.read("out.csv"), '\n'), 121);

  const Json again = json_of({"run", written, "--quiet"});
  EXPECT_EQ(again["loads"]["log"]["offered"], 1200);
  EXPECT_EQ(run_program({"check", written}).code, 0);
  EXPECT_EQ(run_program({"plan", written, "--slo", "p50<1s", "--quiet"}).code, 0);
}

TEST(Replay, WritesTheScenarioItWasGivenWithItsLoadReplaced) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log(""));
  const std::string written = folder.path("out.toml");
  const Ended ended = run_program(replay(
      log, {"pike", "--service", "exp(1ms)", "--set", "workers.pool.count=3", "--write", written}));
  EXPECT_EQ(ended.code, 1) << ended.errors;  // The expectations are of another load.
  const std::string toml = folder.read("out.toml");
  EXPECT_TRUE(toml.contains("service = \"exp(1ms)\"")) << toml;
  EXPECT_TRUE(toml.contains("count = 3")) << toml;
  EXPECT_FALSE(toml.contains("clients")) << toml;
  EXPECT_EQ(run_program({"check", written, "--quiet"}).errors, "");
}

TEST(Replay, LetsOtherLoadsGoOnBesideTheLog) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const std::string tiny = tiny_scenario();
  const std::string beside =
      "[[load]]\nname = \"b\"\nclients = 1\nthink = \"const(1s)\"\nservice = \"const(1ms)\"\n";
  const std::string file =
      folder.write("two.toml", tiny.substr(0, tiny.find("[[expect]]")) + beside);
  const std::string written = folder.path("out.toml");
  const Json loads = json_of(
      replay(log, {file, "--duration", "last:us", "--write", written}))["policies"][0]["loads"];

  EXPECT_EQ(loads["web"]["offered"], 480);
  EXPECT_EQ(loads["web"]["completed"], 480);
  EXPECT_GT(loads["b"]["completed"], 100);
  const std::string toml = folder.read("out.toml");
  EXPECT_TRUE(toml.contains("time = \"60.001s\"\n")) << toml;
  EXPECT_TRUE(toml.contains("[shutdown]\nat = \"end\"\n")) << toml;
  EXPECT_EQ(run_program({"check", written, "--quiet"}).errors, "");
}

TEST(Replay, WritesALineForEveryRequestAndATrace) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const Ended ended =
      run_program(replay(log, {"--duration", "last:us", "--replications", "2", "--log",
                               folder.path("out.csv"), "--trace", folder.path("trace.json")}));

  EXPECT_EQ(ended.code, 0) << ended.errors;
  const std::string lines = folder.read("out.csv");
  EXPECT_EQ(std::ranges::count(lines, '\n'), 1 + 2 * 120);
  EXPECT_TRUE(lines.contains("\n1,log,119,")) << lines;
  EXPECT_TRUE(Json::parse(folder.read("trace.json")).contains("traceEvents"));
}

TEST(Replay, WritesWhatItCanReplay) {
  const Folder folder;
  const std::string log = folder.path("log.csv");
  const Json first = json_of(
      replay(folder.write("access.log", access_log()),
             {"--duration", "last:us", "--replications", "1", "--workers", "2", "--log", log}));
  const Json again = json_of(replay(log, {"--replications", "1", "--workers", "2"}));
  EXPECT_EQ(again["policies"][0]["loads"]["log"], first["policies"][0]["loads"]["log"]);
}

TEST(Replay, KeepsTheLogThatItReads) {
  const Folder folder;
  const std::string log = folder.write("log.csv", "time,duration\n0,1\n1,1\n");
  EXPECT_EQ(complaint(replay(log, {"--log", folder.path("./log.csv")})),
            "--log would overwrite the log that is replayed, '" + folder.path("./log.csv") + "'\n");
  EXPECT_EQ(complaint(replay(log, {"--json", log})),
            "--json would overwrite the log that is replayed, '" + log + "'\n");
  EXPECT_EQ(folder.read("log.csv"), "time,duration\n0,1\n1,1\n");
}

TEST(Replay, TakesOneReplicationOfWeirsOwnLog) {
  const Folder folder;
  const std::string log = folder.write("log.csv",
                                       "replication,intended,started,finished\n0,1,1,2\n0,2,2,3\n"
                                       "1,1,1,2\n1,2,2,3\n1,4,4,5\n");
  const Ended ended = run_program(replay(log, {"--replication", "1"}));
  EXPECT_EQ(ended.code, 0) << ended.errors;
  EXPECT_TRUE(ended.output.contains("3 requests in 4.00 s, ")) << ended.output;
  EXPECT_TRUE(ended.output.contains("(weir's own log, replication 1)\n")) << ended.output;
  EXPECT_TRUE(
      ended.output.contains("! the log holds 2 replications, and number 1 alone is "
                            "replayed; --replication N chooses\n"))
      << ended.output;
  const Json json = json_of(replay(log, {}));
  EXPECT_EQ(json["log"]["requests"], 2);
  EXPECT_EQ(json["log"]["replication"], 0);
  EXPECT_EQ(json["log"]["replications"], 2);
  EXPECT_EQ(complaint(replay(log, {"--replication", "2"})),
            log + ": it has no replication 2, only 0 to 1\n");
  EXPECT_EQ(
      complaint(replay(folder.write("access.log", access_log()), {"--replication", "0"})),
      folder.path("access.log") + ": it is no log of weir's own, so it has no --replication\n");
}

TEST(Replay, SaysHowFarItReadWhenInterrupted) {
  const Folder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int end = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(end, 0);
  const std::string text = access_log();
  ASSERT_EQ(::write(end, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  Program program({"replay", "-", "--duration", "last:us"}, {.input = pipe});
  // What it has read is no longer in the pipe; then it waits for more.
  for (int left = 1; left > 0;) ASSERT_EQ(::ioctl(end, FIONREAD, &left), 0);
  program.send(SIGINT);
  const Ended ended = program.end();
  ::close(end);

  EXPECT_EQ(ended.code, 130);
  EXPECT_EQ(ended.output, "");
  EXPECT_EQ(ended.errors,
            "weir: interrupted while reading standard input, after line 120; nothing was run\n");
}

TEST(Replay, SaysBeforehandHowLongItTakesInRealTime) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  Program program({"replay", log, "--duration", "last:us", "--real", "--policies",
                   "p2c,round_robin", "--rate-scale", "2x", "--monitor"});
  EXPECT_TRUE(program.wait_for_error(
      "^weir: in real time this takes 60 s; Ctrl-C ends it with a report\n"));
  ASSERT_TRUE(program.wait_for_error("0 of 2 replications"));
  program.send(SIGINT);
  EXPECT_EQ(program.end().code, 130);
}

TEST(Replay, ReportsWhatIsCompleteWhenInterrupted) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  Program program({"replay", log, "--duration", "last:us", "--real", "--monitor", "--json", "-"});
  ASSERT_TRUE(program.wait_for_error("0 of 1 replications"));
  program.send(SIGINT);
  const Ended ended = program.end();

  EXPECT_EQ(ended.code, 130);
  EXPECT_EQ(Json::parse(ended.output)["log"]["requests"], 120);
}

TEST(Replay, GivesTheSameBytesWhateverTheJobs) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const auto without_wall = [&](const std::string& jobs) {
    Json json = json_of(replay(log, {"--duration", "last:us", "--jobs", jobs}));
    json["policies"][0].erase("wall_s");
    return json;
  };
  EXPECT_EQ(without_wall("1"), without_wall("4"));
}

TEST(Replay, SaysWhatIsWrongWithItsWords) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const auto wrong = [&](const Arguments& more) { return complaint(replay(log, more)); };

  EXPECT_EQ(complaint({"replay"}), "weir replay takes a log: a file, or - for standard input\n");
  EXPECT_EQ(complaint({"replay", "/none"}), "cannot read '/none': there is no such file\n");
  EXPECT_EQ(complaint({"replay", folder.path()}),
            "cannot read '" + folder.path() + "': Is a directory\n");
  EXPECT_EQ(wrong({"--format", "cvs"}), "--format knows no 'cvs'; did you mean 'csv'?\n");
  EXPECT_EQ(wrong({"--duration", "last:sec"}),
            "--duration takes a name, and after a colon s, ms, us or ns, not 'last:sec'\n");
  EXPECT_EQ(wrong({"--stamped", "late"}), "--stamped takes start or end, not 'late'\n");
  EXPECT_EQ(wrong({"--bad-lines", "few"}), "--bad-lines takes a share such as 1%, not 'few'\n");
  EXPECT_EQ(wrong({"--rate-scale", "0x"}),
            "--rate-scale takes a factor from 0.001x to 1000000x, such as 2x, not '0x'\n");
  EXPECT_EQ(wrong({"--from", "noon"}),
            "--from takes a time such as 2026-11-22T18:00:00Z, or 10m after the first request, not "
            "'noon'\n");
  EXPECT_EQ(wrong({"--for", "0s"}), "--for takes a time such as 1h, not '0s'\n");
  EXPECT_EQ(wrong({"--write", "out.csv"}),
            "--write takes a file that ends in .toml, not 'out.csv'\n");
  EXPECT_EQ(wrong({"--service", "exp(1)"}).substr(0, 18), "--service exp(1): ");
  EXPECT_EQ(wrong({"pike", "--workers", "3"}),
            "--workers is for a replay without a scenario: --set workers.NAME.count=3\n");
  EXPECT_EQ(wrong({"--policies", "p2c,random,round_robin", "--log", "out.csv"}),
            "--log is of one policy, and --policies names 3: replay under one at a time\n");
  EXPECT_EQ(wrong({"--policies", "p2c,random", "--trace", "out.json"}),
            "--trace is of one policy, and --policies names 2: replay under one at a time\n");
  EXPECT_EQ(wrong({"--policies", "p2c,"}), "--policies has an empty place: 'p2c,'\n");
}

TEST(Replay, LeavesToTheLogWhatItSays) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log());
  const auto wrong = [&](const std::string& assignment) {
    return complaint(replay(log, {"--duration", "last:us", "--set", assignment}));
  };
  EXPECT_EQ(wrong("load.log.arrival=poisson(1/s)"),
            "--set load.log.arrival: that is for the log to say\n");
  EXPECT_EQ(wrong("load.log.service=exp(1s)"),
            "--set load.log.service: that is for the log to say\n");
  EXPECT_EQ(wrong("horizon.time=9s"),
            "--set horizon.time: that is for the log to say; --from and --for cut it\n");
}

TEST(Replay, SaysWhichLinesItCouldNotRead) {
  const Folder folder;
  const std::string log = folder.write("access.log", access_log() + "cut o");
  const Ended ended = run_program(replay(log));
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(ended.output.contains(
      "! 1 bad line is left out; line 121: there is no time in brackets, such as "
      "[10/Oct/2000:13:55:36 -0700]\n"))
      << ended.output;
  EXPECT_EQ(complaint(replay(log, {"--bad-lines", "0%"})),
            log +
                ": 1 of 121 lines are bad, more than the 0% of --bad-lines; line 121: there is no "
                "time in brackets, such as [10/Oct/2000:13:55:36 -0700]\n");
}

}  // namespace
}  // namespace weir::cli
