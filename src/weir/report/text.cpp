// The order is that in which a reader needs it: can it be trusted, what became of the requests,
// how long did they take, who did the work.

#include "weir/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "weir/report/number.h"
#include "weir/report/preamble.h"
#include "weir/report/table.h"
#include "weir/sim/quantity.h"

namespace weir::report {
namespace {

using sim::LoadCounts;
using sim::LoadSummary;
using enum Table::Align;

constexpr std::size_t workers_shown = 16;  // more are shown by groups

struct NamedCount {
  std::string_view title;
  std::uint64_t LoadCounts::* count;
};

// Shown only where there are any.
constexpr NamedCount mishaps[] = {
    {"failed", &LoadCounts::failed},        {"timed out", &LoadCounts::timed_out},
    {"rejected", &LoadCounts::rejected},    {"cancelled", &LoadCounts::cancelled},
    {"no outcome", &LoadCounts::in_flight}, {"retries", &LoadCounts::retries},
    {"hedges", &LoadCounts::hedges},
};

std::string requests_text(const std::vector<LoadSummary>& loads, bool colour) {
  std::vector<Table::Column> columns = {
      {"requests", left}, {"offered"}, {"success"}, {"goodput"}, {"throughput"}};
  std::vector<std::uint64_t LoadCounts::*> shown;
  for (const NamedCount& mishap : mishaps) {
    const auto any = [&](const LoadSummary& load) { return load.counts.*mishap.count > 0; };
    if (std::ranges::none_of(loads, any)) continue;
    columns.push_back({std::string(mishap.title)});
    shown.push_back(mishap.count);
  }
  Table table(columns);
  for (const LoadSummary& load : loads) {
    std::vector<Table::Cell> row = {{load.name},
                                    {count_text(load.counts.offered)},
                                    {percent_text(load.success)},
                                    {rate_text(load.goodput_per_s)},
                                    {rate_text(load.throughput_per_s)}};
    for (const auto count : shown) row.push_back({count_text(load.counts.*count)});
    table.add(row);
  }
  return table.text(colour);
}

using sim::LatencySummary;
using MaybeInterval = std::optional<sim::Interval>;

struct LatencyColumn {
  std::string_view title;
  std::optional<double> LatencySummary::* value;
  MaybeInterval LatencySummary::Intervals::* interval;  // null where there is none, or no room
};

constexpr LatencyColumn latency_columns[] = {
    {"mean", &LatencySummary::mean, &LatencySummary::Intervals::mean},
    {"p50", &LatencySummary::p50, nullptr},
    {"p90", &LatencySummary::p90, nullptr},
    {"p95", &LatencySummary::p95, nullptr},
    {"p99", &LatencySummary::p99, &LatencySummary::Intervals::p99},
    {"p99.9", &LatencySummary::p999, nullptr},
    {"max", &LatencySummary::max, nullptr},
};

struct LatencyRow {
  std::string name;
  const LatencySummary& latency;
};

// Cells of one column, in one unit.
std::vector<std::string> latency_cells(const std::vector<LatencyRow>& rows,
                                       const LatencyColumn& column) {
  std::vector<std::optional<double>> values;
  for (const LatencyRow& row : rows) values.push_back(row.latency.*column.value);
  const TimeUnit unit = unit_of(values);
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::optional<sim::Figure> figure;
    if (values[i]) figure = sim::Figure{*values[i]};
    if (figure && column.interval != nullptr) {
      figure->interval = rows[i].latency.ci95.*column.interval;
    }
    cells.push_back(time_text(figure, unit));
  }
  return cells;
}

std::string latencies_text(const std::vector<LoadSummary>& loads, bool colour) {
  std::vector<LatencyRow> rows;
  for (const LoadSummary& load : loads) {
    rows.push_back({load.name + " response", load.response});
    rows.push_back({load.name + " wait", load.wait});
    rows.push_back({load.name + " service", load.service});
  }
  std::vector<Table::Column> columns = {{"completed requests", left}};
  std::vector<std::vector<Table::Cell>> cells;
  for (const LatencyRow& row : rows) cells.push_back({{row.name}});
  for (const LatencyColumn& column : latency_columns) {
    columns.push_back({std::string(column.title)});
    const std::vector<std::string> texts = latency_cells(rows, column);
    for (std::size_t i = 0; i < rows.size(); ++i) cells[i].push_back({texts[i]});
  }
  Table table(columns);
  for (auto& row : cells) table.add(std::move(row));
  return table.text(colour);
}

// Of a worker or a group, which spell their figures alike.
std::vector<Table::Cell> worker_row(const std::string& name, const auto& worker) {
  const auto count = [](auto value) {
    return count_text(static_cast<std::uint64_t>(static_cast<double>(value) + 0.5));
  };
  return {{name},
          {count(worker.completed)},
          {count(worker.failed)},
          {count(worker.rejected)},
          {percent_text(worker.averages.utilisation)},
          {spelled(worker.averages.mean_in_flight)},
          {spelled(worker.averages.sd_in_flight, {.half_width = false})},
          {spelled(worker.averages.mean_queue)},
          {count(worker.max_queue)}};
}

std::string workers_text(const sim::RunSummary& summary, bool colour) {
  const bool by_group = summary.workers.size() > workers_shown;
  Table table({{by_group ? "workers, mean of each group" : "worker", left},
               {"completed"},
               {"failed"},
               {"rejected"},
               {"busy"},
               {"in flight"},
               {"sd"},
               {"queue"},
               {"longest"}});
  if (by_group) {
    for (const sim::GroupSummary& group : summary.groups) {
      table.add(worker_row(fmt::format("{} ({})", group.name, group.workers), group));
    }
  } else {
    for (const sim::WorkerSummary& worker : summary.workers) {
      table.add(worker_row(worker.name, worker));
    }
  }
  return table.text(colour);
}

std::string line_text(const sim::RunSummary& summary) {
  if (summary.line_max_queue == 0) return {};
  return fmt::format("balancer's line: {} waiting on average, {} at most\n",
                     spelled(summary.line_mean_queue), count_text(summary.line_max_queue));
}

// Loads, and below them classes, which say that they are some.
std::vector<LoadSummary> with_classes(const sim::RunSummary& summary) {
  std::vector<LoadSummary> all;
  for (std::size_t i = 0; i < summary.requesters(); ++i) {
    all.push_back(summary.requester(i));
    all.back().name = summary.requester_title(i);
  }
  return all;
}

// What ± means.
std::string legend_text(const sim::RunSummary& summary) {
  if (summary.sections() < 2) return {};
  if (!summary.batches) return "±: 95 % confidence over replications; –: too few data";
  return fmt::format("±: 95 % confidence over {} batches of {} s of one run; –: too few data",
                     summary.batches->count,
                     sim::exact_number(std::round(summary.batches->length_s * 1e3) / 1e3));
}

// Parts that say something, an empty line between them.
std::string paragraphs(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += '\n';
    text += part;
  }
  return text;
}

}  // namespace

std::string run_text(const sim::Scenario& scenario, const sim::RunSummary& summary,
                     const TextOptions& options) {
  const bool colour = options.colour;
  const std::string title =
      painted(summary.scenario + ": " + summary.policy, Tone::strong, colour) + '\n' +
      setting_text(scenario, summary) + fmt::format(", run {:016x}\n", summary.run_hash);
  const std::string judgement = verdict_text(summary, colour) + notes_text(summary.notes, colour);
  if (summary.replications == 0) return paragraphs({title, judgement});
  const std::vector<LoadSummary> requesters = with_classes(summary);
  std::string legend = legend_text(summary);
  if (!legend.empty()) legend = painted(legend, Tone::faint, colour) + '\n';
  return paragraphs({title, judgement, real_text(summary),
                     expectations_text(summary.verdicts, colour), requests_text(requesters, colour),
                     latencies_text(requesters, colour),
                     workers_text(summary, colour) + line_text(summary), legend});
}

}  // namespace weir::report
