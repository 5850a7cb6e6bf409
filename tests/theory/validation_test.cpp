// Every row of weir validate agrees with theory under its default seed, family by family.

#include <gtest/gtest.h>

#include <algorithm>

#include "weir/cli/run.h"
#include "weir/cli/validate_command.h"

namespace weir::cli {
namespace {

std::vector<std::string> families() {
  std::vector<std::string> names;
  for (const auto& validation : sim::validation_cases()) {
    if (names.empty() || names.back() != validation.family) names.emplace_back(validation.family);
  }
  return names;
}

class Family : public testing::TestWithParam<std::string> {};

TEST_P(Family, AgreesWithTheory) {
  Arguments arguments{.command = Arguments::Command::validate, .quiet = true};
  arguments.family = GetParam();

  EXPECT_EQ(validate_command(arguments, balance::Catalog::standard()), Outcome(exit_code::pass));
}

std::string identifier(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::to_string(info.index) + "_" + info.param;
  std::ranges::replace_if(
      name, [](unsigned char letter) { return std::isalnum(letter) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Validation, Family, testing::ValuesIn(families()), identifier);

}  // namespace
}  // namespace weir::cli
