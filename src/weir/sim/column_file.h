// One column of numbers out of a CSV file: measured sizes, times of a log.

#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/quantity.h"

namespace weir::sim {

struct ColumnSource {
  std::filesystem::path folder;  // what `file` is relative to
  std::string file;
  std::string column;  // by its name in the first row; empty: the first column, named or not
  std::string unit;    // of cells without one, such as "ms"; empty: seconds, bytes
};

// The cells in the order of the file, in the unit of `quantity`; a cell may carry its own unit.
// Empty lines and lines that begin with # do not count. An error is one line that names the place.
std::expected<std::vector<double>, std::string> read_column(const ColumnSource& source,
                                                            Quantity quantity);

// As the arguments of a call: "sizes.csv", column="bytes", unit="KiB".
std::string spell_arguments(const ColumnSource& source);

}  // namespace weir::sim
