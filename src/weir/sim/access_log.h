// One line of a log becomes the parts that a replay needs: when, for how long, how many bytes.
//
// A parser knows one form and nothing of the lines before; what is wrong with a line is a value,
// since a log of a million lines has some that are cut off. Parts are views into the line or into
// the parser, good until the next line.

#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/sim/log_time.h"

namespace weir::sim {

enum class LogFormat {
  automatic,  // by the first line
  common,     // Common Log Format: host ident user [time] "request" status bytes
  combined,   // the same, and "referer" "user agent"
  csv,        // a first row with the names of the columns
  jsonl,      // an object on each line
};

std::string_view log_format_name(LogFormat format);

// Where a part stands: the column of a CSV; the key of an object, "a.b" for one within another; in
// an access log one of the words behind the known ones: "last", its number from 1, or the name of a
// name=value. Empty: where it is by custom.
struct LogField {
  std::string name{};
  LogUnit unit = LogUnit::automatic;

  bool operator==(const LogField&) const = default;
};

struct LogOptions {
  LogFormat format = LogFormat::automatic;
  LogField time{};
  LogField duration{};  // "none": the log's durations are none of ours
  LogField bytes{};
  bool stamped_at_end = false;  // times are those of the ends of requests
  double bad_share = 0.01;      // of the lines, that may be bad
  std::uint64_t requests_max = 100'000'000;
  std::optional<std::uint32_t> replication{};  // of weir's own log; empty: 0
  std::optional<std::int64_t> from{};   // in nanoseconds, as the log counts: what comes earlier …
  std::optional<std::int64_t> until{};  // … or not before that is none of ours

  bool operator==(const LogOptions&) const = default;
};

// The parts of one line, as text.
struct LogLine {
  std::string_view time{};
  std::optional<std::string_view> duration{};
  std::optional<std::string_view> bytes{};
  // weir's own: `time` is the intended one, and these are of a worker; empty if it was not served.
  std::optional<std::string_view> started{};
  std::optional<std::string_view> finished{};
  std::optional<std::string_view> replication{};  // weir's own
  bool skipped = false;                           // no request: a comment, a blank
};

class LogParser {
 public:
  virtual ~LogParser() = default;

  // The error is part of a sentence, such as "there is no time in brackets".
  virtual std::expected<LogLine, std::string> parse(std::string_view line) = 0;

  virtual LogFormat format() const = 0;
  // Of numbers without a unit, where the names of the log's own fields tell.
  virtual LogUnit time_unit() const { return LogUnit::automatic; }
  virtual LogUnit duration_unit() const { return LogUnit::automatic; }
  virtual bool is_weirs_own() const { return false; }
};

// The parser for a log that begins with that line. `consumes` becomes true if the line is a header,
// none of the requests. The error is one sentence.
std::expected<std::unique_ptr<LogParser>, std::string> make_log_parser(std::string_view first_line,
                                                                       const LogOptions& options,
                                                                       bool& consumes);

// One kind each, for make_log_parser().
std::unique_ptr<LogParser> common_log_parser(LogFormat format, const LogOptions& options);
std::expected<std::unique_ptr<LogParser>, std::string> csv_log_parser(std::string_view header,
                                                                      const LogOptions& options);
std::expected<std::unique_ptr<LogParser>, std::string> jsonl_log_parser(std::string_view first_line,
                                                                        const LogOptions& options);

}  // namespace weir::sim
