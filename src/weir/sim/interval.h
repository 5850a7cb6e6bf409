// A figure and how far chance reaches around it.

#pragma once

#include <optional>

namespace weir::sim {

struct Interval {
  double low = 0;
  double high = 0;

  double half_width() const { return (high - low) / 2; }
  bool operator==(const Interval&) const = default;
};

struct Figure {
  double value = 0;
  std::optional<Interval> interval{};

  bool operator==(const Figure&) const = default;
};

}  // namespace weir::sim
