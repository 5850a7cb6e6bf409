#include "weir/sim/request_log.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

#include "weir/rpc/failure.h"
#include "weir/sim/replication.h"
#include "weir/sim/simulated_worker.h"

namespace weir::sim {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

constexpr std::string_view csv_header =
    "replication,load,request,intended,sent,accepted,started,finished,ended,worker,attempts,hedges,"
    "outcome,reason,counted\n";

std::string_view name_of(Fate fate) {
  switch (fate) {
    case Fate::completed:
      return "completed";
    case Fate::failed:
      return "failed";
    case Fate::timed_out:
      return "timed_out";
    case Fate::rejected:
      return "rejected";
    case Fate::cancelled:
      return "cancelled";
    case Fate::in_flight:
      return "in_flight";
  }
  return "unknown";
}

// Why, of a request that was refused or failed; empty if there is nothing to say.
std::string_view reason_of(const RequestOutcome& outcome) {
  if (outcome.reason == rpc::Failure::Reason::none) return "";
  return rpc::to_string(outcome.reason);
}

// A time in seconds; what has not come is written as `absent`.
class Seconds {
 public:
  Seconds(TimePoint time, TimePoint start, std::string_view absent) {
    if (time == time_never) {
      text_ = absent;
      return;
    }
    const std::int64_t nanoseconds = (time - start).count();
    constexpr std::int64_t second = 1'000'000'000;
    const auto end = fmt::format_to_n(digits_.data(), digits_.size(), "{}.{:09}",
                                      nanoseconds / second, nanoseconds % second);
    text_ = {digits_.data(), end.size};
  }
  Seconds(const Seconds&) = delete;
  Seconds& operator=(const Seconds&) = delete;

  std::string_view text() const { return text_; }

 private:
  std::array<char, 32> digits_{};
  std::string_view text_;
};

// Names hold no quotes and no line breaks, since paths are made of them.
std::string spell(const std::string& name, RequestLogOptions::Format format) {
  const bool is_plain = format == RequestLogOptions::Format::csv && !name.contains(',');
  if (is_plain) return name;
  std::string text = "\"";
  for (const char letter : name) {
    if (letter == '\\' && format == RequestLogOptions::Format::jsonl) text += letter;
    text += letter;
  }
  return text + '"';
}

}  // namespace

std::optional<RequestLogOptions::Format> format_of(std::string_view file) {
  if (file.ends_with(".csv")) return RequestLogOptions::Format::csv;
  if (file.ends_with(".jsonl")) return RequestLogOptions::Format::jsonl;
  return std::nullopt;
}

RequestLogs::RequestLogs(RequestLogOptions options, const Horizon& horizon)
    : options_(std::move(options)), parts_(horizon.most_replications()) {}

RequestLogs::~RequestLogs() {
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].begun) std::remove(file_of(i).c_str());
  }
}

std::expected<void, std::string> RequestLogs::finish(std::uint32_t replications) {
  std::ofstream whole(options_.file, std::ios::binary);
  if (options_.format == RequestLogOptions::Format::csv) whole << csv_header;
  for (std::uint32_t i = 0; i < replications; ++i) {
    if (!parts_[i].failure.empty()) return std::unexpected(parts_[i].failure);
    std::ifstream part(file_of(i), std::ios::binary);
    if (part.peek() != std::ifstream::traits_type::eof()) whole << part.rdbuf();
  }
  whole.flush();
  if (!whole)
    return std::unexpected("cannot write all of " + options_.file + ": is the disk full?");
  return {};
}

std::string RequestLogs::file_of(std::uint32_t replication) const {
  return options_.file + "." + std::to_string(replication) + ".part";
}

RequestLog::RequestLog(const Scenario& scenario, RequestLogs& logs, std::uint32_t replication)
    : options_(logs.options_),
      key_{scenario.seed, replication},
      file_(logs.file_of(replication), std::ios::binary),
      failure_(logs.parts_[replication].failure) {
  logs.parts_[replication].begun = true;
  for (const Load& load : scenario.loads) loads_.push_back(spell(load.name, options_.format));
  for (const Workers& group : scenario.workers) {
    for (std::uint32_t i = 0; i < group.places(); ++i) {
      workers_.push_back(spell(name_of(group, i), options_.format));
    }
  }
  if (!file_) failure_ = "cannot write " + logs.file_of(replication);
  buffer_.reserve(buffer_bytes + 1024);
}

RequestLog::~RequestLog() {
  flush();
}

void RequestLog::add(const RequestOutcome& outcome, TimePoint start, bool counted) {
  if (!is_drawn(outcome)) return;
  if (options_.format == RequestLogOptions::Format::csv) {
    add_row(outcome, start, counted);
  } else {
    add_object(outcome, start, counted);
  }
  if (buffer_.size() >= buffer_bytes) flush();
}

bool RequestLog::is_drawn(const RequestOutcome& outcome) const {
  if (options_.share >= 1) return true;
  Random draw(key_, "log", entity_of(outcome.load, outcome.request));
  return draw.uniform() < options_.share;
}

void RequestLog::add_row(const RequestOutcome& outcome, TimePoint start, bool counted) {
  const TimePoint sent = outcome.intended + std::max(Duration::zero(), outcome.late);
  const bool has_worker = outcome.worker < workers_.size();
  fmt::format_to(
      std::back_inserter(buffer_), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
      key_.replication, loads_[outcome.load], outcome.request,
      Seconds(outcome.intended, start, "").text(), Seconds(sent, start, "").text(),
      Seconds(outcome.accepted, start, "").text(), Seconds(outcome.started, start, "").text(),
      Seconds(outcome.finished, start, "").text(), Seconds(outcome.ended, start, "").text(),
      has_worker ? std::string_view(workers_[outcome.worker]) : std::string_view(),
      outcome.attempts, outcome.hedges, name_of(outcome.fate), reason_of(outcome), counted ? 1 : 0);
}

void RequestLog::add_object(const RequestOutcome& outcome, TimePoint start, bool counted) {
  const TimePoint sent = outcome.intended + std::max(Duration::zero(), outcome.late);
  const bool has_worker = outcome.worker < workers_.size();
  const std::string_view reason = reason_of(outcome);
  fmt::format_to(
      std::back_inserter(buffer_),
      "{{\"replication\":{},\"load\":{},\"request\":{},\"intended\":{},\"sent\":{},"
      "\"accepted\":{},\"started\":{},\"finished\":{},\"ended\":{},\"worker\":{},\"attempts\":{},"
      "\"hedges\":{},\"outcome\":\"{}\",\"reason\":{}{}{},\"counted\":{}}}\n",
      key_.replication, loads_[outcome.load], outcome.request,
      Seconds(outcome.intended, start, "null").text(), Seconds(sent, start, "null").text(),
      Seconds(outcome.accepted, start, "null").text(),
      Seconds(outcome.started, start, "null").text(),
      Seconds(outcome.finished, start, "null").text(), Seconds(outcome.ended, start, "null").text(),
      has_worker ? std::string_view(workers_[outcome.worker]) : std::string_view("null"),
      outcome.attempts, outcome.hedges, name_of(outcome.fate), reason.empty() ? "" : "\"",
      reason.empty() ? "null" : reason, reason.empty() ? "" : "\"", counted);
}

void RequestLog::flush() {
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
  file_.flush();
  if (!file_ && failure_.empty())
    failure_ = "cannot write all of the request log: is the disk full?";
}

}  // namespace weir::sim
