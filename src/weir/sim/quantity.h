// Numbers with units, as people write them in scenarios: 10ms, 700/s, 64KiB, 1%.
//
// A quantity without its unit is an error, zero excepted: "timeout = 5" has cost the field enough.
// Every error carries one line that says what to write instead, and the column where it went wrong.

#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "weir/base/time.h"

namespace weir::sim {

struct ParseError {
  std::string message;     // one line, no full stop: "unknown unit 'sec'; did you mean 's'?"
  std::size_t column = 1;  // in the text that was parsed, from 1, in bytes

  bool operator==(const ParseError&) const = default;
};

// What a number stands for; its unit in computations is the second, the byte, the byte per second.
enum class Quantity { duration, size, bandwidth };

// A time such as "10ms", "1.5h" or "1m30s": units ns, us, ms, s, m (or min), h, d. Not negative.
std::expected<Duration, ParseError> parse_duration(std::string_view text);

// The same in seconds, without rounding to the nanosecond.
std::expected<double, ParseError> parse_seconds(std::string_view text);

// Events per second, from "100/s", "6000/min", "5k/s" or "1/h".
std::expected<double, ParseError> parse_rate(std::string_view text);

// Bytes, from "512B", "64KiB", "2MB": units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB.
std::expected<double, ParseError> parse_size(std::string_view text);

// Bytes per second, from "2MiB/s".
std::expected<double, ParseError> parse_bandwidth(std::string_view text);

// Seconds per byte, from "4ns/B" or "1ms/MiB".
std::expected<double, ParseError> parse_time_per_byte(std::string_view text);

// A fraction, from "1%" (0.01). At most 100%.
std::expected<double, ParseError> parse_percent(std::string_view text);

// A number without a unit, such as the 4 of geom(4).
std::expected<double, ParseError> parse_number(std::string_view text);

// In the unit of `quantity`: seconds, bytes, bytes per second.
std::expected<double, ParseError> parse_quantity(std::string_view text, Quantity quantity);

// For people: four significant digits at most and the unit that suits, such as "12.35ms" or "1.5h".
std::string format_duration(Duration duration);

// The shortest spellings that the parsers above read back to the same bits.
std::string exact_seconds(double seconds);
std::string exact_rate(double per_second);
std::string exact_percent(double fraction);
std::string exact_quantity(double value, Quantity quantity);
std::string exact_number(double value);

}  // namespace weir::sim
