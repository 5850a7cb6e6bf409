#include "weir/report/bench_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "weir/report/csv.h"
#include "weir/report/number.h"
#include "weir/report/table.h"

namespace weir::report {
namespace {

using Json = nlohmann::ordered_json;
using enum Table::Align;

constexpr std::string_view workers_group = "workers";
constexpr double noticeable = 0.05;  // a smaller share of the time is chance
constexpr int bar_width = 32;

bool is_shown(const BenchRow& row) {
  return !row.seconds.empty();
}

// Three digits: "94.1", "1050".
std::string number_text(double value) {
  if (value >= 100) return count_text(static_cast<std::uint64_t>(value + 0.5));
  return fmt::format("{:.{}f}", value, value < 10 ? 2 : 1);
}

std::string rate_of(double seconds) {
  const double rate = 1 / seconds;
  if (rate < 1e6) return count_text(static_cast<std::uint64_t>(rate + 0.5));
  return fmt::format("{:.{}f} M", rate * 1e-6, rate < 1e7 ? 2 : rate < 1e8 ? 1 : 0);
}

std::string place_text(const BenchRow& row) {
  return row.processors == 0 ? "virtual" : std::to_string(row.processors);
}

// "93.0…95.2", with a mark if that is wide.
std::string range_text(const BenchSpread& spread, double unit) {
  return number_text(spread.least / unit) + "…" + number_text(spread.most / unit) +
         (spread.is_doubtful() ? " ?" : "");
}

std::string head_text(const BenchReport& report) {
  const BenchMachine& machine = report.machine;
  std::string text = fmt::format("weir {} with {} processor{}", machine.version, machine.processors,
                                 machine.processors == 1 ? "" : "s");
  if (!machine.model.empty()) text += " of " + machine.model;
  text += fmt::format("; {}, {}", machine.compiler, machine.build);
  text += fmt::format("\n{} round{} in turn, {:g} s for each line in all; median, least…most\n",
                      report.rounds, report.rounds == 1 ? "" : "s", report.seconds);
  return text;
}

std::string warnings_text(const BenchReport& report, bool colour) {
  std::vector<std::string> lines;
  if (!report.complete) {
    lines.emplace_back(std::ranges::any_of(report.rows, is_shown)
                           ? "interrupted: this is of the rounds that were complete"
                           : "interrupted before anything was complete");
  } else if (report.rounds == 1) {
    lines.emplace_back("one round: nobody knows how far to trust it");
  }
  if (!report.machine.optimised) {
    lines.emplace_back("built without optimisation: the figures say nothing of weir");
  }
  if (!report.machine.sanitizer.empty()) {
    lines.push_back("built with the " + report.machine.sanitizer +
                    " sanitizer: the figures say nothing of weir");
  }
  if (report.machine.is_busy()) {
    lines.push_back(fmt::format("other programs were at work: load average {:.1f} before it began",
                                report.machine.load));
  }
  const auto is_doubtful = [](const BenchRow& row) {
    return is_shown(row) && spread_of(row).is_doubtful();
  };
  if (std::ranges::any_of(report.rows, is_doubtful)) {
    lines.emplace_back(
        "? least and most lie further apart than a quarter of the median: the machine was not "
        "quiet, or --seconds is short");
  }
  std::string text;
  for (const std::string& line : lines) text += painted("! " + line, Tone::strong, colour) + "\n";
  return text;
}

// Shapes of tasks and virtual time: a line for each place.
std::string shapes_text(const BenchReport& report, bool colour) {
  Table table({{"", left}, {"", left}, {"processors"}, {"ns"}, {"", left}, {"a second"}});
  std::string_view subject;
  for (const BenchRow& row : report.rows) {
    if (!is_shown(row) || row.group == workers_group) continue;
    const BenchSpread spread = spread_of(row);
    const bool first = subject != row.subject;
    subject = row.subject;
    table.add({{first ? row.subject : "", Tone::strong},
               {first ? row.what : ""},
               {place_text(row)},
               {number_text(spread.median * 1e9)},
               {range_text(spread, 1e-9), spread.is_doubtful() ? Tone::bad : Tone::faint},
               {rate_of(spread.median)}});
  }
  return table.text(colour);
}

// The rows of one kind of job with one kind of pool, fewest workers first.
using Series = std::vector<const BenchRow*>;

std::vector<Series> series_of(const BenchReport& report, std::string_view subject) {
  std::vector<Series> all;
  for (const BenchRow& row : report.rows) {
    if (!is_shown(row) || row.group != workers_group || row.subject != subject) continue;
    if (all.empty() || all.back().front()->crew != row.crew) all.emplace_back();
    all.back().push_back(&row);
  }
  return all;
}

std::vector<std::string> job_kinds(const BenchReport& report) {
  std::vector<std::string> kinds;
  for (const BenchRow& row : report.rows) {
    if (!is_shown(row) || row.group != workers_group) continue;
    if (std::ranges::find(kinds, row.subject) == kinds.end()) kinds.push_back(row.subject);
  }
  return kinds;
}

// How many times faster than its first row.
double speed_up(const Series& series, const BenchRow& row) {
  return spread_of(*series.front()).median / spread_of(row).median;
}

std::string bar(double share) {
  const int cells = std::max(1, static_cast<int>(share * bar_width + 0.5));
  std::string text;
  for (int i = 0; i < cells; ++i) text += "█";
  return text;
}

std::string jobs_text(const BenchReport& report, const std::string& kind, bool colour) {
  const std::vector<Series> all = series_of(report, kind);
  double longest = 0;
  for (const Series& series : all) {
    for (const BenchRow* row : series) longest = std::max(longest, spread_of(*row).median);
  }
  const double unit = unit_of(longest * report.jobs).seconds;
  const std::string name(unit_of(longest * report.jobs).name);
  Table table({{"", left}, {"workers"}, {name}, {"", left}, {"speed-up"}, {"", left}});
  for (const Series& series : all) {
    for (const BenchRow* row : series) {
      BenchSpread batch = spread_of(*row);
      const double share = batch.median / longest;
      for (double* time : {&batch.median, &batch.least, &batch.most}) *time *= report.jobs;
      table.add({{row == series.front() ? row->crew : "", Tone::strong},
                 {row->workers ? std::to_string(*row->workers) : "any"},
                 {number_text(batch.median / unit)},
                 {range_text(batch, unit), batch.is_doubtful() ? Tone::bad : Tone::faint},
                 {series.size() > 1 ? fmt::format("{:.2f}×", speed_up(series, *row)) : ""},
                 {bar(share)}});
    }
  }
  return painted(kind, Tone::strong, colour) + ": " + all.front().front()->what + "\n" +
         table.text(colour);
}

// The fewest workers with which the series is as good as done soonest.
const BenchRow& enough(const Series& series) {
  double best = spread_of(*series.front()).median;
  for (const BenchRow* row : series) best = std::min(best, spread_of(*row).median);
  const auto good = [&](const BenchRow* row) {
    return spread_of(*row).median <= best * (1 + noticeable);
  };
  return **std::ranges::find_if(series, good);
}

// What more workers bring. Requires: there are two rows or more.
std::string gain_text(const Series& series, const BenchRow& best) {
  const BenchRow& first = *series.front();
  const std::uint32_t workers = *best.workers;
  if (&best == &first) return fmt::format("more than {} gain nothing", workers);
  const std::string times =
      fmt::format(", {:.3g} times as fast as with {}", speed_up(series, best), *first.workers);
  if (&best == series.back()) return fmt::format("still gains at {} workers", workers) + times;
  const bool as_processors = static_cast<int>(workers) == first.processors;
  return fmt::format("best from {} workers on{}", workers,
                     as_processors ? ", as many as there are processors" : "") +
         times;
}

std::string finding(const Series& series) {
  const auto wavers = [](const BenchRow* row) { return spread_of(*row).is_doubtful(); };
  return series.front()->subject + " with " + series.front()->crew + ": " +
         gain_text(series, enough(series)) +
         (std::ranges::any_of(series, wavers) ? " (doubtful)" : "");
}

Json spread_json(const BenchSpread& spread, double unit) {
  return {
      {"median", spread.median / unit}, {"min", spread.least / unit}, {"max", spread.most / unit}};
}

Json row_json(const BenchRow& row) {
  const BenchSpread spread = spread_of(row);
  Json json = {{"group", row.group}, {"subject", row.subject}, {"what", row.what}};
  json["processors"] = row.processors == 0 ? Json(nullptr) : Json(row.processors);
  if (row.group == workers_group) {
    json["pool"] = row.crew;
    json["workers"] = row.workers ? Json(*row.workers) : Json(nullptr);
  }
  json["rounds"] = row.seconds.size();
  json["operations"] = row.operations;
  json["ns"] = spread_json(spread, 1e-9);
  json["per_second"] = 1 / spread.median;
  json["doubtful"] = spread.is_doubtful();
  return json;
}

std::string cell(double value) {
  return fmt::format("{}", value);
}

}  // namespace

BenchSpread spread_of(const BenchRow& row) {
  std::vector<double> each = row.seconds;
  for (double& seconds : each) seconds /= static_cast<double>(row.operations);
  std::ranges::sort(each);
  const std::size_t middle = each.size() / 2;
  const double median = each.size() % 2 == 1 ? each[middle] : (each[middle - 1] + each[middle]) / 2;
  return {.median = median, .least = each.front(), .most = each.back()};
}

std::vector<std::string> bench_findings(const BenchReport& report) {
  std::vector<std::string> findings;
  for (const std::string& kind : job_kinds(report)) {
    for (const Series& series : series_of(report, kind)) {
      if (series.size() > 1) findings.push_back(finding(series));
    }
  }
  return findings;
}

std::string bench_text(const BenchReport& report, bool colour) {
  std::string text = head_text(report) + warnings_text(report, colour);
  if (const std::string shapes = shapes_text(report, colour); !shapes.empty()) {
    text += "\n" + shapes;
  }
  for (const std::string& kind : job_kinds(report)) {
    text += "\n" + jobs_text(report, kind, colour);
  }
  const std::vector<std::string> findings = bench_findings(report);
  if (!findings.empty()) text += "\n";
  for (const std::string& line : findings) text += line + "\n";
  return text;
}

std::string bench_json(const BenchReport& report) {
  const BenchMachine& machine = report.machine;
  Json json = {{"schema", "weir-bench/1"}};
  json["version"] = machine.version;
  json["machine"] = {
      {"processors", machine.processors},
      {"model", machine.model.empty() ? Json(nullptr) : Json(machine.model)},
      {"compiler", machine.compiler},
      {"build", machine.build},
      {"optimised", machine.optimised},
      {"sanitizer", machine.sanitizer.empty() ? Json(nullptr) : Json(machine.sanitizer)},
      {"load", machine.load}};
  json["rounds"] = report.rounds;
  json["seconds"] = report.seconds;
  json["complete"] = report.complete;
  json["rows"] = Json::array();
  for (const BenchRow& row : report.rows) {
    if (is_shown(row)) json["rows"].push_back(row_json(row));
  }
  json["findings"] = bench_findings(report);
  return json.dump(2) + "\n";
}

std::string bench_csv(const BenchReport& report) {
  std::string text = csv_row({"group", "subject", "processors", "pool", "workers", "rounds",
                              "operations", "ns", "ns_min", "ns_max"});
  for (const BenchRow& row : report.rows) {
    if (!is_shown(row)) continue;
    const BenchSpread spread = spread_of(row);
    text +=
        csv_row({row.group, row.subject, row.processors == 0 ? "" : std::to_string(row.processors),
                 row.crew, row.workers ? std::to_string(*row.workers) : "",
                 std::to_string(row.seconds.size()), std::to_string(row.operations),
                 cell(spread.median * 1e9), cell(spread.least * 1e9), cell(spread.most * 1e9)});
  }
  return text;
}

}  // namespace weir::report
