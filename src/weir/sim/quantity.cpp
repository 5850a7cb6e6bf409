#include "weir/sim/quantity.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "weir/base/suggestion.h"
#include "weir/sim/unit.h"

namespace weir::sim {
namespace {

using Result = std::expected<double, ParseError>;

constexpr double seconds_max = 9.2e9;  // 292 years, what 63 bits of nanoseconds hold
constexpr double bytes_max = 0x1p60;
constexpr double rate_max = 1e9;  // one per nanosecond

std::unexpected<ParseError> error(std::string message, std::size_t at = 0) {
  return std::unexpected(ParseError{std::move(message), at + 1});
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

// A number at the start of a text, kept as text so that a power of ten can still be added.
struct Number {
  std::string_view mantissa;
  int exponent;
  std::size_t length;

  bool is_negative() const { return mantissa.starts_with('-'); }

  // The double nearest to the number times 10^more; infinity beyond the range.
  double value(int more = 0) const {
    const std::string text = std::string(mantissa) + "e" + std::to_string(exponent + more);
    double result = 0;
    const auto failure = std::from_chars(text.data(), text.data() + text.size(), result).ec;
    if (failure != std::errc::result_out_of_range) return result;
    const auto whole_digits = static_cast<int>(std::min(mantissa.find('.'), mantissa.size()));
    return whole_digits + exponent + more > 0 ? std::numeric_limits<double>::infinity() : 0;
  }

  double in(const Unit& unit) const { return value(unit.exponent) * unit.factor; }
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<Number> read_number(std::string_view text) {
  if (text.empty() || !(text[0] == '-' || text[0] == '.' || is_digit(text[0]))) return {};
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end == text.data() || failure == std::errc::invalid_argument) return {};
  const std::string_view number(text.data(), end);
  if (!is_digit(number.back()) && number.back() != '.') return {};  // -inf, -nan
  const std::size_t e = number.find_first_of("eE");
  if (e == std::string_view::npos) return Number{number, 0, number.size()};
  std::string_view digits = number.substr(e + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  int exponent = digits.starts_with('-') ? -9999 : 9999;
  std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  return Number{number.substr(0, e), std::clamp(exponent, -9999, 9999), number.size()};
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// The text without the blanks that people put between a number, its unit and the slash. Those
// between digits stay, since 1 0ms is no ten milliseconds.
std::string closed_up(std::string_view text) {
  const auto of_number = [](char c) { return is_digit(c) || c == '.'; };
  std::string closed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_blank(text[i])) {
      closed += text[i];
      continue;
    }
    const std::size_t next = text.find_first_not_of(" \t", i);
    if (next == std::string_view::npos) break;
    if (!closed.empty() && of_number(closed.back()) && of_number(text[next])) closed += ' ';
    i = next - 1;
  }
  return closed;
}

std::optional<Unit> find_unit(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return unit;
  }
  return {};
}

std::optional<Unit> find_time_unit(std::string_view name) {
  const auto unit = find_unit(time_units, name);
  return unit ? unit : find_unit(other_time_names, name);
}

std::string unknown_unit(std::string_view kind, std::string_view name,
                         std::span<const Unit> units) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units) names.push_back(unit.name);
  return quoted(name) + " is no unit of " + std::string(kind) + did_you_mean(name, names);
}

// What all quantities share: a number first, not negative, and something to say if there is none.
struct Kind {
  std::string_view name;     // "a time"
  std::string_view example;  // "10ms"
};

std::expected<Number, ParseError> leading_number(std::string_view text, const Kind& kind) {
  const auto number = read_number(text);
  const std::string hint = std::string(kind.name) + " such as " + std::string(kind.example);
  if (text.empty()) return error("expected " + hint + ", found nothing");
  if (!number) return error("expected " + hint + ", found " + quoted(text));
  if (number->is_negative()) {
    return error(quoted(text) + " is negative; write " + hint);
  }
  return *number;
}

constexpr Kind time_kind{"a time", "10ms"};
constexpr Kind size_kind{"a size", "64KiB"};
constexpr Kind rate_kind{"a rate", "100/s"};

// Where the letters of a unit end: at the next digit, as in 1m30s.
std::size_t unit_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length]) && text[length] != '.' &&
         text[length] != '-') {
    ++length;
  }
  return length;
}

std::string bare_number(std::string_view text, const Kind& kind) {
  return quoted(text) + " has no unit; write " + std::string(kind.name) + " such as " +
         std::string(kind.example);
}

// Both halves of a ratio such as 100/s or 2MiB/s, neither yet a number of anything.
struct Ratio {
  Number number;
  Unit above;
  Unit below;

  double value() const {
    return number.value(above.exponent - below.exponent) * above.factor / below.factor;
  }
};

std::expected<Ratio, ParseError> read_ratio(std::string_view text, const Kind& kind,
                                            std::span<const Unit> units) {
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return error(bare_number(text, kind));
  const std::string_view name = text.substr(number->length, slash - number->length);
  const std::string_view time = text.substr(slash + 1);
  const auto above = find_unit(units, name);
  const auto below = find_time_unit(time);
  if (!above) return error(unknown_unit(kind.name.substr(2), name, units), number->length);
  if (!below) return error(unknown_unit("time", time, time_units), slash + 1);
  return Ratio{*number, *above, *below};
}

}  // namespace

Result parse_seconds(std::string_view spaced) {
  const std::string text = closed_up(spaced);
  if (text == "0") return 0;
  double sum = 0;
  std::size_t at = 0;
  do {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto number = leading_number(rest, time_kind);
    if (!number) return error(number.error().message, at);
    at += number->length;
    const std::string_view name =
        rest.substr(number->length, unit_length(rest.substr(number->length)));
    const auto unit = find_time_unit(name);
    if (!unit && name.empty()) return error(bare_number(text, time_kind), at - number->length);
    if (!unit) return error(unknown_unit("time", name, time_units), at);
    sum += number->in(*unit);
    at += name.size();
  } while (at < text.size());
  if (!(sum < seconds_max)) return error(quoted(text) + " is longer than 292 years");
  return sum;
}

std::expected<Duration, ParseError> parse_duration(std::string_view text) {
  const auto seconds = parse_seconds(text);
  if (!seconds) return std::unexpected(seconds.error());
  return from_seconds(*seconds);
}

Result parse_rate(std::string_view spaced) {
  const std::string text = closed_up(spaced);
  const auto ratio = read_ratio(text, rate_kind, count_units);
  if (!ratio) return std::unexpected(ratio.error());
  if (ratio->value() <= rate_max) return ratio->value();
  return error(quoted(text) + " is more than one per nanosecond");
}

Result parse_size(std::string_view spaced) {
  const std::string text = closed_up(spaced);
  const auto number = leading_number(text, size_kind);
  if (!number) return std::unexpected(number.error());
  const std::string_view name = std::string_view(text).substr(number->length);
  const auto unit = find_unit(size_units, name);
  if (!unit && name.empty() && number->value() == 0) return 0;
  if (!unit && name.empty()) return error(bare_number(text, size_kind));
  if (!unit) return error(unknown_unit("size", name, size_units), number->length);
  if (number->in(*unit) <= bytes_max) return number->in(*unit);
  return error(quoted(text) + " is absurdly large");
}

Result parse_bandwidth(std::string_view spaced) {
  const std::string text = closed_up(spaced);
  const auto ratio = read_ratio(text, {"a bandwidth", "2MiB/s"}, size_units);
  if (!ratio) return std::unexpected(ratio.error());
  if (ratio->value() <= bytes_max) return ratio->value();
  return error(quoted(text) + " is absurdly large");
}

Result parse_time_per_byte(std::string_view spaced) {
  const std::string text = closed_up(spaced);
  constexpr Kind kind{"a time per byte", "4ns/B"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return error(quoted(text) + " is no time per byte; write one such as 4ns/B");
  }
  const auto seconds = parse_seconds(std::string_view(text).substr(0, slash));
  if (!seconds) return seconds;
  const std::string_view name = std::string_view(text).substr(slash + 1);
  const auto unit = find_unit(size_units, name);
  if (!unit) return error(unknown_unit("size", name, size_units), slash + 1);
  constexpr Number one{"1", 0, 1};
  return *seconds / one.in(*unit);
}

Result parse_percent(std::string_view spaced) {
  const std::string text = closed_up(spaced);
  constexpr Kind kind{"a share", "1%"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::string_view sign = std::string_view(text).substr(number->length);
  if (sign.empty() && number->value() == 0) return 0;
  if (sign.empty()) return error(bare_number(text, kind));
  if (sign != "%") return error("expected '%', found " + quoted(sign), number->length);
  if (number->value(-2) <= 1) return number->value(-2);
  return error(quoted(text) + " is more than 100%");
}

Result parse_number(std::string_view text) {
  constexpr Kind kind{"a number", "1.5"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  if (number->length < text.size()) {
    return error("expected a number without a unit, found " + quoted(text), number->length);
  }
  if (!std::isfinite(number->value())) return error(quoted(text) + " is absurdly large");
  return number->value();
}

Result parse_quantity(std::string_view text, Quantity quantity) {
  switch (quantity) {
    case Quantity::duration:
      return parse_seconds(text);
    case Quantity::size:
      return parse_size(text);
    case Quantity::bandwidth:
      return parse_bandwidth(text);
  }
  std::unreachable();
}

}  // namespace weir::sim
