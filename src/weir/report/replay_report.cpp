#include "weir/report/replay_report.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "weir/report/json.h"
#include "weir/report/number.h"
#include "weir/report/table.h"
#include "weir/sim/quantity.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;
using sim::LearnedLog;
using sim::LearnedValues;

// Three significant digits, whole numbers whole.
std::string brief(double value) {
  if (value >= 100) return count_text(static_cast<std::uint64_t>(value + 0.5));
  return fmt::format("{:.3g}", value);
}

std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 5> units = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < units.size(); ++unit) bytes /= 1000;
  return fmt::format("{:.3g} {}", bytes, units[unit]);
}

std::string seconds_text(double seconds) {
  return time_text(std::optional(seconds), unit_of(seconds));
}

bool is_weirs_own(const LearnedLog& log) {
  return log.format == "weir";
}

std::string format_text(const LearnedLog& log) {
  if (!is_weirs_own(log)) return log.format;
  return fmt::format("weir's own log, replication {}", log.replication);
}

std::string opening(const LearnedLog& log) {
  const std::string from = log.begin.empty() ? "" : ", from " + log.begin;
  return fmt::format("{}: {} requests in {}, {}/s on average, {} in the busiest second ({}{})",
                     log.file, count_text(log.requests), seconds_text(log.span_s),
                     brief(log.rate_per_s), count_text(log.peak), format_text(log), from);
}

std::string index_text(const std::optional<double>& index) {
  if (!index) return std::string(dash);
  return fmt::format("{:.{}f}", *index, *index < 100 ? 1 : 0);
}

std::string dispersion_text(const LearnedLog& log) {
  const std::string text = fmt::format("dispersion of counts: {} in 1 s, {} in 10 s; Poisson: 1",
                                       index_text(log.idc_1s), index_text(log.idc_10s));
  const std::string meaning = log.meaning();
  return meaning.empty() ? text + "; too short to tell" : meaning + '\n' + text;
}

std::string service_text(const LearnedLog& log) {
  const LearnedValues& service = *log.service;
  return fmt::format("durations: mean {}, cv {:.2f}, p50 {}, p99 {}, max {}; {}",
                     seconds_text(service.mean), service.cv, seconds_text(service.p50),
                     seconds_text(service.p99), seconds_text(service.max),
                     is_weirs_own(log) ? "at a worker, from start to end"
                                       : "replayed as demand, though they hold the waiting in the "
                                         "logged system too");
}

std::string size_text(const LearnedValues& size) {
  return fmt::format("bytes: mean {}, scv {:.1f}, p50 {}, p99 {}, max {}", bytes_text(size.mean),
                     size.scv(), bytes_text(size.p50), bytes_text(size.p99), bytes_text(size.max));
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view more) {
  return count_text(count) + ' ' + std::string(count == 1 ? one : more);
}

std::vector<std::string> remarks_of(const ReplayReport& replay) {
  const LearnedLog& log = replay.log;
  std::vector<std::string> remarks;
  if (log.bad_lines > 0) {
    remarks.push_back(fmt::format(
        "{} left out; {}", counted(log.bad_lines, "bad line is", "bad lines are"), log.first_bad));
  }
  if (log.replications > 1) {
    remarks.push_back(fmt::format(
        "the log holds {} replications, and number {} alone is replayed; --replication N chooses",
        log.replications, log.replication));
  }
  if (log.outside > 0) {
    remarks.push_back(counted(log.outside, "request lies", "requests lie") + " outside the window");
  }
  if (log.out_of_order > 0) {
    remarks.push_back(
        counted(log.out_of_order, "line was", "lines were") +
        " out of order, as logs are that are written when requests end; put in order");
  }
  if (!log.fine) {
    remarks.push_back(
        "times are whole seconds: requests are spread over their second, anew in each replication, "
        "alike for all policies");
  }
  if (replay.filled > 0) {
    remarks.push_back(counted(replay.filled, "request has no duration and takes",
                              "requests have no duration and take") +
                      " that of another, drawn");
  }
  if (replay.scale != 1) {
    remarks.push_back("replayed " + sim::exact_number(replay.scale) + " times as fast");
  }
  remarks.insert(remarks.end(), replay.remarks.begin(), replay.remarks.end());
  return remarks;
}

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json values_json(const std::optional<LearnedValues>& values) {
  if (!values) return {};
  return {{"count", values->count}, {"mean", values->mean}, {"cv", values->cv},
          {"scv", values->scv()},   {"p50", values->p50},   {"p99", values->p99},
          {"max", values->max}};
}

Json log_json(const ReplayReport& replay) {
  const LearnedLog& log = replay.log;
  const bool own = is_weirs_own(log);
  return {{"file", log.file},
          {"format", log.format},
          {"replication", own ? Json(log.replication) : Json()},
          {"replications", own ? Json(log.replications) : Json()},
          {"requests", log.requests},
          {"bad_lines", log.bad_lines},
          {"out_of_order", log.out_of_order},
          {"outside", log.outside},
          {"resolution_s", log.fine ? 0 : 1},
          {"begin", log.begin.empty() ? Json() : Json(log.begin)},
          {"span_s", log.span_s},
          {"rate_per_s", log.rate_per_s},
          {"peak", {{"requests", log.peak}, {"at_s", log.peak_at_s}}},
          {"idc_1s", number(log.idc_1s)},
          {"idc_10s", number(log.idc_10s)},
          {"service", values_json(log.service)},
          {"size", values_json(log.size)},
          {"filled", replay.filled},
          {"rate_scale", replay.scale},
          {"work_per_s", replay.work_per_s}};
}

}  // namespace

std::string log_text(const ReplayReport& replay, const TextOptions& options) {
  const LearnedLog& log = replay.log;
  std::string text = painted(opening(log), Tone::strong, options.colour) + '\n';
  text += dispersion_text(log) + '\n';
  if (log.service) text += service_text(log) + '\n';
  if (log.size) text += size_text(*log.size) + '\n';
  for (const std::string& remark : remarks_of(replay)) text += "! " + remark + '\n';
  return text;
}

std::string replay_text(const ReplayReport& replay, const sim::Scenario& scenario,
                        const sim::PolicyComparison& comparison, const TextOptions& options) {
  const bool one = comparison.policies.size() == 1;
  return log_text(replay, options) + '\n' +
         (one ? run_text(scenario, comparison.policies.front(), options)
              : comparison_text(scenario, comparison, options));
}

std::string replay_json(const ReplayReport& replay, const sim::PolicyComparison& comparison) {
  Json json = {{"schema", "weir-replay/1"}, {"log", log_json(replay)}};
  Json compared = Json::parse(comparison_json(comparison));
  for (auto& [key, value] : compared.items()) {
    if (key != "schema") json[key] = std::move(value);
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace weir::report
