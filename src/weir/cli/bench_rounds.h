// How weir bench takes its time: finds out how much work a round is, then goes round all lines
// again and again, so that what disturbs the machine disturbs all alike.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "weir/cli/bench_subjects.h"

namespace weir::cli {

// Where it is: line `line` of the list in round `round`, from 1; round 0 tries how much work fits.
struct BenchPlace {
  int round = 0;
  std::size_t line = 0;
};

// Appends to each row what `rounds` rounds of `round_s` seconds came to. Ends early when a signal
// has been noted, and then leaves out what was under way. The error names the line that did not
// give what it should.
struct BenchEnd {
  bool complete = true;
  std::string error{};
};
BenchEnd go_round(std::vector<Measurement>& lines, int rounds, double round_s,
                  const std::function<void(const BenchPlace&)>& show);

// How much work a line does in a round: `heap` operations so many `times`.
struct BenchSize {
  std::uint64_t heap = 1;
  std::uint64_t times = 1;
};

// A heap takes about a hundredth of a second, or a round if that is less. Empty if a signal came.
std::optional<BenchSize> size_of(const Measurement& line, double round_s);

}  // namespace weir::cli
