// Reads a log piece by piece and keeps of each request three numbers: when it came, how long it
// took, how many bytes it had.
//
// Lines of access logs are written when requests end, and bear the time at which they began: they
// are put in order here, those of one moment as they stand. Memory is 24 bytes a request, whatever
// the lines hold, and twice that while the vector grows or is sorted.

#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/time.h"
#include "weir/sim/access_log.h"

namespace weir::sim {

struct LoggedRequest {
  static constexpr std::int64_t unknown = -1;

  std::int64_t at = 0;  // nanoseconds, as the log counts
  std::int64_t duration = unknown;
  std::int64_t bytes = unknown;

  bool operator==(const LoggedRequest&) const = default;
};

struct ReadLog {
  LogFormat format = LogFormat::automatic;
  bool is_weirs_own = false;
  bool fine = false;                      // false: times are whole seconds
  std::vector<LoggedRequest> requests{};  // ascending by time
  std::uint64_t lines = 0;                // all of the log
  std::uint64_t bad_lines = 0;
  std::string first_bad{};         // "line 17: …"; empty if there is none
  std::uint64_t out_of_order = 0;  // lines of an earlier time than one before
  std::uint64_t outside = 0;       // of the window
  std::int64_t origin = 0;         // what the replay begins with
  std::uint32_t replication = 0;   // of weir's own log: the one that was read, …
  std::uint32_t replications = 0;  // … and how many it has; of others 0

  // To the second for a log that knows no more.
  double resolution_s() const { return fine ? 0 : 1; }
};

class LogReader {
 public:
  explicit LogReader(const LogOptions& options) : options_(options) {}

  // The next bytes, cut anywhere. The error is a sentence without the name of the log; nothing may
  // be fed after it.
  std::expected<void, std::string> feed(std::string_view piece);

  // Everything that was read, or why it is no log that can be replayed.
  std::expected<ReadLog, std::string> finish();

  std::uint64_t lines() const { return log_.lines; }

 private:
  static constexpr std::size_t line_max = std::size_t{1} << 20;

  std::expected<void, std::string> add_line(std::string_view line);
  std::expected<void, std::string> add_request(std::string_view line);
  std::expected<std::optional<LoggedRequest>, std::string> read(std::string_view line);
  bool is_of_another_replication(const LogLine& parts);
  std::expected<std::int64_t, std::string> duration_of(const LogLine& parts) const;
  std::expected<void, std::string> keep(const LoggedRequest& request);
  void add_bad(std::string why);
  std::expected<void, std::string> check() const;
  void put_in_order();

  const LogOptions options_;
  std::unique_ptr<LogParser> parser_;  // null before the first line
  LogUnit time_unit_ = LogUnit::automatic;
  LogUnit duration_unit_ = LogUnit::automatic;
  std::string rest_;       // a line whose end has not come
  bool too_long_ = false;  // that line: what comes of it is dropped
  ReadLog log_;
  std::int64_t latest_ = INT64_MIN;
};

// Keeps what comes from `from` on after the first request, for so long; the window's begin becomes
// the origin. The error says what the log has instead.
std::expected<void, std::string> cut_window(ReadLog& log, Duration from,
                                            std::optional<Duration> length);

}  // namespace weir::sim
