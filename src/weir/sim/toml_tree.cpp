#include "weir/sim/toml_tree.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace weir::sim {
namespace {

constexpr std::size_t text_length_max = std::size_t{1} << 20;
constexpr std::size_t line_length_max = 10'000;
constexpr int depth_max = 16;

Place place_of(const toml::source_region& region, std::string_view file) {
  return {std::string(file), region.begin.line, region.begin.column};
}

// Walks the library's tree once; stops at the first thing that no scenario can hold.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view file) : file_(file) {}

  TomlNode build(const toml::node& source, int depth) {
    TomlNode node;
    node.place = place_of(source.source(), file_);
    if (depth > depth_max && !error_) error_ = error_at(node.place, too_deep);
    if (error_) return node;
    source.visit([&](const auto& value) { fill(node, value, depth); });
    return node;
  }

  std::optional<ScenarioError> error() const { return error_; }

 private:
  static constexpr const char* too_deep =
      "tables are nested more than 16 deep; a scenario needs four";

  void fill(TomlNode& node, const toml::table& table, int depth) {
    node.kind = TomlNode::Kind::table;
    for (const auto& [key, value] : table) {
      node.members.push_back({std::string(key.str()), place_of(key.source(), file_), {}});
      node.members.back().node = build(value, depth + 1);
    }
    // The library sorts by name; people, and the first error, go by lines.
    std::ranges::sort(node.members, {}, [](const TomlMember& member) {
      return std::pair(member.place.line, member.place.column);
    });
  }

  void fill(TomlNode& node, const toml::array& array, int depth) {
    node.kind = TomlNode::Kind::list;
    for (const toml::node& item : array) node.items.push_back(build(item, depth + 1));
    // The library gives a list of [[tables]] no place that is worth showing: the first header is.
    if (!node.items.empty() && node.items.front().kind == TomlNode::Kind::table) {
      node.place = node.items.front().place;
    }
  }

  void fill(TomlNode& node, const toml::value<std::string>& value, int) {
    node.kind = TomlNode::Kind::text;
    node.text = value.get();
    const toml::source_region& region = value.source();
    const bool ascii = std::ranges::all_of(node.text, [](char c) { return c >= ' ' && c <= '~'; });
    node.plain = ascii && region.begin.line == region.end.line &&
                 region.end.column - region.begin.column == node.text.size() + 2;
  }

  void fill(TomlNode& node, const toml::value<std::int64_t>& value, int) {
    node.kind = TomlNode::Kind::integer;
    node.integer = value.get();
  }

  void fill(TomlNode& node, const toml::value<double>& value, int) {
    node.kind = TomlNode::Kind::real;
    node.real = value.get();
  }

  void fill(TomlNode& node, const toml::value<bool>& value, int) {
    node.kind = TomlNode::Kind::boolean;
    node.boolean = value.get();
  }

  template <typename Date>
  void fill(TomlNode& node, const toml::value<Date>&, int) {
    node.kind = TomlNode::Kind::date;
  }

  std::string_view file_;
  std::optional<ScenarioError> error_;
};

std::optional<ScenarioError> find_excess(std::string_view text, std::string_view file) {
  if (text.size() > text_length_max) {
    return error_at({std::string(file), 1, 1}, "larger than 1 MiB; this is not a scenario");
  }
  std::uint32_t line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end - start > line_length_max) {
      return error_at({std::string(file), line, 1}, "the line is longer than 10,000 characters");
    }
    start = end + 1;
  }
  return std::nullopt;
}

// The library's words, begun like ours; and the hint that the commonest slip needs.
std::string syntax_message(std::string_view description) {
  constexpr std::string_view opening = "Error while parsing ";
  std::string message = "syntax error: ";
  if (description.starts_with(opening)) {
    message = "syntax error in ";
    description.remove_prefix(opening.size());
  }
  message += description;
  const auto mentions = [&](std::string_view words) { return description.contains(words); };
  if (mentions("decimal integer") || mentions("floating-point")) {
    message += "; a number with a unit stands in quotes, such as \"10ms\"";
  }
  return message;
}

// A message is one line of printable text, whatever stood in the file.
std::string on_one_line(std::string message) {
  std::ranges::replace_if(message, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  return message;
}

}  // namespace

std::string ScenarioError::text() const {
  if (line == 0) return on_one_line(file + ": " + message);
  return on_one_line(file + ':' + std::to_string(line) + ':' + std::to_string(column) + ": " +
                     message);
}

ScenarioError error_at(const Place& place, std::string message) {
  return {place.source, place.line, place.column, on_one_line(std::move(message))};
}

const TomlNode* TomlNode::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &TomlMember::name);
  return found == members.end() ? nullptr : &found->node;
}

TomlNode* TomlNode::find(std::string_view name) {
  return const_cast<TomlNode*>(std::as_const(*this).find(name));
}

std::string_view name_of(const TomlNode& entry) {
  const TomlNode* name = entry.find("name");
  const bool named = name != nullptr && name->kind == TomlNode::Kind::text;
  return named ? std::string_view(name->text) : std::string_view();
}

std::string_view kind_name(TomlNode::Kind kind) {
  switch (kind) {
    case TomlNode::Kind::boolean:
      return "true or false";
    case TomlNode::Kind::integer:
      return "a whole number";
    case TomlNode::Kind::real:
      return "a number";
    case TomlNode::Kind::text:
      return "a text";
    case TomlNode::Kind::date:
      return "a date";
    case TomlNode::Kind::list:
      return "a list";
    case TomlNode::Kind::table:
      return "a table";
  }
  return "nothing";
}

std::expected<TomlNode, ScenarioError> parse_toml(std::string_view text, std::string_view file) {
  if (auto excess = find_excess(text, file)) return std::unexpected(*excess);
  try {
    const toml::table table = toml::parse(text);
    TreeBuilder builder(file);
    TomlNode root = builder.build(table, 0);
    if (builder.error()) return std::unexpected(*builder.error());
    root.place = {std::string(file), 1, 1};
    return root;
  } catch (const toml::parse_error& error) {
    return std::unexpected(
        error_at(place_of(error.source(), file), syntax_message(error.description())));
  }
}

}  // namespace weir::sim
