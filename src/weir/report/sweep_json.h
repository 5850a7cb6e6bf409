// A sweep as data: the schema weir-sweep/1, and the lines of a journal, which hold the same points.
//
// Whatever is written here can be read back to the same bytes: numbers are in the shortest form
// that gives the same value, keys stand in the order of the schema. No figure depends on the clock,
// so the same sweep gives the same file.

#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/summary.h"
#include "weir/sim/sweep_result.h"

namespace weir::report {

// A point as a file holds it: everything that weir run says of it but the time it took, on one line
// without a newline.
std::string point_json(const sim::SweepHeader& header, const sim::PointResult& point,
                       const sim::RunSummary& summary);

// On one line: {"schema": "weir-journal/1", …}.
std::string journal_header_json(const sim::SweepHeader& header);

// What a text holds: a journal, or a whole weir-sweep/1. The points as they were written, and what
// they say.
struct StoredSweep {
  sim::SweepHeader header{};
  std::vector<sim::PointResult> points{};
  std::vector<std::string> texts{};  // by place in `points`
  std::size_t bytes = 0;             // of a journal's whole lines; what follows was torn
};

// The error is a clause about the text, such as "line 3 is damaged". A last line of a journal that
// has no newline is left out. A text without a whole line has no header: `empty_journal`.
std::expected<StoredSweep, std::string> read_stored_sweep(std::string_view text);
inline constexpr std::string_view empty_journal = "holds nothing yet";

// The result: `texts` are those of the points, by place.
std::string sweep_json(const sim::SweepResult& result, const std::vector<std::string>& texts);

}  // namespace weir::report
