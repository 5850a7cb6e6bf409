// What ten independent replications of a scenario came to, held against an exact value.

#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/experiment.h"
#include "weir/base/time.h"
#include "weir/sim/statistics.h"

namespace weir::theory {

using sim::ReplicationRecord;

class Measured {
 public:
  // The window begins at a tenth of the time.
  explicit Measured(const std::string& toml, const std::vector<std::string>& overrides = {}) {
    const sim::Experiment experiment = sim::make_experiment(toml, overrides);
    const Duration warmup = *experiment.scenario.horizon.time / 10;
    for (std::uint32_t i = 0; i < experiment.scenario.horizon.replications; ++i) {
      replications_.push_back(sim::run_replication(experiment, i, warmup));
    }
  }

  using Figure = std::function<double(const ReplicationRecord&)>;

  // One figure of each replication.
  std::vector<double> each(const Figure& figure) const {
    std::vector<double> values;
    for (const ReplicationRecord& replication : replications_)
      values.push_back(figure(replication));
    return values;
  }

  const std::vector<ReplicationRecord>& replications() const { return replications_; }

 private:
  std::vector<ReplicationRecord> replications_;
};

// In seconds, of the first load.
inline double mean_response(const ReplicationRecord& record) {
  return record.loads[0].latencies.response.mean() * 1e-9;
}
inline double mean_wait(const ReplicationRecord& record) {
  return record.loads[0].latencies.wait.mean() * 1e-9;
}
inline Measured::Figure response_quantile(double p) {
  return [p](const ReplicationRecord& record) {
    return static_cast<double>(record.loads[0].latencies.response.quantile(p)) * 1e-9;
  };
}
inline double rejected_share(const ReplicationRecord& record) {
  const auto& counts = record.loads[0].counts;
  return static_cast<double>(counts.rejected) / static_cast<double>(counts.offered);
}
inline double goodput(const ReplicationRecord& record) {
  return static_cast<double>(record.loads[0].counts.good) / record.window_s;
}

// Within four standard errors and 2 %, where the standard error is at most 1 %: then a figure that
// is wrong by 4 % always fails, and a right one fails in one of some hundred seeds at worst.
inline void expect_exact(const std::string& what, const std::vector<double>& values, double exact) {
  SCOPED_TRACE(what);
  const auto estimate = sim::mean_interval(values);
  ASSERT_TRUE(estimate);
  const double error =
      estimate->half_width() / sim::student_t(0.975, static_cast<double>(values.size()) - 1);
  std::printf("  %-44s measured %10.6f  exact %10.6f  %+6.2f %% %+5.1f errors\n", what.c_str(),
              estimate->value, exact, 100 * (estimate->value / exact - 1),
              error > 0 ? (estimate->value - exact) / error : 0.0);
  EXPECT_LE(error, 0.01 * exact) << "too few data to test anything";
  EXPECT_LE(std::abs(estimate->value - exact), 4 * error + 1e-6 * exact);
  EXPECT_LE(std::abs(estimate->value - exact), 0.02 * exact);
}

}  // namespace weir::theory
