// A number by std::from_chars, a unit by table.
//
// A unit is a multiplier and a divisor, one of them 1: 3 ms is 3 / 1000, which rounds once, where
// 3 · 0.001 would round twice.

#include "weir/sim/quantity.h"

#include <array>
#include <charconv>
#include <cmath>
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
  double times;
  double per;
};

constexpr std::array<Unit, 7> time_units = {{{"ns", 1, 1e9},
                                             {"us", 1, 1e6},
                                             {"ms", 1, 1e3},
                                             {"s", 1, 1},
                                             {"m", 60, 1},
                                             {"h", 3600, 1},
                                             {"d", 86400, 1}}};
constexpr std::array<Unit, 2> other_time_names = {{{"min", 60, 1}, {"\xC2\xB5s", 1, 1e6}}};
constexpr std::array<Unit, 9> size_units = {{{"B", 1, 1},
                                             {"KiB", 0x1p10, 1},
                                             {"MiB", 0x1p20, 1},
                                             {"GiB", 0x1p30, 1},
                                             {"TiB", 0x1p40, 1},
                                             {"kB", 1e3, 1},
                                             {"MB", 1e6, 1},
                                             {"GB", 1e9, 1},
                                             {"TB", 1e12, 1}}};
constexpr std::array<Unit, 3> count_units = {{{"", 1, 1}, {"k", 1e3, 1}, {"M", 1e6, 1}}};

constexpr double seconds_max = 9.2e9;  // 292 years, what 63 bits of nanoseconds hold
constexpr double bytes_max = 0x1p60;
constexpr double rate_max = 1e9;  // one per nanosecond

std::unexpected<ParseError> error(std::string message, std::size_t at = 0) {
  return std::unexpected(ParseError{std::move(message), at + 1});
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

// A number at the start of a text, and how many characters it took.
struct Number {
  double value;
  std::size_t length;
};

std::optional<Number> read_number(std::string_view text) {
  const bool starts =
      !text.empty() && (text[0] == '-' || text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
  if (!starts) return {};
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end == text.data() || failure == std::errc::invalid_argument) return {};
  const auto length = static_cast<std::size_t>(end - text.data());
  if (failure == std::errc::result_out_of_range) value = INFINITY;
  return Number{value, length};
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
  if (std::signbit(number->value)) {
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
  while (length < text.size() && !(text[length] >= '0' && text[length] <= '9') &&
         text[length] != '.' && text[length] != '-') {
    ++length;
  }
  return length;
}

std::string bare_number(std::string_view text, const Kind& kind) {
  return quoted(text) + " has no unit; write " + std::string(kind.name) + " such as " +
         std::string(kind.example);
}

Result size_or_count(std::string_view text, const Kind& kind, std::span<const Unit> units,
                     double limit) {
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::string_view name = text.substr(number->length);
  const auto unit = find_unit(units, name);
  if (!unit && name.empty() && number->value == 0) return 0;
  if (!unit && name.empty()) return error(bare_number(text, kind));
  if (!unit) return error(unknown_unit(kind.name.substr(2), name, units), number->length);
  const double value = number->value * unit->times / unit->per;
  if (!(value <= limit)) return error(quoted(text) + " is absurdly large");
  return value;
}

struct Halves {
  std::string_view before;
  std::string_view after;
  std::size_t at;  // of `after`
};

std::optional<Halves> split_at_slash(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  return Halves{text.substr(0, slash), text.substr(slash + 1), slash + 1};
}

}  // namespace

Result parse_seconds(std::string_view text) {
  if (text == "0") return 0;
  double sum = 0;
  std::size_t at = 0;
  do {
    const std::string_view rest = text.substr(at);
    const auto number = leading_number(rest, time_kind);
    if (!number) return error(number.error().message, at);
    at += number->length;
    const std::string_view name = text.substr(at, unit_length(text.substr(at)));
    const auto unit = find_time_unit(name);
    if (!unit && name.empty()) return error(bare_number(text, time_kind), at - number->length);
    if (!unit) return error(unknown_unit("time", name, time_units), at);
    sum += number->value * unit->times / unit->per;
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
  const auto number = leading_number(text, rate_kind);
  if (!number) return std::unexpected(number.error());
  const auto halves = split_at_slash(text);
  if (!halves) return error(bare_number(text, rate_kind));
  const auto count = size_or_count(halves->before, rate_kind, count_units, INFINITY);
  if (!count) return count;
  const auto unit = find_time_unit(halves->after);
  if (!unit) return error(unknown_unit("time", halves->after, time_units), halves->at);
  const double rate = *count * unit->per / unit->times;
  if (!(rate <= rate_max)) return error(quoted(text) + " is more than one per nanosecond");
  return rate;
}

Result parse_size(std::string_view text) {
  return size_or_count(text, size_kind, size_units, bytes_max);
}

Result parse_bandwidth(std::string_view text) {
  constexpr Kind kind{"a bandwidth", "2MiB/s"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const auto halves = split_at_slash(text);
  if (!halves) return error(bare_number(text, kind));
  const auto size = parse_size(halves->before);
  if (!size) return size;
  const auto unit = find_time_unit(halves->after);
  if (!unit) return error(unknown_unit("time", halves->after, time_units), halves->at);
  return *size * unit->per / unit->times;
}

Result parse_time_per_byte(std::string_view text) {
  constexpr Kind kind{"a time per byte", "4ns/B"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const auto halves = split_at_slash(text);
  if (!halves) return error(quoted(text) + " is no time per byte; write one such as 4ns/B");
  const auto seconds = parse_seconds(halves->before);
  if (!seconds) return seconds;
  const auto unit = find_unit(size_units, halves->after);
  if (!unit) return error(unknown_unit("size", halves->after, size_units), halves->at);
  return *seconds / unit->times;
}

Result parse_percent(std::string_view text) {
  constexpr Kind kind{"a share", "1%"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  const std::string_view sign = text.substr(number->length);
  if (sign.empty() && number->value == 0) return 0;
  if (sign.empty()) return error(bare_number(text, kind));
  if (sign != "%") return error("expected '%', found " + quoted(sign), number->length);
  if (!(number->value <= 100)) return error(quoted(text) + " is more than 100%");
  return number->value / 100;
}

Result parse_number(std::string_view text) {
  constexpr Kind kind{"a number", "1.5"};
  const auto number = leading_number(text, kind);
  if (!number) return std::unexpected(number.error());
  if (number->length < text.size()) {
    return error("expected a number without a unit, found " + quoted(text), number->length);
  }
  if (!std::isfinite(number->value)) return error(quoted(text) + " is absurdly large");
  return number->value;
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

std::string shortest(double value) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string rounded(double value, int digits) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, digits)
                       .ptr;
  return {buffer.data(), end};
}

// The shortest of the spellings that read back to `value`; the later unit among equals. A unit of
// factor 1 always reads back, so there is one.
template <typename Read>
std::string shortest_spelling(double value, std::span<const Unit> units, std::string_view ending,
                              Read read) {
  std::string best;
  for (const Unit& unit : units) {
    const double scaled = value * unit.per / unit.times;
    for (const std::string& number : {rounded(scaled, 15), shortest(scaled)}) {
      std::string text = number + std::string(unit.name) + std::string(ending);
      const Result back = read(std::string_view(text));
      const bool better = best.empty() || text.size() <= best.size();
      if (back && *back == value && better) best = std::move(text);
    }
  }
  return best;
}

}  // namespace

std::string exact_seconds(double seconds) {
  if (seconds == 0) return "0s";
  return shortest_spelling(seconds, time_units, "", parse_seconds);
}

std::string exact_rate(double per_second) {
  constexpr std::array<Unit, 1> plain = {{{"", 1, 1}}};
  std::string best = shortest_spelling(per_second, plain, "/s", parse_rate);
  for (const auto& [ending, times] : {std::pair{"/m", 60.0}, {"/h", 3600.0}}) {
    std::string text = rounded(per_second * times, 15) + ending;
    const Result back = parse_rate(text);
    if (back && *back == per_second && text.size() < best.size()) best = std::move(text);
  }
  return best;
}

std::string exact_percent(double fraction) {
  constexpr std::array<Unit, 1> percent = {{{"%", 1, 100}}};
  return shortest_spelling(fraction, percent, "", parse_percent);
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
  const auto in = [seconds](const Unit& unit) { return seconds * unit.per / unit.times; };
  std::size_t chosen = 0;
  while (chosen < 3 && in(time_units[chosen]) >= 999.95) ++chosen;
  if (seconds >= 119.995) chosen = 4;
  if (seconds >= 2 * 3599.85) chosen = 5;
  if (seconds >= 2 * 86395) chosen = 6;
  std::string number = rounded(in(time_units[chosen]), 4);
  if (number.find('e') != std::string::npos) number = rounded(in(time_units[chosen]), 9);
  return number + std::string(time_units[chosen].name);
}

}  // namespace weir::sim
