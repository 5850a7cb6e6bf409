#include "weir/report/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "weir/report/table.h"

namespace weir::report {
namespace {

using sim::ValidationRow;
using enum Table::Align;

// So many decimals that the standard error has two digits.
int decimals_of(double error) {
  if (!(error > 0)) return 6;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 9);
}

std::vector<Table::Cell> cells(const ValidationRow& row, bool first_of_family) {
  const int decimals = decimals_of(row.error);
  const Tone tone = row.pass ? Tone::good : Tone::bad;
  return {{first_of_family ? row.family : "", Tone::strong},
          {row.name},
          {fmt::format("{:.{}f}", row.measured, decimals)},
          {fmt::format("± {:.{}f}", row.error, decimals)},
          {fmt::format("{:.{}f}", row.exact, decimals)},
          {fmt::format("{:+.1f}", row.distance())},
          {row.pass ? "✓" : "✗", tone}};
}

std::string sentence(std::span<const ValidationRow> rows, std::size_t planned) {
  std::set<std::string_view> families;
  double widest = 0;
  for (const ValidationRow& row : rows) {
    families.insert(row.family);
    widest = std::max(widest, std::abs(row.distance()));
  }
  const auto failed = std::ranges::count(rows, false, &ValidationRow::pass);
  const std::string all =
      fmt::format("{} row{} of {} famil{}", rows.size(), rows.size() == 1 ? "" : "s",
                  families.size(), families.size() == 1 ? "y" : "ies");
  const std::string missing =
      rows.size() < planned
          ? fmt::format("; interrupted: {} more were to come", planned - rows.size())
          : "";
  if (failed > 0) {
    return fmt::format("✗ {} of {} do not agree with theory{}", failed, all, missing);
  }
  if (rows.empty()) return fmt::format("! interrupted before any of {} rows was complete", planned);
  if (!missing.empty()) return fmt::format("! {} agree with theory{}", all, missing);
  return fmt::format("✓ {}: all agree with theory, the farthest by {:.1f} standard errors", all,
                     widest);
}

}  // namespace

std::string validation_text(std::span<const ValidationRow> rows, std::size_t planned,
                            const TextOptions& options) {
  Table table({{"family", left},
               {"row", left},
               {"measured"},
               {"± error", left},
               {"exact"},
               {"distance"},
               {"", left}});
  std::string_view family;
  for (const ValidationRow& row : rows) {
    table.add(cells(row, row.family != family));
    family = row.family;
  }
  const bool pass = rows.size() == planned && std::ranges::all_of(rows, &ValidationRow::pass);
  return table.text(options.colour) +
         "\n± error: one standard error over replications; distance: from the exact value, in "
         "standard errors.\nA row fails beyond 4, or where the error is too great to tell "
         "anything.\n\n" +
         painted(sentence(rows, planned), pass ? Tone::good : Tone::bad, options.colour) + "\n";
}

std::string validation_json(std::span<const ValidationRow> rows, std::size_t planned,
                            std::uint64_t seed) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ValidationRow& row : rows) {
    list.push_back({{"family", row.family},
                    {"name", row.name},
                    {"measured", row.measured},
                    {"exact", row.exact},
                    {"se", row.error},
                    {"pass", row.pass}});
  }
  const nlohmann::ordered_json json = {{"schema", "weir-validate/1"},
                                       {"seed", seed},
                                       {"complete", rows.size() == planned},
                                       {"rows", std::move(list)}};
  return json.dump(2) + '\n';
}

}  // namespace weir::report
