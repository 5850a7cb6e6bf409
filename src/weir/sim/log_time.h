// Times and durations as logs write them, read exactly: whole nanoseconds, no rounding through
// floating point, no locale and no time zone but the one that is written.
//
// Sources: the Common Log Format of the Apache HTTP server (mod_log_config), RFC 3339.

#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace weir::sim {

// Of numbers without one.
enum class LogUnit { automatic, s, ms, us, ns };

// "s", "ms", "us" or "ns"; automatic for any other word.
LogUnit log_unit(std::string_view word);

struct LogTime {
  std::int64_t ns = 0;  // from 1970, or from wherever the log counts
  bool fine = false;    // written with parts of a second
};

// [10/Oct/2000:13:55:36 -0700], with or without the brackets and with a fraction or without;
// 2000-10-10T13:55:36.5Z, with T or a blank, and UTC if no zone is given; or a number since 1970 or
// since the log began: seconds unless the unit says otherwise. If that is automatic, whole numbers
// of 12 digits or more are finer: milliseconds (up to 14), microseconds (up to 17), nanoseconds.
// From 1970 to 2200. The error is part of a sentence.
std::expected<LogTime, std::string> parse_log_time(std::string_view text, LogUnit unit);

// A number in that unit, seconds if it is automatic, or with a unit of its own ("12.5ms"). Not
// negative and at most a day. The error is part of a sentence.
std::expected<std::int64_t, std::string> parse_log_duration(std::string_view text, LogUnit unit);

// Whether a time is counted from 1970, not from the log's own beginning: it lies beyond ten years.
bool is_date(std::int64_t ns);

// "2000-10-10T20:55:36Z", with as many digits behind the second as it takes.
std::string spell_log_time(std::int64_t ns);

}  // namespace weir::sim
