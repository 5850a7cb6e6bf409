#include "weir/sim/learned_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "weir/base/histogram.h"
#include "weir/sim/log_reader.h"

namespace weir::sim {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t windows_min = 10;  // fewer tell nothing of a variance

// Variance over mean of the numbers of requests in the whole windows between the first request and
// the end. Sums are exact up to 2^53.
std::optional<double> dispersion(const std::vector<LoggedRequest>& requests, std::int64_t end,
                                 std::int64_t window) {
  const std::int64_t first = requests.front().at, windows = (end - first) / window;
  if (windows < windows_min) return std::nullopt;
  double sum = 0, squares = 0;
  for (std::size_t at = 0; at < requests.size();) {
    const std::int64_t number = (requests[at].at - first) / window;
    if (number >= windows) break;
    const std::size_t begin = at;
    const std::int64_t stop = first + (number + 1) * window;
    while (at < requests.size() && requests[at].at < stop) ++at;
    const auto count = static_cast<double>(at - begin);
    sum += count;
    squares += count * count;
  }
  const double mean = sum / static_cast<double>(windows);
  return (squares / static_cast<double>(windows) - mean * mean) / mean;
}

// Windows of a second that begin when a request comes, for a log with parts of seconds; else the
// seconds of the clock.
void find_peak(const std::vector<LoggedRequest>& requests, LearnedLog& learned) {
  std::size_t last = 0;
  for (std::size_t first = 0; first < requests.size(); ++first) {
    while (last < requests.size() && requests[last].at < requests[first].at + second) ++last;
    if (last - first <= learned.peak) continue;
    learned.peak = last - first;
    learned.peak_at_s = static_cast<double>(requests[first].at - requests.front().at) / 1e9;
  }
}

std::optional<LearnedValues> values(const std::vector<LoggedRequest>& requests,
                                    std::int64_t LoggedRequest::* which, double unit) {
  Histogram histogram;
  for (const LoggedRequest& request : requests) {
    if (request.*which != LoggedRequest::unknown) histogram.record(request.*which);
  }
  if (histogram.empty()) return std::nullopt;
  const double mean = histogram.mean();
  return LearnedValues{.count = histogram.count(),
                       .mean = mean * unit,
                       .cv = mean > 0 ? histogram.standard_deviation() / mean : 0,
                       .p50 = static_cast<double>(histogram.quantile(0.5)) * unit,
                       .p99 = static_cast<double>(histogram.quantile(0.99)) * unit,
                       .max = static_cast<double>(histogram.max()) * unit};
}

std::string factor(double index) {
  return fmt::format("{:.{}f}", index, index < 10 ? 1 : 0);
}

}  // namespace

// Of Poisson arrivals the index of n windows has a standard error of about sqrt(2 / (n - 1)).
std::string LearnedLog::meaning() const {
  if (!idc_1s) return {};
  const double error = std::sqrt(2 / (static_cast<double>(seconds) - 1));
  if (std::abs(*idc_1s - 1) <= 2 * error && (!idc_10s || *idc_10s < 2)) {
    return "arrivals look like a Poisson process, as far as seconds tell: poisson(RATE) would do";
  }
  if (*idc_1s < 1 && (!idc_10s || *idc_10s < 2)) {
    return "arrivals are more even than a Poisson process: poisson(RATE) would overstate queues";
  }
  std::string text =
      fmt::format("arrivals are bursty: the count of a second varies {} times as much as Poisson's",
                  factor(*idc_1s));
  if (idc_10s && *idc_10s > 1.5 * *idc_1s) {
    text +=
        fmt::format(", that of 10 s {} times, so bursts last for many seconds", factor(*idc_10s));
  }
  return text + ": poisson(RATE) would understate queues";
}

LearnedLog learn(const ReadLog& log, std::string file) {
  const auto& requests = log.requests;
  LearnedLog learned{.file = std::move(file),
                     .format = log.is_weirs_own ? "weir" : std::string(log_format_name(log.format)),
                     .fine = log.fine,
                     .requests = requests.size(),
                     .bad_lines = log.bad_lines,
                     .first_bad = log.first_bad,
                     .out_of_order = log.out_of_order,
                     .outside = log.outside,
                     .replication = log.replication,
                     .replications = log.replications};
  const std::int64_t begin = requests.front().at;
  if (is_date(begin)) learned.begin = spell_log_time(begin);
  const std::int64_t end = requests.back().at + (log.fine ? 0 : second);
  learned.span_s = static_cast<double>(end - begin) / 1e9;
  const auto count = static_cast<double>(requests.size());
  learned.rate_per_s = (log.fine ? count - 1 : count) / learned.span_s;
  find_peak(requests, learned);
  learned.seconds = static_cast<std::uint64_t>((end - begin) / second);
  learned.idc_1s = dispersion(requests, end, second);
  learned.idc_10s = dispersion(requests, end, 10 * second);
  learned.service = values(requests, &LoggedRequest::duration, 1e-9);
  learned.size = values(requests, &LoggedRequest::bytes, 1);
  return learned;
}

}  // namespace weir::sim
