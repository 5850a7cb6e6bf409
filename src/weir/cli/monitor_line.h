// The line of --monitor: how far a run has come and, in real time, what becomes of the requests and
// what the runtime does meanwhile.
//
// Gives texts and prints none, like ProgressLine, which says the rest. What is told of processors
// is of the time since the line before.

#pragma once

#include <cstdint>
#include <string>

#include "weir/runtime/runtime_stats.h"
#include "weir/sim/experiment.h"

namespace weir::cli {

struct Requests {
  std::uint64_t done = 0;     // since the beginning
  std::uint64_t pending = 0;  // now
};

class MonitorLine {
 public:
  explicit MonitorLine(bool on_terminal) : on_terminal_(on_terminal) {}

  // What to print. A run in virtual time has no runtime of interest.
  std::string update(const sim::Progress& progress) const;
  std::string update(const sim::Progress& progress, const Requests& requests,
                     const RuntimeStats& stats);

 private:
  std::string frame(const std::string& line) const;

  bool on_terminal_;
  Requests requests_before_{};
  RuntimeStats before_{};
};

// How busy the processors were between two readings, in percent: "97 0 3 %"; of more than eight
// the least, the mean and the most.
std::string spell_busy(const RuntimeStats& before, const RuntimeStats& after);

}  // namespace weir::cli
