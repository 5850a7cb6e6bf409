// Axes and the points that they make.

#include "weir/sim/sweep.h"

#include <gtest/gtest.h>

namespace weir::sim {
namespace {

Sweep two_axes() {
  return {.axes = {{"policy", "balancer.policy", {"random", "p2c"}},
                   {"rate", "load.web.arrival", {"poisson(1/s)", "poisson(2/s)", "poisson(3/s)"}}}};
}

std::string complaint(const Sweep& sweep) {
  return check_sweep(sweep).value_or("");
}

TEST(Sweep, TakesEveryCombinationWithTheLastAxisChangingFastest) {
  const auto points = sweep_points(two_axes());

  ASSERT_EQ(points.size(), 6u);
  EXPECT_EQ(points[0].values, (std::vector<std::string>{"random", "poisson(1/s)"}));
  EXPECT_EQ(points[1].values, (std::vector<std::string>{"random", "poisson(2/s)"}));
  EXPECT_EQ(points[3].values, (std::vector<std::string>{"p2c", "poisson(1/s)"}));
  EXPECT_EQ(points[5].number, 5u);
  EXPECT_EQ(points[5].assignments,
            (std::vector<std::string>{"balancer.policy=p2c", "load.web.arrival=poisson(3/s)"}));
}

TEST(Sweep, TakesTheValuesTogetherWhenZipped) {
  Sweep sweep = two_axes();
  sweep.axes[1].values.pop_back();
  sweep.zip = true;
  const auto points = sweep_points(sweep);

  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[1].values, (std::vector<std::string>{"p2c", "poisson(2/s)"}));
}

TEST(Sweep, SaysWhatIsWrongWithItsAxes) {
  Sweep sweep = two_axes();
  EXPECT_EQ(complaint(sweep), "");
  EXPECT_EQ(complaint({}), "there is no axis to sweep over");
  sweep.zip = true;
  EXPECT_EQ(complaint(sweep),
            "zip takes axes of one length, but 'policy' has 2 values and 'rate' has 3");
  sweep = two_axes();
  sweep.axes[0].values.push_back("p2c");
  EXPECT_EQ(complaint(sweep), "axis 'policy' has the value 'p2c' twice");
  sweep.axes[0].values = {""};
  EXPECT_EQ(complaint(sweep), "axis 'policy' has an empty value");
  sweep.axes[0].values = {};
  EXPECT_EQ(complaint(sweep), "axis 'policy' has no values");
}

TEST(Sweep, SaysWhatIsWrongWithItsBaseline) {
  Sweep sweep = two_axes();
  sweep.baseline = {{"polcy", "random"}};
  EXPECT_EQ(complaint(sweep), "the baseline names no axis: 'polcy'; did you mean 'policy'?");
  sweep.baseline = {{"policy", "p2d"}};
  EXPECT_EQ(complaint(sweep),
            "axis 'policy' has no value 'p2d' for the baseline; did you mean 'p2c'?");
  sweep.baseline = {{"policy", "p2c"}};
  EXPECT_EQ(complaint(sweep), "");
  sweep.crn = false;
  EXPECT_EQ(complaint(sweep), "a baseline asks for common random numbers: take crn = false away");
}

TEST(Sweep, RefusesMorePointsThanAnybodyWaitsFor) {
  Sweep sweep;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(add_axis(sweep, "key" + std::to_string(i) + "={1..10}"));
  }
  EXPECT_EQ(complaint(sweep), "the sweep has more than 100000 points");
}

TEST(Sweep, AddsAnAxisFromTheCommandLine) {
  Sweep sweep;
  ASSERT_TRUE(add_axis(sweep, "balancer.policy=random, p2c(d=3),round_robin"));
  ASSERT_TRUE(add_axis(sweep, "workers.fast.count=1..3"));

  EXPECT_EQ(sweep.axes[0].name, "balancer.policy");
  EXPECT_EQ(sweep.axes[0].values, (std::vector<std::string>{"random", "p2c(d=3)", "round_robin"}));
  EXPECT_EQ(sweep.axes[1].values, (std::vector<std::string>{"1", "2", "3"}));
}

TEST(Sweep, ReplacesTheValuesOfAnAxisThatItHas) {
  Sweep sweep = two_axes();
  ASSERT_TRUE(add_axis(sweep, "rate=poisson({7,8}/s)"));
  ASSERT_TRUE(add_axis(sweep, "balancer.policy=random"));

  ASSERT_EQ(sweep.axes.size(), 2u);
  EXPECT_EQ(sweep.axes[0].values, std::vector<std::string>{"random"});
  EXPECT_EQ(sweep.axes[1].key, "load.web.arrival");
  EXPECT_EQ(sweep.axes[1].values, (std::vector<std::string>{"poisson(7/s)", "poisson(8/s)"}));
}

TEST(Sweep, SaysWhatIsNoAxis) {
  Sweep sweep;
  EXPECT_EQ(add_axis(sweep, "workers").error(),
            "--axis takes KEY=V1,V2,… or KEY={1..8}, not 'workers'");
  EXPECT_EQ(add_axis(sweep, "a={1").error(),
            "--axis a={1: '{' is never closed; write a range such as {1..8} or {400..1000 step "
            "100}");
  EXPECT_EQ(add_baseline(sweep, "policy").error(), "--baseline takes AXIS=VALUE, not 'policy'");
}

TEST(Sweep, FindsWhatAPointIsComparedWith) {
  Sweep sweep = two_axes();
  sweep.baseline = {{"policy", "random"}};

  EXPECT_EQ(baseline_of(sweep, {"p2c", "poisson(2/s)"}),
            (std::vector<std::string>{"random", "poisson(2/s)"}));
}

}  // namespace
}  // namespace weir::sim
