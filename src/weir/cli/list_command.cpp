#include <algorithm>
#include <cstddef>
#include <string_view>

#include "weir/cli/command.h"
#include "weir/cli/output_file.h"
#include "weir/cli/run.h"
#include "weir/cli/shipped_scenario.h"

namespace weir::cli {
namespace {

constexpr std::size_t columns = 96;

// "  name    text", the text wrapped below itself.
std::string entry(std::string_view name, std::size_t name_width, std::string_view text) {
  const std::size_t indent = name_width + 4;
  std::string lines = "  " + std::string(name);
  lines.resize(std::max(lines.size(), indent - 1), ' ');
  std::size_t column = lines.size();
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (column + 1 + word.size() > columns) {
      lines.append("\n").append(indent - 1, ' ');
      column = indent - 1;
    }
    lines.append(" ").append(word);
    column += 1 + word.size();
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines + "\n";
}

}  // namespace

Outcome list_command(const Arguments&, const balance::Catalog& catalog) {
  std::size_t width = 0;
  for (const std::string_view name : shipped_names()) width = std::max(width, name.size());
  for (const auto& policy : catalog.entries()) width = std::max(width, policy.name.size());
  std::string text = "Scenarios, for weir run NAME:\n";
  for (const ShippedScenario& scenario : shipped_scenarios()) {
    text += entry(scenario.name, width, opening_question(scenario.toml));
  }
  text += "\nPolicies, for --policy NAME or NAME(parameter=value):\n";
  for (const auto& policy : catalog.entries()) text += entry(policy.name, width, policy.line);
  if (const auto written = write_standard_output(text); !written) {
    return std::unexpected(written.error());
  }
  return exit_code::pass;
}

}  // namespace weir::cli
