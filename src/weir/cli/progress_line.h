// The line that says how far a run has come and how long it will take.
//
// Gives texts and prints none, so that it can be tested. On a terminal the line is drawn over and
// over, ten times a second at most; elsewhere a log sees a line in half a minute.

#pragma once

#include <string>

#include "weir/base/time.h"
#include "weir/sim/experiment.h"

namespace weir::cli {

class ProgressLine {
 public:
  ProgressLine(bool on_terminal, TimePoint start);

  // What to print now; empty if it is not time yet.
  std::string update(const sim::Progress& progress, TimePoint now);

  // Said when the first signal has come.
  std::string stopping() const;

  // Takes the line off the terminal.
  std::string finish() const;

 private:
  std::string describe(const sim::Progress& progress, TimePoint now) const;

  bool on_terminal_;
  TimePoint start_;
  TimePoint next_;  // not before
};

// Goes to the begin of a terminal's line and empties it.
inline constexpr const char* clear_line = "\r\033[K";

// "25 %, 3 of 10 replications".
std::string spell_progress(const sim::Progress& progress);

// "8 s", "3 min", "2 h": about how long, for people.
std::string about(Duration duration);

}  // namespace weir::cli
