#include "weir/cli/shipped_scenario.h"

#include <algorithm>
#include <cstddef>

namespace weir::cli {
namespace {

// The first paragraph of the comment at the top, its lines joined.
std::string opening_paragraph(std::string_view toml) {
  std::string paragraph;
  while (toml.starts_with("# ")) {
    const std::string_view line = toml.substr(2, toml.find('\n') - 2);
    if (!paragraph.empty()) paragraph += ' ';
    paragraph.append(line);
    toml.remove_prefix(std::min(toml.size(), 2 + line.size() + 1));
  }
  return paragraph;
}

}  // namespace

const ShippedScenario* find_shipped(std::string_view name) {
  const auto table = shipped_scenarios();
  const auto found = std::ranges::find(table, name, &ShippedScenario::name);
  return found == table.end() ? nullptr : &*found;
}

std::vector<std::string_view> shipped_names() {
  std::vector<std::string_view> names;
  for (const ShippedScenario& scenario : shipped_scenarios()) names.push_back(scenario.name);
  return names;
}

std::string opening_question(std::string_view toml) {
  std::string text = opening_paragraph(toml);
  std::size_t end = text.find('?');
  if (end == std::string::npos) end = (text + ' ').find(". ");
  if (end != std::string::npos) text.resize(end + 1);
  return text;
}

}  // namespace weir::cli
