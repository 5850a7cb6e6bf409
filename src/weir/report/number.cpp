#include "weir/report/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "weir/sim/quantity.h"

namespace weir::report {
namespace {

constexpr int significant = 3;  // digits of a figure without an interval
constexpr int decimals_most = 9;
constexpr int digits_most = 6;  // of a figure whose interval is a hair's breadth

// Of the first significant digit: 2 for 123, -1 for 0.4. Not for 0.
int exponent_of(double value) {
  int exponent = 0;
  double magnitude = std::abs(value);
  for (; magnitude >= 10; magnitude /= 10) ++exponent;
  for (; magnitude < 1; magnitude *= 10) --exponent;
  return exponent;
}

int digits_to_decimals(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return 0;
  return std::clamp(digits - 1 - exponent_of(value), 0, decimals_most);
}

// Decimals of the half width: one significant digit, two when the first is a 1.
int decimals_of_half_width(double half_width) {
  const int one = digits_to_decimals(half_width, 1);
  double leading = half_width;
  for (int i = 0; i < one; ++i) leading *= 10;
  return std::round(leading) < 2 ? std::min(one + 1, decimals_most) : one;
}

// A half width of zero limits nothing.
int decimals_of(double value, const std::optional<double>& half_width) {
  const bool limits = half_width && std::isfinite(*half_width) && *half_width > 0;
  if (!limits) return digits_to_decimals(value, significant);
  const int wanted = decimals_of_half_width(*half_width);
  return value == 0 ? wanted : std::min(wanted, digits_to_decimals(value, digits_most));
}

std::string fixed(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  // No "-0.0": a sign that says nothing.
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) {
    text.erase(0, 1);
  }
  return text;
}

}  // namespace

TimeUnit unit_of(double seconds) {
  for (const TimeUnit unit : {TimeUnit{1, "s"}, TimeUnit{1e-3, "ms"}, TimeUnit{1e-6, "µs"}}) {
    if (seconds >= unit.seconds) return unit;
  }
  return seconds > 0 ? TimeUnit{1e-9, "ns"} : TimeUnit{};
}

TimeUnit unit_of(std::span<const std::optional<double>> seconds) {
  double greatest = 0;
  for (const std::optional<double>& time : seconds) greatest = std::max(greatest, time.value_or(0));
  return unit_of(greatest);
}

std::string spelled(const std::optional<sim::Figure>& figure, const Spelling& spelling) {
  if (!figure) return std::string(dash);
  const double value = figure->value / spelling.scale;
  std::optional<double> half_width;
  if (figure->interval) half_width = figure->interval->half_width() / spelling.scale;
  const int decimals = decimals_of(value, half_width);
  std::string text = fixed(value, decimals);
  if (half_width && spelling.half_width) {
    const std::string half = fixed(*half_width, decimals);
    if (half.find_first_of("123456789") != std::string::npos) text += " ± " + half;
  }
  return text + std::string(spelling.unit);
}

std::string time_text(const std::optional<sim::Figure>& seconds, const TimeUnit& unit) {
  const std::string suffix = ' ' + std::string(unit.name);
  return spelled(seconds, {.scale = unit.seconds, .unit = suffix});
}

std::string time_text(const std::optional<double>& seconds, const TimeUnit& unit) {
  return time_text(seconds ? std::optional(sim::Figure{*seconds}) : std::nullopt, unit);
}

std::string rate_text(const std::optional<sim::Figure>& per_second) {
  return spelled(per_second, {.unit = "/s"});
}

// A share without an interval, or one that does not vary, keeps two decimals: 99.98 %.
std::string percent_text(const std::optional<sim::Figure>& share) {
  if (!share) return std::string(dash);
  const bool known = share->interval && share->interval->half_width() > 0;
  if (known) return spelled(share, {.scale = 0.01, .unit = " %"});
  const double percent = 100 * share->value;
  return fixed(percent, percent == std::round(percent) ? 0 : 2) + " %";
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string change_text(const std::optional<double>& change,
                        const std::optional<sim::Interval>& interval) {
  if (!change) return std::string(dash);
  std::optional<double> half_width;
  if (interval) half_width = 100 * interval->half_width();
  const int decimals = std::min(decimals_of(100 * *change, half_width), 2);
  std::string text = fixed(100 * *change, decimals);
  if (*change > 0) text.insert(0, "+");
  text += " %";
  if (!interval) return text;
  return text + " [" + fixed(100 * interval->low, decimals) + ", " +
         fixed(100 * interval->high, decimals) + ']';
}

std::string figure_text(const std::optional<sim::Figure>& figure, sim::Metric::Unit unit) {
  switch (unit) {
    case sim::Metric::Unit::seconds:
      return time_text(figure, unit_of(figure ? figure->value : 1));
    case sim::Metric::Unit::fraction:
      return percent_text(figure);
    case sim::Metric::Unit::per_second:
      return rate_text(figure);
    case sim::Metric::Unit::number:
      return spelled(figure);
  }
  return {};
}

std::string bound_text(double bound, sim::Metric::Unit unit) {
  switch (unit) {
    case sim::Metric::Unit::seconds:
      return sim::exact_seconds(bound);
    case sim::Metric::Unit::fraction:
      return sim::exact_percent(bound);
    case sim::Metric::Unit::per_second:
      return sim::exact_rate(bound);
    case sim::Metric::Unit::number:
      return sim::exact_number(bound);
  }
  return {};
}

}  // namespace weir::report
