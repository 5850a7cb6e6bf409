// Numbers for people: no digit that the interval does not carry, and a unit that suits.
//
// A half width keeps one significant digit (two when the first is a 1), and its figure ends where
// it ends: 12.3 ± 0.4 ms. A half width that would be a row of zeros is left out. A figure without
// an interval has three significant digits, whole numbers are never cut. What is not known is a
// dash.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weir/sim/metric.h"
#include "weir/sim/summary.h"

namespace weir::report {

inline constexpr std::string_view dash = "–";

struct TimeUnit {
  double seconds = 1;
  std::string_view name = "s";

  bool operator==(const TimeUnit&) const = default;
};

// Of s, ms, µs and ns the greatest that is no longer than that time.
TimeUnit unit_of(double seconds);

// One for a column: of its greatest time.
TimeUnit unit_of(std::span<const std::optional<double>> seconds);

// How the number before the unit is written.
struct Spelling {
  double scale = 1;         // the figure is divided by it
  std::string_view unit{};  // as it follows the number: " ms", "/s", " %"
  bool half_width = true;   // "± 0.4" where it is known
};

// "12.3 ± 0.4 ms".
std::string spelled(const std::optional<sim::Figure>& figure, const Spelling& spelling = {});

std::string time_text(const std::optional<double>& seconds, const TimeUnit& unit);
std::string time_text(const std::optional<sim::Figure>& seconds, const TimeUnit& unit);
std::string rate_text(const std::optional<sim::Figure>& per_second);
std::string percent_text(const std::optional<sim::Figure>& share);

// "1,980,123".
std::string count_text(std::uint64_t count);

// "-41 % [-45, -36]".
std::string change_text(const std::optional<double>& change,
                        const std::optional<sim::Interval>& interval);

// A figure in the unit of its metric, and the exact spelling of a bound on it.
std::string figure_text(const std::optional<sim::Figure>& figure, sim::Metric::Unit unit);
std::string bound_text(double bound, sim::Metric::Unit unit);

}  // namespace weir::report
