// What a log tells of the load that it recorded: how much, how bursty, how long, how big.
//
// IDC(w), the index of dispersion for counts, is the variance of the number of requests in windows
// of length w over its mean: 1 of a Poisson process at every w, less where requests are spaced out,
// more where they come in bursts; if it grows with w, bursts last longer than the lesser w. Source:
// Gusella, "Characterizing the variability of arrival processes with indexes of dispersion", 1991.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace weir::sim {

struct ReadLog;

// Of durations in seconds, of sizes in bytes. Quantiles are off by 0.05 % at most.
struct LearnedValues {
  std::uint64_t count = 0;  // requests that have one
  double mean = 0;
  double cv = 0;  // deviation over mean; 0 for a mean of 0
  double p50 = 0;
  double p99 = 0;
  double max = 0;

  double scv() const { return cv * cv; }
};

struct LearnedLog {
  std::string file{};
  std::string format{};  // "common", …, "weir"
  bool fine = false;
  std::uint64_t requests = 0;
  std::uint64_t bad_lines = 0;
  std::string first_bad{};
  std::uint64_t out_of_order = 0;
  std::uint64_t outside = 0;
  std::uint32_t replication = 0;  // of weir's own: see ReadLog
  std::uint32_t replications = 0;
  std::string begin{};  // 2000-10-10T20:55:36Z; empty if the log counts from its own beginning
  double span_s = 0;    // from the first request to the last, whole seconds included
  double rate_per_s = 0;
  std::uint64_t peak = 0;          // the most requests in a second
  double peak_at_s = 0;            // after the first request
  std::uint64_t seconds = 0;       // whole ones, from which come …
  std::optional<double> idc_1s{};  // empty with fewer than 10 windows
  std::optional<double> idc_10s{};
  std::optional<LearnedValues> service{};
  std::optional<LearnedValues> size{};

  // What the dispersion means, for one who has never heard of it. One sentence; empty if the log is
  // too short to tell.
  std::string meaning() const;
};

LearnedLog learn(const ReadLog& log, std::string file);

}  // namespace weir::sim
