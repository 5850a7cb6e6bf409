// What weir validate found, for people and for programs.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "weir/report/text.h"
#include "weir/sim/validation_row.h"

namespace weir::report {

// A row for each figure, family by family, and what it comes to in a sentence. Fewer rows than
// `planned` were interrupted. Ends with a newline.
std::string validation_text(std::span<const sim::ValidationRow> rows, std::size_t planned,
                            const TextOptions& options);

// Schema weir-validate/1: { "schema", "seed", "complete", "rows": [ { "family", "name", "measured",
// "exact", "se", "pass" } ] }, times in seconds.
std::string validation_json(std::span<const sim::ValidationRow> rows, std::size_t planned,
                            std::uint64_t seed);

}  // namespace weir::report
