// A number by std::from_chars, a unit by table.
//
// A unit is a power of ten and a factor. The power goes into the decimal text before it is read, so
// 99.9% is the double nearest to 0.999, which 99.9 / 100 is not; a factor of 1 rounds nothing.

#include "weir/sim/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "weir/sim/suggestion.h"

namespace weir::sim {
namespace {

using Result = std::expected<double, ParseError>;

struct Unit {
  std::string_view name;
  int exponent;  // of ten
  double factor = 1;
};

constexpr std::array<Unit, 7> time_units = {
    {{"ns", -9}, {"us", -6}, {"ms", -3}, {"s", 0}, {"m", 0, 60}, {"h", 0, 3600}, {"d", 0, 86400}}};
constexpr std::array<Unit, 2> other_time_names = {{{"min", 0, 60}, {"\xC2\xB5s", -6}}};
constexpr std::array<Unit, 9> size_units = {{{"B", 0},
                                             {"KiB", 0, 0x1p10},
                                             {"MiB", 0, 0x1p20},
                                             {"GiB", 0, 0x1p30},
                                             {"TiB", 0, 0x1p40},
                                             {"kB", 3},
                                             {"MB", 6},
                                             {"GB", 9},
                                             {"TB", 12}}};
constexpr std::array<Unit, 3> count_units = {{{"", 0}, {"k", 3}, {"M", 6}}};
constexpr std::array<Unit, 1> percent_units = {{{"%", -2}}};

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
    const bool large = failure == std::errc::result_out_of_range && exponent > 0;
    return large ? std::numeric_limits<double>::infinity() : result;
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

Result parse_seconds(std::string_view text) {
  if (text == "0") return 0;
  double sum = 0;
  std::size_t at = 0;
  do {
    const auto number = leading_number(text.substr(at), time_kind);
    if (!number) return error(number.error().message, at);
    at += number->length;
    const std::string_view name = text.substr(at, unit_length(text.substr(at)));
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

Result parse_rate(std::string_view text) {
  const auto ratio = read_ratio(text, rate_kind, count_units);
  if (!ratio) return std::unexpected(ratio.error());
  if (ratio->value() <= rate_max) return ratio->value();
  return error(quoted(text) + " is more than one per nanosecond");
}

Result parse_size(std::string_view text) {
  const auto number = leading_number(text, size_kind);
  if (!number) return std::unexpected(number.error());
  const std::string_view name = text.substr(number->length);
  const auto unit = find_unit(size_units, name);
  if (!unit && name.empty() && number->value() == 0) return 0;
  if (!unit && name.empty()) return error(bare_number(text, size_kind));
  if (!unit) return error(unknown_unit("size", name, size_units), number->length);
  if (number->in(*unit) <= bytes_max) return number->in(*unit);
  return error(quoted(text) + " is absurdly large");
}

Result parse_bandwidth(std::string_view text) {
  const auto ratio = read_ratio(text, {"a bandwidth", "2MiB/s"}, size_units);
  if (!ratio) return std::unexpected(ratio.error());
  if (ratio->value() <= bytes_max) return ratio->value();
  return error(quoted(text) + " is absurdly large");
}

Result parse_time_per_byte(std::string_view text) {
  constexpr Kind kind{"a time per byte", "4ns/B"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return error(quoted(text) + " is no time per byte; write one such as 4ns/B");
  }
  const auto seconds = parse_seconds(text.substr(0, slash));
  if (!seconds) return seconds;
  const std::string_view name = text.substr(slash + 1);
  const auto unit = find_unit(size_units, name);
  if (!unit) return error(unknown_unit("size", name, size_units), slash + 1);
  constexpr Number one{"1", 0, 1};
  return *seconds / one.in(*unit);
}

Result parse_percent(std::string_view text) {
  constexpr Kind kind{"a share", "1%"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::string_view sign = text.substr(number->length);
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

namespace {

using Buffer = std::array<char, 64>;

// d.ddd · 10^exponent written out. Requires: -5 < exponent < 16.
std::string move_point(std::string_view mantissa, int exponent) {
  std::string digits(mantissa.substr(0, 1));
  if (mantissa.size() > 2) digits += mantissa.substr(2);
  if (exponent < 0)
    return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0');
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

// The shortest digits that read back to value · 10^-exponent once the exponent is added again.
std::string shortest(double value, int exponent = 0) {
  Buffer buffer;
  const auto begin = buffer.data();
  const auto end =
      std::to_chars(begin, begin + buffer.size(), value, std::chars_format::scientific).ptr;
  const Number number = *read_number({begin, end});
  const Number shifted{number.mantissa, number.exponent - exponent, 0};
  const double scaled = shifted.value();
  const bool plain = scaled >= 1e-4 && scaled < 1e15;
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  if (exponent == 0 || !plain) {
    Buffer text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), scaled, format).ptr};
  }
  return move_point(number.mantissa, shifted.exponent);
}

// The shortest of the spellings that read back to `value`, those with a number of at least 1
// first, the later unit among equals. A unit without a factor always reads back, so there is one.
template <typename Read>
std::string shortest_spelling(double value, std::span<const Unit> units, std::string_view ending,
                              Read read) {
  std::string best;
  bool best_is_small = true;
  for (const Unit& unit : units) {
    const double scaled = value / unit.factor;
    std::string text = shortest(scaled, unit.exponent) + std::string(unit.name);
    text += ending;
    const Result back = read(std::string_view(text));
    if (!back || *back != value) continue;
    const bool is_small = text.starts_with('0');
    const bool better = is_small == best_is_small ? text.size() <= best.size() : best_is_small;
    if (!best.empty() && !better) continue;
    best = std::move(text);
    best_is_small = is_small;
  }
  return best;
}

}  // namespace

std::string exact_seconds(double seconds) {
  if (seconds == 0) return "0s";
  return shortest_spelling(seconds, time_units, "", parse_seconds);
}

std::string exact_rate(double per_second) {
  if (per_second == 0) return "0/s";
  const auto plain = std::span(count_units).first(1);
  std::string best = shortest_spelling(per_second, plain, "/s", parse_rate);
  for (const auto& [ending, times] : {std::pair{"/m", 60.0}, {"/h", 3600.0}}) {
    std::string text = shortest(per_second * times) + ending;
    const Result back = parse_rate(text);
    if (back && *back == per_second && text.size() < best.size()) best = std::move(text);
  }
  return best;
}

std::string exact_percent(double fraction) {
  return fraction == 0 ? "0%" : shortest_spelling(fraction, percent_units, "", parse_percent);
}

std::string exact_quantity(double value, Quantity quantity) {
  switch (quantity) {
    case Quantity::duration:
      return exact_seconds(value);
    case Quantity::size:
      return value == 0 ? "0B" : shortest_spelling(value, size_units, "", parse_size);
    case Quantity::bandwidth:
      return value == 0 ? "0B/s" : shortest_spelling(value, size_units, "/s", parse_bandwidth);
  }
  std::unreachable();
}

std::string exact_number(double value) {
  return shortest(value);
}

std::string format_duration(Duration duration) {
  if (duration < Duration::zero()) {
    // The negative of the least duration does not exist.
    return "-" + format_duration(duration == Duration::min() ? Duration::max() : -duration);
  }
  if (duration == Duration::zero()) return "0s";
  const double seconds = to_seconds(duration);
  constexpr std::array<double, 7> sizes = {1e-9, 1e-6, 1e-3, 1, 60, 3600, 86400};
  std::size_t chosen = 0;
  while (chosen < 3 && seconds / sizes[chosen] >= 999.95) ++chosen;
  if (seconds >= 119.995) chosen = 4;
  if (seconds >= 2 * 3599.85) chosen = 5;
  if (seconds >= 2 * 86395) chosen = 6;
  const double scaled = seconds / sizes[chosen];
  const bool long_number = scaled >= 9999.5;
  Buffer text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), scaled,
                    long_number ? std::chars_format::fixed : std::chars_format::general,
                    long_number ? 0 : 4)
          .ptr;
  return std::string(text.data(), end) + std::string(time_units[chosen].name);
}

}  // namespace weir::sim
