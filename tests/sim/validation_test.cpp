// What weir validate is made of: cases that can be read, and a judgement that can go either way.

#include "weir/sim/validation.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/experiment.h"

namespace weir::sim {
namespace {

// A small one: 20 replications of 1600 requests.
ValidationCase small_case() {
  return {.family = "M/M/1",
          .name = "small",
          .scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.8/s)", service = "exp(500ms)" }]
workers = [{ name = "w" }]
)toml",
          .window_s = 2000,
          .warmup_s = 50,
          .replications = 20,
          .figures = {{"web.response.mean", 0.5 / 0.6, 0.05},
                      {"web.wait.sd", 0.5 / 0.6 * 0.9165151, 0.05},
                      {"worker.w.utilisation", 0.4, 0.05},
                      {"in_flight", 0.4 / 0.6, 0.05}}};
}

RunRecord run(const ValidationCase& validation) {
  const Experiment experiment = make_experiment(case_scenario(validation, 1));
  RunRecord record = RunRecord::of(experiment.scenario);
  for (std::uint32_t i = 0; i < validation.replications; ++i) {
    record.add(run_replication(experiment, i, experiment.scenario.horizon.warmup_time));
  }
  return record;
}

// Of the row that a wrong answer stands in.
bool passes(const ValidationCase& validation, std::size_t row) {
  return judge(validation, run(validation))[row].pass;
}

TEST(Validation, HasManyRowsOfManyFamilies) {
  std::set<std::string_view> families;
  std::set<std::string> names;
  std::size_t rows = 0;
  for (const ValidationCase& validation : validation_cases()) {
    families.insert(validation.family);
    names.insert(std::string(validation.family) + validation.name);
    rows += validation.figures.size();
  }

  EXPECT_GE(rows, 80U);
  EXPECT_GE(families.size(), 12U);
  EXPECT_EQ(names.size(), validation_cases().size());
}

TEST(Validation, HasCasesThatCanBeReadAndAskForTightErrors) {
  for (const ValidationCase& validation : validation_cases()) {
    EXPECT_NO_THROW(make_experiment(case_scenario(validation, 1))) << validation.name;
    for (const ExactFigure& figure : validation.figures) {
      EXPECT_LE(figure.error_max, 0.02) << validation.name << ' ' << figure.figure;
    }
  }
}

TEST(Validation, GivesEveryCaseASeedOfItsOwn) {
  std::set<std::uint64_t> seeds;
  for (const ValidationCase& validation : validation_cases()) {
    seeds.insert(make_experiment(case_scenario(validation, 1)).scenario.seed);
    seeds.insert(make_experiment(case_scenario(validation, 2)).scenario.seed);
  }

  EXPECT_EQ(seeds.size(), 2 * validation_cases().size());
}

TEST(Judgement, PassesWhatAgrees) {
  const ValidationCase validation = small_case();
  const auto rows = judge(validation, run(validation));

  ASSERT_EQ(rows.size(), 4U);
  for (const ValidationRow& row : rows) {
    EXPECT_TRUE(row.pass) << row.name << ' ' << row.measured;
    EXPECT_LE(std::abs(row.distance()), 4);
    EXPECT_GT(row.error, 0);
  }
  EXPECT_EQ(rows[0].name, "small: web.response.mean");
}

TEST(Judgement, FailsAWrongAnswer) {
  ValidationCase validation = small_case();
  for (std::size_t row = 0; row < validation.figures.size(); ++row) {
    validation.figures[row].exact *= 1.2;
    EXPECT_FALSE(passes(validation, row)) << validation.figures[row].figure;
  }
}

TEST(Judgement, FailsAnErrorTooWideToTellAnything) {
  ValidationCase validation = small_case();
  EXPECT_TRUE(passes(validation, 0));
  validation.figures[0].error_max = 1e-4;
  EXPECT_FALSE(passes(validation, 0));
}

// A worker that is a fifth slower than the answer assumes.
TEST(Judgement, FailsABrokenScenario) {
  ValidationCase validation = small_case();
  validation.scenario = R"toml(
load = [{ name = "web", arrival = "poisson(0.8/s)", service = "exp(500ms)" }]
workers = [{ name = "w", speed = 0.8 }]
)toml";
  for (const ValidationRow& row : judge(validation, run(validation))) {
    EXPECT_FALSE(row.pass) << row.name;
  }
}

}  // namespace
}  // namespace weir::sim
