// A program of shapes as a child process: one measurement each, never two at a time.
//
// A signal that is meant to end the driver ends the child first.

#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace weir::peers {

struct Measurement {
  double value = 0;
  std::int64_t check = 0;  // equal for all who have done the same work
};

// Runs `words`, of which the first is the path of the program, to its end. The error is what is
// wrong with it.
std::expected<Measurement, std::string> measure_child(std::vector<std::string> words);

// From here on SIGINT, SIGTERM and SIGHUP end the child and are remembered.
void end_child_on_signals();

// The signal that came; 0 if none has.
int signal_that_came();

}  // namespace weir::peers
