// One figure that was measured, beside what it must be: a record that reports read.

#pragma once

#include <string>

namespace weir::sim {

struct ValidationRow {
  std::string family{};
  std::string name{};  // of the case and the figure
  double measured = 0;
  double exact = 0;
  double error = 0;  // standard error over replications
  bool pass = false;

  // From the exact value, in standard errors; 0 where it was hit exactly.
  double distance() const;
};

}  // namespace weir::sim
