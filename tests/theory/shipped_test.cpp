// Every shipped scenario keeps what it promises: its expectations hold.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "weir/cli/run.h"
#include "weir/cli/shipped_scenario.h"

namespace weir::cli {
namespace {

TEST(ShippedScenario, KeepsWhatItPromises) {
  for (const ShippedScenario& scenario : shipped_scenarios()) {
    const std::string name(scenario.name);
    const std::array<const char*, 4> arguments{"weir", "run", name.c_str(), "--quiet"};
    testing::internal::CaptureStdout();
    const int code = run(4, arguments.data());
    const std::string report = testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, 0) << report;
  }
}

}  // namespace
}  // namespace weir::cli
