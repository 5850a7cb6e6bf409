// What weir validate says of its rows, all of them or as many as there was time for.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "weir/report/validation.h"

namespace weir::report {
namespace {

using sim::ValidationRow;

const std::vector<ValidationRow> agreeing = {
    {.family = "M/M/1", .name = "a", .measured = 1.1, .exact = 1, .error = 0.1, .pass = true},
    {.family = "M/M/c", .name = "b", .measured = 2, .exact = 2, .error = 0.1, .pass = true}};

// The last line, which says what the rows come to.
std::string verdict(const std::vector<ValidationRow>& rows, std::size_t planned) {
  std::string text = validation_text(rows, planned, {});
  text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

TEST(ValidationReport, SaysThatAllAgree) {
  EXPECT_EQ(verdict(agreeing, 2),
            "✓ 2 rows of 2 families: all agree with theory, the farthest by 1.0 standard errors");
}

TEST(ValidationReport, SaysHowManyDoNot) {
  auto rows = agreeing;
  rows[1].pass = false;
  EXPECT_EQ(verdict(rows, 2), "✗ 1 of 2 rows of 2 families do not agree with theory");
  EXPECT_EQ(
      verdict(rows, 5),
      "✗ 1 of 2 rows of 2 families do not agree with theory; interrupted: 3 more were to come");
}

TEST(ValidationReport, ClaimsNoMoreThanWasMeasuredBeforeAnInterruption) {
  EXPECT_EQ(verdict(agreeing, 163),
            "! 2 rows of 2 families agree with theory; interrupted: 161 more were to come");
  EXPECT_EQ(verdict({}, 163), "! interrupted before any of 163 rows was complete");
}

TEST(ValidationReport, TellsProgramsWhetherItIsComplete) {
  EXPECT_EQ(nlohmann::json::parse(validation_json(agreeing, 2, 1))["complete"], true);
  EXPECT_EQ(nlohmann::json::parse(validation_json(agreeing, 3, 1))["complete"], false);
}

}  // namespace
}  // namespace weir::report
