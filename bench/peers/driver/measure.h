// Runs the contenders of some rows in turn, round after round, so that what disturbs the machine
// disturbs them alike.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/peers/driver/comparison.h"

namespace weir::peers {

struct Plan {
  std::filesystem::path folder{};  // of the programs
  int rounds = 1;
  bool quick = false;
};

struct Measured {
  Samples samples{};
  std::vector<std::string> faults{};  // what went wrong, a line each; weir's own and Go's count
  bool complete = true;               // no contender but Boost.Fiber has failed
};

// Shape by shape; within a shape, all contenders once in each round. One that fails, or whose
// checksum differs from weir's, is out. Shows its progress on standard error. Ends early if a
// signal comes.
Measured measure(const std::vector<Row>& rows, const Plan& plan);

}  // namespace weir::peers
