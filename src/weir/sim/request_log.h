// A line for every request, or for a share of them: when it was to be sent, when it was served, by
// whom, and what became of it.
//
// Each replication writes a part of its own, through a buffer of a fixed size, so memory does not
// grow with the number of requests and replications side by side do not meet. At the end the parts
// are put together in the order of the replications: the file is the same, byte by byte, however
// many ran at a time. Which requests are drawn into a share depends on the seed and on who they
// are, so every policy shows the same ones.
//
// Times are in seconds from the start of the replication, to the nanosecond.

#pragma once

#include <cstdint>
#include <expected>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/random.h"
#include "weir/base/time.h"
#include "weir/sim/recorder.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

struct RequestLogOptions {
  enum class Format { csv, jsonl };

  std::string file;
  Format format = Format::csv;
  double share = 1;  // of the requests, above 0 and at most 1
};

// The format that the name of a file stands for: .csv, or .jsonl; nothing for another.
std::optional<RequestLogOptions::Format> format_of(std::string_view file);

// The part of one replication.
class RequestLog {
 public:
  // `failure` is set, once, to what has gone wrong with the file; it outlives the log.
  RequestLog(const Scenario& scenario, const RequestLogOptions& options, std::string part,
             RandomKey key, std::string& failure);
  ~RequestLog();
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  // `counted`: whether the figures of the run count the request.
  void add(const RequestOutcome& outcome, TimePoint start, bool counted);

 private:
  bool is_drawn(const RequestOutcome& outcome) const;
  void add_row(const RequestOutcome& outcome, TimePoint start, bool counted);
  void add_object(const RequestOutcome& outcome, TimePoint start, bool counted);
  void flush();

  const RequestLogOptions& options_;
  const RandomKey key_;
  std::vector<std::string> loads_;
  std::vector<std::string> workers_;
  std::ofstream file_;
  std::string buffer_;
  std::string& failure_;
};

// The whole file. Replications may begin their parts side by side.
class RequestLogs {
 public:
  // `replications`: at most so many parts.
  RequestLogs(RequestLogOptions options, std::uint32_t replications);

  // Removes the parts that are left.
  ~RequestLogs();
  RequestLogs(const RequestLogs&) = delete;
  RequestLogs& operator=(const RequestLogs&) = delete;

  // Requires: `scenario` outlives nothing; called once for each number.
  RequestLog begin(const Scenario& scenario, std::uint32_t replication);

  // Puts the parts together. Requires: every part that was begun has ended. An error is one
  // sentence.
  std::expected<void, std::string> finish();

 private:
  std::string part_of(std::uint32_t replication) const;

  const RequestLogOptions options_;
  std::vector<std::string> failures_;  // by replication; each is written by one
  std::vector<char> begun_;            // likewise
};

}  // namespace weir::sim
