#include "weir/sim/toml_override.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/base/suggestion.h"
#include "weir/base/text.h"

namespace weir::sim {
namespace {

constexpr std::size_t path_length_max = 8;

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments(1);
  for (const char c : path) {
    if (c == '.') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

void relocate(TomlNode& node, const Place& place) {
  node.place = place;
  node.plain = false;
  for (TomlNode& item : node.items) relocate(item, place);
  for (TomlMember& member : node.members) {
    member.place = place;
    relocate(member.node, place);
  }
}

TomlNode empty_node(TomlNode::Kind kind, const Place& place) {
  TomlNode node;
  node.kind = kind;
  node.place = place;
  return node;
}

TomlNode read_value(std::string_view text, const Place& place) {
  auto parsed = parse_toml("value = " + std::string(text), place.source);
  TomlNode value = empty_node(TomlNode::Kind::text, place);
  value.text = text;
  // A line break could smuggle in a second key: then it is not one value.
  if (parsed && parsed->members.size() == 1) value = std::move(parsed->members.front().node);
  relocate(value, place);
  return value;
}

std::optional<std::size_t> read_index(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return index;
}

// Follows the path of one override and makes what is not there.
class PathWalk {
 public:
  PathWalk(std::string_view assignment, std::vector<std::string> path)
      : place_{"--set " + std::string(assignment), 0, 0}, path_(std::move(path)) {}

  std::expected<TomlNode*, ScenarioError> walk(TomlNode& root) {
    TomlNode* node = &root;
    for (std::size_t depth = 0; depth < path_.size(); ++depth) {
      auto next = node->kind == TomlNode::Kind::list ? entry(*node, depth) : member(*node, depth);
      if (!next) return next;
      node = *next;
    }
    return node;
  }

  const Place& place() const { return place_; }

 private:
  std::expected<TomlNode*, ScenarioError> member(TomlNode& table, std::size_t depth) {
    const std::string& key = path_[depth];
    if (table.kind != TomlNode::Kind::table) {
      return fail("'" + path_[depth - 1] + "' is " + std::string(kind_name(table.kind)) +
                  " and has no key '" + key + "'");
    }
    if (TomlNode* found = table.find(key)) return found;
    // Nothing tells lists from tables here but the index that follows.
    const bool list = depth + 1 < path_.size() && path_[depth + 1] == "0";
    const auto kind = list ? TomlNode::Kind::list : TomlNode::Kind::table;
    table.members.push_back({key, place_, empty_node(kind, place_)});
    return &table.members.back().node;
  }

  std::expected<TomlNode*, ScenarioError> entry(TomlNode& list, std::size_t depth) {
    const std::string& key = path_[depth];
    const auto named = std::ranges::find(list.items, std::string_view(key), name_of);
    if (!key.empty() && named != list.items.end()) return &*named;

    const auto index = read_index(key);
    if (!index) return fail(no_entry(list, depth));
    if (*index == list.items.size()) {
      list.items.push_back(empty_node(TomlNode::Kind::table, place_));
    }
    if (*index >= list.items.size()) {
      return fail("'" + path_[depth - 1] + "' has " + std::to_string(list.items.size()) +
                  " entries, numbered from 0");
    }
    return &list.items[*index];
  }

  std::string no_entry(const TomlNode& list, std::size_t depth) const {
    std::vector<std::string_view> names;
    for (const TomlNode& item : list.items) {
      if (!name_of(item).empty()) names.push_back(name_of(item));
    }
    std::string message = "no entry of '" + path_[depth - 1] + "' is named '" + path_[depth] + "'";
    if (names.empty()) return message + "; address it by its index, from 0";
    return message + did_you_mean(path_[depth], names);
  }

  std::unexpected<ScenarioError> fail(std::string message) const {
    return std::unexpected(error_at(place_, std::move(message)));
  }

  Place place_;
  std::vector<std::string> path_;
};

}  // namespace

std::expected<void, ScenarioError> apply_override(TomlNode& root, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  const auto path = split_path(trimmed(assignment.substr(0, equals)));
  PathWalk walk(assignment, path);
  const bool has_gap = std::ranges::any_of(path, &std::string::empty);
  if (equals == std::string_view::npos || has_gap || path.size() > path_length_max) {
    return std::unexpected(error_at(walk.place(), "write KEY=VALUE, such as balancer.policy=p2c"));
  }
  const auto target = walk.walk(root);
  if (!target) return std::unexpected(target.error());
  **target = read_value(trimmed(assignment.substr(equals + 1)), walk.place());
  return {};
}

}  // namespace weir::sim
