#include "weir/sim/scenario_base.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace weir::sim {
namespace {

constexpr std::size_t read_max = (std::size_t{1} << 20) + 1;  // parse_toml() refuses so much

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(read_max, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// Goes down from a text to its base, and on to that one's.
class Descent {
 public:
  Descent(const ScenarioText& text, const FindShipped& find_shipped)
      : met_{text}, find_shipped_(find_shipped) {}

  std::expected<std::vector<ScenarioText>, ScenarioError> descend() {
    for (;;) {
      const auto tree = parse_toml(met_.back().toml, met_.back().name);
      if (!tree) return std::unexpected(tree.error());
      const TomlNode* extends = tree->find("extends");
      if (extends == nullptr) return std::vector(met_.begin() + 1, met_.end());
      auto base = base_of(met_.back(), *extends);
      if (!base) return std::unexpected(base.error());
      met_.push_back(*std::move(base));
    }
  }

 private:
  // A file may bear the name of a shipped scenario that it extends.
  bool has_met(const ScenarioText& base) const {
    return std::ranges::any_of(met_, [&](const ScenarioText& text) {
      const auto name = std::filesystem::path(text.name).lexically_normal().string();
      return name == base.name && text.toml == base.toml;
    });
  }

  std::expected<ScenarioText, ScenarioError> base_of(const ScenarioText& text,
                                                     const TomlNode& extends) const {
    const auto fail = [&](const std::string& complaint) {
      return std::unexpected(error_at(extends.place, "'extends' " + complaint));
    };
    if (extends.kind != TomlNode::Kind::text || extends.text.empty()) {
      return fail(R"(must be the name of a scenario, such as "base.toml")");
    }
    auto base = find(text, extends.text);
    if (!base) return fail("'" + extends.text + "': there is no such file, nor is it shipped");
    if (has_met(*base)) return fail("'" + extends.text + "' goes round in a circle");
    if (met_.size() > bases_max) {
      return fail("goes down more than " + std::to_string(bases_max) + " scenarios");
    }
    return *std::move(base);
  }

  std::optional<ScenarioText> find(const ScenarioText& text, const std::string& word) const {
    const auto path = std::filesystem::path(text.name).parent_path() / word;
    if (auto toml = read_file(path)) {
      return ScenarioText{.name = path.lexically_normal().string(), .toml = *std::move(toml)};
    }
    return find_shipped_ ? find_shipped_(word) : std::nullopt;
  }

  std::vector<ScenarioText> met_;  // the text itself, its base, the base of that
  const FindShipped& find_shipped_;
};

bool has_names(const TomlNode& list) {
  return list.kind == TomlNode::Kind::list && !list.items.empty() &&
         std::ranges::none_of(list.items, [](const TomlNode& item) {
           return item.kind != TomlNode::Kind::table || name_of(item).empty();
         });
}

// An entry of the base is met once: a name that stands twice in the tree stays twice, and is
// refused by who reads it.
void merge_lists(TomlNode& base, TomlNode& tree) {
  const auto end_of_base = static_cast<std::ptrdiff_t>(base.items.size());
  std::vector<bool> met(base.items.size(), false);
  for (TomlNode& item : tree.items) {
    const auto end = base.items.begin() + end_of_base;
    const auto found = std::ranges::find(base.items.begin(), end, name_of(item), name_of);
    const auto index = static_cast<std::size_t>(found - base.items.begin());
    if (found == end || met[index]) {
      base.items.push_back(std::move(item));
    } else {
      met[index] = true;
      *found = laid_over(std::move(*found), std::move(item));
    }
  }
}

void merge_tables(TomlNode& base, TomlNode& tree) {
  for (TomlMember& member : tree.members) {
    const auto found = std::ranges::find(base.members, member.name, &TomlMember::name);
    if (found == base.members.end()) {
      base.members.push_back(std::move(member));
    } else {
      found->place = member.place;
      found->node = laid_over(std::move(found->node), std::move(member.node));
    }
  }
}

}  // namespace

std::expected<std::vector<ScenarioText>, ScenarioError> find_bases(
    const ScenarioText& text, const FindShipped& find_shipped) {
  return Descent(text, find_shipped).descend();
}

TomlNode laid_over(TomlNode base, TomlNode tree) {
  using Kind = TomlNode::Kind;
  const bool lists = has_names(base) && has_names(tree);
  if (!lists && (base.kind != Kind::table || tree.kind != Kind::table)) return tree;
  if (lists) {
    merge_lists(base, tree);
  } else {
    merge_tables(base, tree);
  }
  base.place = tree.place;
  return base;
}

}  // namespace weir::sim
