#include "weir/sim/log_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "weir/base/time.h"
#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::size_t quoted_max = 60;  // letters of a cell that an error repeats

std::string quoted(std::string_view text) {
  std::string shown(text.substr(0, quoted_max));
  if (text.size() > quoted_max) shown += "…";
  return "'" + shown + "'";
}

std::int64_t nanoseconds_of(LogUnit unit) {
  switch (unit) {
    case LogUnit::ms:
      return 1'000'000;
    case LogUnit::us:
      return 1'000;
    case LogUnit::ns:
      return 1;
    case LogUnit::automatic:
    case LogUnit::s:
      break;
  }
  return second;
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

// Takes texts apart from the left; what is not there leaves it as it was, but for a failed number.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(char letter) {
    if (rest_.empty() || rest_.front() != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Exactly so many digits.
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  std::string_view word(std::size_t length) {
    const std::string_view found = rest_.substr(0, length);
    rest_.remove_prefix(found.size());
    return found;
  }

  // Behind a point or comma, as a part of `whole`; digits beyond the nanosecond are cut off.
  std::optional<std::int64_t> fraction(std::int64_t whole) {
    if (rest_.empty() || !is_digit(rest_.front())) return std::nullopt;
    std::int64_t value = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
      whole /= 10;
      value += whole * (rest_.front() - '0');
    }
    return value;
  }

  // As many digits as there are, if they fit.
  std::optional<std::int64_t> whole_number() {
    std::int64_t value = 0;
    std::size_t count = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++count) {
      if (value > (INT64_MAX - 9) / 10) return std::nullopt;
      value = value * 10 + (rest_.front() - '0');
    }
    return count > 0 ? std::optional(value) : std::nullopt;
  }

  bool at_end() const { return rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
};

struct ClockTime {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  std::int64_t fraction = 0;
  std::int64_t offset = 0;  // of the zone, in seconds east of UTC
};

std::expected<std::int64_t, std::string> since_1970(const ClockTime& time) {
  namespace calendar = std::chrono;
  const calendar::year_month_day date(calendar::year(time.year),
                                      calendar::month(static_cast<unsigned>(time.month)),
                                      calendar::day(static_cast<unsigned>(time.day)));
  if (!date.ok()) return Error("has a date that no calendar knows");
  if (time.hour > 23 || time.minute > 59 || time.second > 60) {
    return Error("has a time of day that no clock shows");
  }
  if (time.year < 1970 || time.year > 2200) {
    return Error(fmt::format("is of the year {}, not from 1970 to 2200", time.year));
  }
  const std::int64_t days = calendar::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86'400 + time.hour * 3'600 + time.minute * 60 + time.second;
  return (seconds - time.offset) * second + time.fraction;
}

bool read_of_day(Scanner& scanner, ClockTime& time, bool& fine) {
  const auto hour = scanner.digits(2);
  if (!hour || !scanner.take(':')) return false;
  const auto minute = scanner.digits(2);
  if (!minute || !scanner.take(':')) return false;
  const auto seconds = scanner.digits(2);
  if (!seconds) return false;
  time.hour = *hour;
  time.minute = *minute;
  time.second = *seconds;
  if (!scanner.take('.') && !scanner.take(',')) return true;
  const auto fraction = scanner.fraction(second);
  time.fraction = fraction.value_or(0);
  fine = true;
  return fraction.has_value();
}

// "-0700", "+01:00".
bool read_zone(Scanner& scanner, ClockTime& time) {
  const bool east = scanner.take('+');
  if (!east && !scanner.take('-')) return false;
  const auto hours = scanner.digits(2);
  scanner.take(':');
  const auto minutes = scanner.digits(2);
  if (!hours || !minutes) return false;
  time.offset = (east ? 1 : -1) * (*hours * 3'600 + *minutes * 60);
  return true;
}

std::optional<int> month_of(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin()) + 1;
}

using MaybeClockTime = std::optional<ClockTime>;

// 10/Oct/2000:13:55:36 -0700
MaybeClockTime read_common(std::string_view text, bool& fine) {
  Scanner scanner(text);
  ClockTime time;
  const auto date = scanner.digits(2);
  if (!date || !scanner.take('/')) return std::nullopt;
  const auto month = month_of(scanner.word(3));
  if (!month || !scanner.take('/')) return std::nullopt;
  const auto year = scanner.digits(4);
  if (!year || !scanner.take(':') || !read_of_day(scanner, time, fine)) return std::nullopt;
  time.day = *date;
  time.month = *month;
  time.year = *year;
  if (scanner.at_end()) return time;
  if (!scanner.take(' ') || !read_zone(scanner, time) || !scanner.at_end()) return std::nullopt;
  return time;
}

// 2000-10-10T13:55:36.5Z
MaybeClockTime read_iso(std::string_view text, bool& fine) {
  Scanner scanner(text);
  ClockTime time;
  const auto year = scanner.digits(4);
  if (!year || !scanner.take('-')) return std::nullopt;
  const auto month = scanner.digits(2);
  if (!month || !scanner.take('-')) return std::nullopt;
  const auto date = scanner.digits(2);
  if (!date || !(scanner.take('T') || scanner.take('t') || scanner.take(' '))) return std::nullopt;
  time.year = *year;
  time.month = *month;
  time.day = *date;
  if (!read_of_day(scanner, time, fine)) return std::nullopt;
  scanner.take(' ');
  if (scanner.at_end() || scanner.take('Z') || scanner.take('z') || read_zone(scanner, time)) {
    if (scanner.at_end()) return time;
  }
  return std::nullopt;
}

struct Number {
  std::int64_t ns = 0;
  bool fraction = false;
  bool fits = true;
};

// "1.5e-3", which JSON may hold, to the precision of a double.
std::optional<Number> read_exponent(std::string_view text, LogUnit unit) {
  const auto value = parse_number(text);
  if (!value || !(*value >= 0)) return std::nullopt;
  const double ns = *value * static_cast<double>(nanoseconds_of(unit));
  if (!(ns < 9e18)) return Number{.fits = false};
  return Number{.ns = static_cast<std::int64_t>(ns + 0.5)};
}

// Digits with a point perhaps.
std::optional<Number> read_number(std::string_view text, LogUnit unit) {
  Scanner scanner(text);
  const auto whole = scanner.whole_number();
  if (!whole) return std::nullopt;
  const std::size_t count = text.size() - scanner.left();
  if (text.find_first_of("eE") != std::string_view::npos) return read_exponent(text, unit);
  Number number{.fraction = scanner.take('.')};
  if (unit == LogUnit::automatic && !number.fraction && count >= 12) {
    unit = count <= 14 ? LogUnit::ms : count <= 17 ? LogUnit::us : LogUnit::ns;
  }
  const std::int64_t one = nanoseconds_of(unit);
  const auto part = number.fraction ? scanner.fraction(one) : std::optional<std::int64_t>(0);
  if (!part || !scanner.at_end()) return std::nullopt;
  number.fits = *whole < 9'000'000'000'000'000'000 / one;
  if (number.fits) number.ns = *whole * one + *part;
  return number;
}

}  // namespace

LogUnit log_unit(std::string_view word) {
  if (word == "s") return LogUnit::s;
  if (word == "ms") return LogUnit::ms;
  if (word == "us") return LogUnit::us;
  if (word == "ns") return LogUnit::ns;
  return LogUnit::automatic;
}

std::expected<LogTime, std::string> parse_log_time(std::string_view text, LogUnit unit) {
  if (text.starts_with('[')) text.remove_prefix(1);
  if (text.ends_with(']')) text.remove_suffix(1);
  LogTime time;
  auto clock = read_common(text, time.fine);
  if (!clock) clock = read_iso(text, time.fine);
  if (clock) {
    const auto since = since_1970(*clock);
    if (!since) return Error("the time " + quoted(text) + " " + since.error());
    time.ns = *since;
    return time;
  }
  const auto number = read_number(text, unit);
  if (!number) return Error(quoted(text) + " is no time");
  constexpr std::int64_t last = 230LL * 366 * day;
  if (!number->fits || number->ns > last) {
    return Error("the time " + quoted(text) + " lies beyond the year 2200: is its unit right?");
  }
  return LogTime{.ns = number->ns, .fine = number->fraction || number->ns % second != 0};
}

std::expected<std::int64_t, std::string> parse_log_duration(std::string_view text, LogUnit unit) {
  if (text.starts_with('-')) return Error("the duration " + quoted(text) + " is negative");
  const auto plain = read_number(text, unit == LogUnit::automatic ? LogUnit::s : unit);
  const auto own = plain ? std::nullopt : std::optional(parse_seconds(text));
  if (own && !*own) return Error(quoted(text) + " is no duration");
  const bool absurd = plain ? !plain->fits || plain->ns > day : !(**own <= 86'400);
  if (absurd) {
    return Error("the duration " + quoted(text) + " is more than a day: is its unit right?");
  }
  return plain ? plain->ns : from_seconds(**own).count();
}

bool is_date(std::int64_t ns) {
  return ns >= 3'650 * day;
}

std::string spell_log_time(std::int64_t ns) {
  const std::int64_t days = ns / day, rest = ns % day / second;
  const std::chrono::year_month_day date(
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days))));
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  rest / 3'600, rest / 60 % 60, rest % 60);
  if (ns % second != 0) {
    text += fmt::format(".{:09}", ns % second);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

}  // namespace weir::sim
