#include "bench/peers/driver/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "weir/report/table.h"

namespace weir::peers {
namespace {

// Of sorted samples, between the two that are nearest.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

// A processor that did nothing used less than the clock of the system shows, not nothing.
double ratio_of(const Row& row, double ours, double theirs) {
  constexpr double resolution = 1e-3;
  if (row.more_is_better) return ours / theirs;
  return std::max(theirs, resolution) / std::max(ours, resolution);
}

std::optional<bool> reached(const Compared& compared) {
  const Target& target = compared.row.target;
  if (target.at_most) return compared.ours.median <= *target.at_most;
  if (target.times) return compared.ratio >= *target.times;
  return std::nullopt;
}

// Three digits, or all before the point.
std::string number_text(double value) {
  std::string text = fmt::format("{:.{}f}", value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
  if (value >= 10'000) {
    for (std::size_t i = text.size() - 3; i < text.size(); i -= 3) {
      if (i > 0) text.insert(i, ",");
    }
  }
  return text;
}

std::string spread_text(const Spread& spread) {
  return number_text(spread.low) + "…" + number_text(spread.high);
}

std::string target_text(const Target& target) {
  if (target.at_most) return fmt::format("≤ {}", number_text(*target.at_most));
  if (target.times) return fmt::format("{:g}×", *target.times);
  return "–";
}

report::Table::Cell reached_cell(std::optional<bool> reached) {
  if (!reached) return {"–"};
  return *reached ? report::Table::Cell{"yes", report::Tone::good}
                  : report::Table::Cell{"no", report::Tone::bad};
}

}  // namespace

Spread spread_of(std::vector<double> samples) {
  std::ranges::sort(samples);
  return {.median = quantile(samples, 0.5),
          .low = quantile(samples, 0.25),
          .high = quantile(samples, 0.75)};
}

std::vector<Compared> compare(const std::vector<Row>& rows, const Samples& samples) {
  std::vector<Compared> all;
  for (const Row& row : rows) {
    const auto ours = samples.find(row.ours);
    const auto theirs = samples.find(row.theirs);
    if (ours == samples.end() || theirs == samples.end()) continue;
    Compared compared{
        .row = row, .ours = spread_of(ours->second), .theirs = spread_of(theirs->second)};
    compared.ratio = ratio_of(row, compared.ours.median, compared.theirs.median);
    compared.reached = reached(compared);
    all.push_back(std::move(compared));
  }
  return all;
}

std::string table_text(const std::vector<Compared>& rows, bool colour) {
  using enum report::Table::Align;
  report::Table table({{"id", left},
                       {"what", left},
                       {"unit", left},
                       {"procs"},
                       {"peer", left},
                       {"weir"},
                       {"quartiles"},
                       {"theirs"},
                       {"quartiles"},
                       {"ratio"},
                       {"target"},
                       {"reached", left}});
  for (const Compared& compared : rows) {
    const Row& row = compared.row;
    table.add({{row.id},
               {row.what},
               {row.unit},
               {std::to_string(row.processors)},
               {row.peer},
               {number_text(compared.ours.median)},
               {spread_text(compared.ours)},
               {number_text(compared.theirs.median)},
               {spread_text(compared.theirs)},
               {number_text(compared.ratio) + "×"},
               {target_text(row.target)},
               reached_cell(compared.reached)});
  }
  return table.text(colour);
}

std::string json_text(const std::vector<Compared>& rows) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const Compared& compared : rows) {
    const Row& row = compared.row;
    Json entry = {{"id", row.id},
                  {"procs", row.processors},
                  {"peer", row.peer},
                  {"weir", compared.ours.median},
                  {"theirs", compared.theirs.median},
                  {"ratio", compared.ratio},
                  {"unit", row.unit},
                  {"weir_quartiles", {compared.ours.low, compared.ours.high}},
                  {"their_quartiles", {compared.theirs.low, compared.theirs.high}}};
    if (compared.reached) entry["reached"] = *compared.reached;
    list.push_back(std::move(entry));
  }
  return Json{{"rows", std::move(list)}}.dump(2) + "\n";
}

}  // namespace weir::peers
