// weir validate as its users see it, with small cases: the whole of it stands in tests/theory.

#include "weir/cli/validate_command.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/folder.h"
#include "tests/cli/program.h"
#include "weir/balance/random_choice.h"
#include "weir/cli/run.h"
#include "weir/sim/theory_renewal.h"

namespace weir::cli {
namespace {

using Json = nlohmann::json;

// Ten servers in turn at four fifths of their load, 20 replications of 4000 requests.
std::vector<sim::ValidationCase> in_turn() {
  const auto exact = sim::theory::RenewalQueue::round_robin(10, 0.8);
  return {{.family = "round robin",
           .name = "10 servers",
           .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(8/s)", service = "exp(1s)" }]
balancer = { policy = "round_robin" }
workers = [{ name = "w", count = 10 }]
)toml",
           .window_s = 500,
           .warmup_s = 100,
           .replications = 20,
           .figures = {{"web.response.mean", exact.response(), 0.05}}}};
}

struct Validated {
  Outcome outcome;
  Json json;
};

Validated validated(std::vector<sim::ValidationCase> cases, Arguments arguments = {},
                    const balance::Catalog& catalog = balance::Catalog::standard()) {
  const Folder folder;
  arguments.json = folder.path("rows.json");
  arguments.quiet = true;
  auto outcome = validate(std::move(cases), arguments, catalog);
  return {outcome, outcome ? Json::parse(folder.read("rows.json")) : Json()};
}

TEST(Validate, PassesWhereTheoryIsMet) {
  const auto [outcome, json] = validated(in_turn());

  EXPECT_EQ(outcome, Outcome(exit_code::pass));
  EXPECT_EQ(json["schema"], "weir-validate/1");
  const Json& row = json["rows"][0];
  EXPECT_EQ(row["family"], "round robin");
  EXPECT_EQ(row["name"], "10 servers: web.response.mean");
  EXPECT_NEAR(row["measured"], row["exact"], 4 * row["se"].get<double>());
  EXPECT_EQ(row["pass"], true);
}

TEST(Validate, EndsWithOneForAWrongAnswer) {
  auto cases = in_turn();
  cases[0].figures[0].exact *= 1.25;
  const auto [outcome, json] = validated(cases);

  EXPECT_EQ(outcome, Outcome(exit_code::missed));
  EXPECT_EQ(json["rows"][0]["pass"], false);
}

// A catalogue whose round_robin is none.
TEST(Validate, EndsWithOneForABrokenPolicy) {
  balance::Catalog broken;
  broken.add("round_robin", "chooses at random", balance::random());
  const auto [outcome, json] = validated(in_turn(), {}, broken);

  EXPECT_EQ(outcome, Outcome(exit_code::missed));
  EXPECT_EQ(json["rows"][0]["pass"], false);
}

TEST(Validate, GivesTheSameRowsForTheSameSeedWhateverTheJobs) {
  EXPECT_EQ(validated(in_turn(), {.jobs = 1}).json, validated(in_turn(), {.jobs = 2}).json);
  EXPECT_NE(validated(in_turn(), {.seed = 2}).json["rows"], validated(in_turn()).json["rows"]);
}

TEST(Validate, ListsItsRowsWithoutRunningThem) {
  const Ended ended = run_program({"validate", "--list"});

  EXPECT_EQ(ended.code, 0);
  for (const char* part : {"M/M/c\n", "Erlang B\n", "closed network\n", " rows\n"}) {
    EXPECT_NE(ended.output.find(part), std::string::npos) << part;
  }
}

TEST(Validate, KnowsItsFamilies) {
  const Ended ended = run_program({"validate", "--family", "Erlang C"});

  EXPECT_EQ(ended.code, 2);
  EXPECT_TRUE(ended.errors.starts_with(
      "weir: there is no family 'Erlang C'; did you mean 'Erlang B'?; known: M/M/1, "))
      << ended.errors;
}

}  // namespace
}  // namespace weir::cli
