#include "weir/sim/request_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/support/experiment.h"
#include "weir/runtime/run.h"
#include "weir/sim/simulation.h"

namespace weir::sim {
namespace {

// A folder of its own for each test, which goes with it.
class RequestLogFile : public testing::Test {
 protected:
  RequestLogFile() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("weir_request_log_" + std::string(test->name()));
    std::filesystem::create_directories(folder_);
  }
  ~RequestLogFile() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static std::string text_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  static std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  std::size_t files() const {
    const std::filesystem::directory_iterator all(folder_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  // Replications in the given order, with no warm-up.
  static void run(const std::string& toml, const RequestLogOptions& options,
                  const std::vector<std::uint32_t>& order, const std::string& policy = "p2c") {
    const Experiment experiment = make_experiment(toml, {"balancer.policy=" + policy});
    RequestLogs logs(options, static_cast<std::uint32_t>(order.size()));
    for (const std::uint32_t number : order) {
      RequestLog log = logs.begin(experiment.scenario, number);
      VirtualOptions virtual_options;
      virtual_options.seed = experiment.scenario.seed;
      virtual_options.replication = number;
      run_virtual(simulate(experiment, {.number = number, .log = &log}), virtual_options);
    }
    const auto finished = logs.finish();
    ASSERT_TRUE(finished) << finished.error();
  }

  static std::string scenario(const std::string& arrival, const std::string& service,
                              const std::string& more = "") {
    return "weir = 1\n[horizon]\ntime = '1s'\nwarmup = 'none'\n[[load]]\nname = 'web'\narrival = "
           "'" +
           arrival + "'\nservice = '" + service + "'\n" + more +
           "[balancer]\nqueue = { limit = 1 }\n[[workers]]\nname = 'only'\n";
  }

  std::filesystem::path folder_;
};

TEST_F(RequestLogFile, HasARowForEveryRequest) {
  const std::string file = path("log.csv");
  run(scenario("const(4/s)", "const(600ms)"), {.file = file}, {0});
  EXPECT_EQ(text_of(file),
            "replication,load,request,intended,sent,accepted,started,finished,ended,worker,"
            "attempts,hedges,outcome,reason,counted\n"
            "0,web,2,0.500000000,0.500000000,0.500000000,,,0.500000000,,1,0,rejected,"
            "every queue is full,1\n"
            "0,web,0,0.000000000,0.000000000,0.000000000,0.000000000,0.600000000,0.600000000,"
            "only[0],1,0,completed,,1\n"
            "0,web,3,0.750000000,0.750000000,0.750000000,,,1.000000000,,1,0,in_flight,,1\n"
            "0,web,1,0.250000000,0.250000000,0.250000000,0.600000000,1.200000000,1.200000000,"
            "only[0],1,0,in_flight,,1\n");
}

TEST_F(RequestLogFile, IsAnObjectForEveryRequestAsJsonLines) {
  const std::string file = path("log.jsonl");
  run(scenario("const(1/s)", "const(600ms)", "timeout = '100ms'\n"),
      {.file = file, .format = RequestLogOptions::Format::jsonl}, {0});
  EXPECT_EQ(text_of(file),
            "{\"replication\":0,\"load\":\"web\",\"request\":0,\"intended\":0.000000000,"
            "\"sent\":0.000000000,\"accepted\":null,\"started\":null,\"finished\":null,"
            "\"ended\":0.100000000,\"worker\":null,\"attempts\":1,\"hedges\":0,"
            "\"outcome\":\"timed_out\",\"reason\":null,\"counted\":true}\n");
}

TEST_F(RequestLogFile, PutsReplicationsInOrderAndRemovesTheirParts) {
  const std::string first = path("first.csv");
  const std::string second = path("second.csv");
  const std::string toml = scenario("poisson(100/s)", "exp(5ms)");
  run(toml, {.file = first}, {0, 1, 2});
  run(toml, {.file = second}, {2, 0, 1});
  EXPECT_EQ(text_of(first), text_of(second));
  EXPECT_GT(lines_of(first).size(), 250u);
  EXPECT_EQ(files(), 2u);
}

TEST_F(RequestLogFile, DrawsTheSameRequestsUnderEveryPolicy) {
  const auto drawn = [this](const std::string& policy) {
    const std::string file = path(policy + ".csv");
    run(scenario("poisson(5000/s)", "exp(1ms)"), {.file = file, .share = 0.1}, {0}, policy);
    std::vector<std::string> requests;
    for (const std::string& line : lines_of(file)) {
      requests.push_back(line.substr(0, line.find(',', line.find("web,") + 4)));
    }
    std::ranges::sort(requests);
    return requests;
  };
  const auto p2c = drawn("p2c");
  EXPECT_EQ(p2c, drawn("central_queue"));
  EXPECT_NEAR(static_cast<double>(p2c.size()), 500, 5 * 21.2);  // standard deviations
}

TEST_F(RequestLogFile, QuotesNamesThatHoldCommas) {
  const std::string file = path("log.csv");
  std::string toml = scenario("const(1/s)", "const(1ms)");
  toml.replace(toml.find("'web'"), 5, "'a, b'");
  run(toml, {.file = file}, {0});
  EXPECT_NE(text_of(file).find("\n0,\"a, b\",0,"), std::string::npos) << text_of(file);
}

TEST_F(RequestLogFile, SaysThatItCannotBeWritten) {
  const Experiment experiment = make_experiment(scenario("const(1/s)", "const(1ms)"));
  RequestLogs logs({.file = path("none/log.csv")}, 1);
  {
    RequestLog log = logs.begin(experiment.scenario, 0);
  }
  const auto finished = logs.finish();
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().find("cannot write "), std::string::npos) << finished.error();
}

TEST(RequestLogFormat, IsToldByTheNameOfTheFile) {
  EXPECT_EQ(format_of("a.csv"), RequestLogOptions::Format::csv);
  EXPECT_EQ(format_of("a.jsonl"), RequestLogOptions::Format::jsonl);
  EXPECT_EQ(format_of("a.json"), std::nullopt);
  EXPECT_EQ(format_of("csv"), std::nullopt);
}

}  // namespace
}  // namespace weir::sim
