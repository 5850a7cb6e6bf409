// Runs one relacy suite: it is sound as it is, and is found out without an ordering that it needs.

#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/relacy/simulated_atomic.h"

namespace weir::relacy {

struct Outcome {
  bool sound = false;
  rl::iteration_t iterations = 0;
  rl::test_result_e result = rl::test_result_success;
  std::string report;
};

template <class Suite>
Outcome check(Weakened without, rl::iteration_t iterations) {
  std::ostringstream output;
  rl::test_params params;
  params.iteration_count = iterations;
  params.output_stream = &output;
  params.progress_stream = &output;
  weakened = without;
  const bool sound = rl::simulate<Suite>(params);
  weakened = Weakened::nothing;
  return {sound, params.stop_iteration, params.test_result, output.str()};
}

// `iterations` random schedules.
template <class Suite>
void expect_sound(rl::iteration_t iterations) {
  const Outcome outcome = check<Suite>(Weakened::nothing, iterations);
  EXPECT_TRUE(outcome.sound) << outcome.report;
  EXPECT_EQ(outcome.iterations, iterations);
}

template <class Suite>
void expect_found(Weakened without, rl::iteration_t iterations) {
  const Outcome outcome = check<Suite>(without, iterations);
  const bool found = outcome.result == rl::test_result_data_race ||
                     outcome.result == rl::test_result_user_assert_failed ||
                     outcome.result == rl::test_result_deadlock;
  EXPECT_TRUE(found) << "the ordering is not needed, or not for what the suite looks at\n"
                     << outcome.report;
}

}  // namespace weir::relacy
