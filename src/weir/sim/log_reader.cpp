#include "weir/sim/log_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

using Error = std::unexpected<std::string>;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::int64_t span_max = 366 * day;

std::string spell(std::int64_t at) {
  if (is_date(at)) return spell_log_time(at);
  return exact_seconds(static_cast<double>(at) / 1e9);
}

std::expected<std::int64_t, std::string> bytes_of(std::string_view text, LogFormat format) {
  if (text == "-" && format != LogFormat::csv) return 0;  // nothing was sent
  if (text.empty() || text == "-") return LoggedRequest::unknown;
  std::int64_t bytes = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  const bool whole = error == std::errc() && stopped == text.data() + text.size();
  if (whole && bytes >= 0 && bytes <= std::int64_t{1} << 60) return bytes;
  return Error("'" + std::string(text.substr(0, 40)) + "' is no number of bytes");
}

// The second in which a request most likely began that ended within the second `at`.
std::int64_t second_of_begin(std::int64_t begin) {
  const std::int64_t middle = begin + second / 2;
  return (middle >= 0 ? middle : middle - second + 1) / second * second;
}

// By time; those of one moment as they stand.
void sort_by_time(std::vector<LoggedRequest>& requests) {
  if (std::ranges::is_sorted(requests, {}, &LoggedRequest::at)) return;
  std::vector<std::uint64_t> order(requests.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::uint64_t a, std::uint64_t b) {
    return std::pair(requests[a].at, a) < std::pair(requests[b].at, b);
  });
  std::vector<LoggedRequest> sorted;
  sorted.reserve(requests.size());
  for (const std::uint64_t place : order) sorted.push_back(requests[place]);
  requests = std::move(sorted);
}

}  // namespace

std::expected<void, std::string> LogReader::feed(std::string_view piece) {
  for (;;) {
    const std::size_t end = piece.find('\n');
    if (end == std::string_view::npos) break;
    const bool whole = rest_.empty() && !too_long_;
    too_long_ |= rest_.size() + end > line_max;
    if (!whole && !too_long_) rest_.append(piece.substr(0, end));
    const auto added = add_line(whole ? piece.substr(0, end) : std::string_view(rest_));
    if (!added) return added;
    rest_.clear();
    too_long_ = false;
    piece.remove_prefix(end + 1);
  }
  too_long_ |= rest_.size() + piece.size() > line_max;
  if (too_long_) {
    rest_.clear();
  } else {
    rest_.append(piece);
  }
  return {};
}

std::expected<void, std::string> LogReader::add_line(std::string_view line) {
  ++log_.lines;
  if (too_long_) {
    add_bad("it is longer than 1 MiB");
    return {};
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (parser_) return add_request(line);
  const bool blank = line.find_first_not_of(" \t") == std::string_view::npos;
  if (blank || line.starts_with('#')) return {};
  bool is_header = false;
  auto made = make_log_parser(line, options_, is_header);
  if (!made) return Error(made.error());
  parser_ = *std::move(made);
  log_.format = parser_->format();
  log_.is_weirs_own = parser_->is_weirs_own();
  if (options_.replication && !log_.is_weirs_own) {
    return Error("it is no log of weir's own, so it has no --replication");
  }
  log_.replication = options_.replication.value_or(0);
  const auto chosen = [](LogUnit asked, LogUnit own) {
    return asked == LogUnit::automatic ? own : asked;
  };
  time_unit_ = chosen(options_.time.unit, parser_->time_unit());
  duration_unit_ = chosen(options_.duration.unit, parser_->duration_unit());
  return is_header ? std::expected<void, std::string>() : add_request(line);
}

std::expected<void, std::string> LogReader::add_request(std::string_view line) {
  auto request = read(line);
  if (!request) {
    add_bad(std::move(request.error()));
    return {};
  }
  return *request ? keep(**request) : std::expected<void, std::string>();
}

// Nothing if the line holds no request.
std::expected<std::optional<LoggedRequest>, std::string> LogReader::read(std::string_view line) {
  const auto parts = parser_->parse(line);
  if (!parts) return Error(parts.error());
  if (parts->skipped || is_of_another_replication(*parts)) return std::nullopt;
  const auto time = parse_log_time(parts->time, time_unit_);
  if (!time) return Error(time.error());
  const auto duration = duration_of(*parts);
  if (!duration) return Error(duration.error());
  LoggedRequest request{.at = time->ns, .duration = *duration};
  if (parts->bytes) {
    const auto bytes = bytes_of(*parts->bytes, log_.format);
    if (!bytes) return Error(bytes.error());
    request.bytes = *bytes;
  }
  log_.fine |= time->fine;
  if (options_.stamped_at_end) request.at -= std::max<std::int64_t>(0, request.duration);
  return request;
}

// They are numbered from 0, and each has requests.
bool LogReader::is_of_another_replication(const LogLine& parts) {
  if (!parts.replication) return false;
  const std::string_view text = *parts.replication;
  std::uint32_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && stopped == text.data() + text.size();
  if (!whole || number == UINT32_MAX) return true;
  log_.replications = std::max(log_.replications, number + 1);
  return number != log_.replication;
}

std::expected<std::int64_t, std::string> LogReader::duration_of(const LogLine& parts) const {
  if (parts.started) {  // weir's own
    if (parts.started->empty() || !parts.finished || parts.finished->empty()) {
      return LoggedRequest::unknown;
    }
    const auto begin = parse_log_time(*parts.started, LogUnit::s);
    const auto end = parse_log_time(*parts.finished, LogUnit::s);
    if (!begin || !end) return Error((begin ? end : begin).error());
    if (end->ns < begin->ns) return Error("it was finished before it was started");
    return end->ns - begin->ns;
  }
  if (!parts.duration || parts.duration->empty() || parts.duration == "-") {
    return LoggedRequest::unknown;
  }
  return parse_log_duration(*parts.duration, duration_unit_);
}

std::expected<void, std::string> LogReader::keep(const LoggedRequest& request) {
  if (request.at < options_.from.value_or(INT64_MIN) ||
      request.at >= options_.until.value_or(INT64_MAX)) {
    ++log_.outside;
    return {};
  }
  if (log_.requests.size() >= options_.requests_max) {
    return Error(
        fmt::format("it holds more than {} requests; replay a window of it: --from TIME --for 1h",
                    options_.requests_max));
  }
  if (request.at < latest_) ++log_.out_of_order;
  latest_ = std::max(latest_, request.at);
  log_.requests.push_back(request);
  return {};
}

void LogReader::add_bad(std::string why) {
  if (++log_.bad_lines > 1) return;
  log_.first_bad = fmt::format("line {}: {}", log_.lines, why);
}

std::expected<void, std::string> LogReader::check() const {
  const auto bad = static_cast<double>(log_.bad_lines);
  const auto good = static_cast<double>(log_.requests.size() + log_.outside);
  if (bad > options_.bad_share * (bad + good)) {
    return Error(fmt::format("{} of {} lines are bad, more than the {} of --bad-lines; {}",
                             log_.bad_lines, log_.bad_lines + log_.requests.size() + log_.outside,
                             exact_percent(options_.bad_share), log_.first_bad));
  }
  if (!log_.requests.empty()) return {};
  if (log_.replication >= log_.replications && log_.replications > 0) {
    return Error(
        fmt::format("it has no replication {}, only 0{}", log_.replication,
                    log_.replications == 1 ? "" : " to " + std::to_string(log_.replications - 1)));
  }
  if (log_.outside > 0) return Error("no request of it lies between --from and the end of --for");
  return Error(log_.lines == 0 ? "it is empty" : "it holds no requests");
}

void LogReader::put_in_order() {
  auto& requests = log_.requests;
  if (options_.stamped_at_end && !log_.fine) {
    for (LoggedRequest& request : requests) request.at = second_of_begin(request.at);
  }
  sort_by_time(requests);
  const bool from_zero = log_.is_weirs_own && !is_date(requests.front().at);
  log_.origin = options_.from.value_or(from_zero ? 0 : requests.front().at);
}

std::expected<ReadLog, std::string> LogReader::finish() {
  if (!rest_.empty() || too_long_) {
    if (auto added = add_line(std::exchange(rest_, {})); !added) return Error(added.error());
  }
  if (auto checked = check(); !checked) return Error(checked.error());
  put_in_order();
  const std::int64_t first = log_.requests.front().at, last = log_.requests.back().at;
  if (log_.requests.size() == 1) return Error("it holds one request only: nothing to learn from");
  if (first == last) {
    return Error(
        fmt::format("all its {} requests are of one moment, {}: there is no time to replay",
                    log_.requests.size(), spell(first)));
  }
  if (last - first > span_max) {
    return Error(
        fmt::format("its times go from {} to {}, over more than a year: are they right? "
                    "--from and --for cut it",
                    spell(first), spell(last)));
  }
  return std::move(log_);
}

std::expected<void, std::string> cut_window(ReadLog& log, Duration from,
                                            std::optional<Duration> length) {
  auto& requests = log.requests;
  const std::int64_t first = requests.front().at, last = requests.back().at;
  const std::int64_t begin = first + from.count();
  const std::int64_t end = length ? begin + std::min(length->count(), span_max) : INT64_MAX;
  const auto low = std::ranges::lower_bound(requests, begin, {}, &LoggedRequest::at);
  const auto high = std::ranges::lower_bound(requests, end, {}, &LoggedRequest::at);
  const std::size_t before = requests.size();
  if (high - low < 2 || low->at == (high - 1)->at) {
    return Error(fmt::format("from {} to {} it has no two moments with requests; it lasts {}",
                             format_duration(from),
                             length ? format_duration(from + *length) : "the end",
                             format_duration(Duration(last - first))));
  }
  requests.erase(high, requests.end());
  requests.erase(requests.begin(), low);
  log.outside += before - requests.size();
  log.origin = begin;
  return {};
}

}  // namespace weir::sim
