// From samples to what is printed: medians, their spread, and how many times better weir is.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/peers/driver/shape.h"

namespace weir::peers {

using Samples = std::map<Contender, std::vector<double>>;

struct Spread {
  double median = 0;
  double low = 0;  // the quartiles
  double high = 0;
};

// Requires: there are some.
Spread spread_of(std::vector<double> samples);

struct Compared {
  Row row;
  Spread ours;
  Spread theirs;
  double ratio = 0;               // how many times faster or smaller weir is
  std::optional<bool> reached{};  // empty if nothing is aimed at
};

// Rows of which one side has no samples are left out.
std::vector<Compared> compare(const std::vector<Row>& rows, const Samples& samples);

std::string table_text(const std::vector<Compared>& rows, bool colour = false);
std::string json_text(const std::vector<Compared>& rows);

}  // namespace weir::peers
