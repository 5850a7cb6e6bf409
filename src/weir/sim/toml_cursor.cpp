#include "weir/sim/toml_cursor.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "weir/base/suggestion.h"

namespace weir::sim {
namespace {

constexpr std::size_t entries_max = 1000;  // of a list of tables
constexpr std::size_t name_length_max = 100;

// As TOML would spell it; any number, negative ones too.
std::string spelled(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t shown_max = 60;
  if (text.size() <= shown_max) return "'" + std::string(text) + "'";
  std::size_t end = shown_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return "'" + std::string(text.substr(0, end)) + "…'";
}

std::string quoted(const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::boolean:
      return node.boolean ? "true" : "false";
    case TomlNode::Kind::integer:
      return std::to_string(node.integer);
    case TomlNode::Kind::real:
      return spelled(node.real);
    case TomlNode::Kind::text:
      return quoted(std::string_view(node.text));
    case TomlNode::Kind::date:
    case TomlNode::Kind::list:
    case TomlNode::Kind::table:
      return std::string(kind_name(node.kind));
  }
  return {};
}

TomlCursor::TomlCursor(const TomlNode& table, std::string title,
                       std::optional<ScenarioError>& error)
    : table_(table), title_(std::move(title)), error_(error) {}

const TomlNode* TomlCursor::take(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
  return table_.find(key);
}

const TomlNode* TomlCursor::take_table(std::string_view key) {
  const TomlNode* node = take(key);
  if (node == nullptr) return nullptr;
  const std::string advice = "must be a table";
  return has_kind(key, *node, TomlNode::Kind::table, advice) ? node : nullptr;
}

const TomlNode* TomlCursor::take_list(std::string_view key) {
  const TomlNode* node = take(key);
  if (node == nullptr) return nullptr;
  const std::string example = "write [[" + std::string(key) + "]]";
  const std::string advice = "must be a list of tables: " + example;
  if (!has_kind(key, *node, TomlNode::Kind::list, advice)) return nullptr;
  if (node->items.empty()) {
    report(key, *node, "is empty; " + example);
    return nullptr;
  }
  if (node->items.size() > entries_max) {
    report(key, *node, "has more than " + std::to_string(entries_max) + " entries");
    return nullptr;
  }
  for (const TomlNode& item : node->items) {
    if (!has_kind(key, item, TomlNode::Kind::table, advice)) return nullptr;
  }
  return node;
}

void TomlCursor::read_text(std::string_view key, std::string& target) {
  const TomlNode* node = take(key);
  if (node == nullptr || !has_kind(key, *node, TomlNode::Kind::text, "must be a text")) return;
  target = node->text;
}

void TomlCursor::read_name(std::string& target, std::vector<std::string>& taken) {
  read_text("name", target);
  const bool is_taken = std::ranges::find(taken, target) != taken.end();
  taken.push_back(target);
  const TomlNode* node = take("name");
  if (node == nullptr) {
    if (is_taken) report_table("write a name: " + quoted(std::string_view(target)) + " is taken");
    return;
  }
  check_label("name", *node, target);
  if (is_taken) report("name", *node, quoted(*node) + " is taken; choose another");
}

void TomlCursor::read_label(std::string_view key, std::string& target) {
  read_text(key, target);
  if (const TomlNode* node = take(key)) check_label(key, *node, target);
}

void TomlCursor::check_label(std::string_view key, const TomlNode& node, std::string_view label) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (label.empty()) report(key, node, "must not be empty");
  if (label.size() > name_length_max) report(key, node, "must have at most 100 characters");
  if (label.find_first_of(".[]\"=") != std::string::npos ||
      std::ranges::any_of(label, is_control)) {
    report(key, node, "must do without . [ ] = \" and line breaks, since paths are made of it");
  }
}

void TomlCursor::read_number(std::string_view key, double& target, Bounds bounds) {
  const TomlNode* node = take(key);
  if (node == nullptr) return;
  const bool integer = node->kind == TomlNode::Kind::integer;
  if (!integer && !has_kind(key, *node, TomlNode::Kind::real, "must be a number")) return;
  const double value = integer ? static_cast<double>(node->integer) : node->real;
  const bool low = !(value >= bounds.low) || (bounds.open && value == bounds.low);
  if (low || value > bounds.high || std::isinf(value)) {
    const std::string bound =
        !low ? (std::isinf(bounds.high) ? "finite" : "at most " + spelled(bounds.high))
             : (bounds.open ? "above " : "at least ") + spelled(bounds.low);
    report(key, *node, "must be " + bound + ", not " + quoted(*node));
    return;
  }
  target = value;
}

void TomlCursor::read_time(std::string_view key, std::optional<Duration>& target, Duration max) {
  std::optional<Duration> time;
  read_parsed(key, time, "\"10s\"", parse_duration);
  if (!time) return;
  const TomlNode& node = *table_.find(key);
  if (*time <= Duration::zero()) {
    report(key, node, "must be above 0");
  } else if (*time > max) {
    report(key, node, "must be at most " + format_duration(max));
  } else {
    target = time;
  }
}

std::optional<std::int64_t> TomlCursor::take_integer(std::string_view key, std::uint64_t min,
                                                     std::uint64_t max) {
  const TomlNode* node = take(key);
  if (node == nullptr) return std::nullopt;
  const std::string advice = "must be a whole number, not " + quoted(*node);
  if (node->kind != TomlNode::Kind::integer) {
    report(key, *node, advice);
    return std::nullopt;
  }
  const bool low = node->integer < 0 || static_cast<std::uint64_t>(node->integer) < min;
  if (low || static_cast<std::uint64_t>(node->integer) > max) {
    report(key, *node,
           "must be " +
               (low ? "at least " + std::to_string(min) : "at most " + std::to_string(max)) +
               ", not " + std::to_string(node->integer));
    return std::nullopt;
  }
  return node->integer;
}

std::optional<std::ptrdiff_t> TomlCursor::word_index(std::string_view key, const TomlNode& node,
                                                     std::span<const std::string_view> words) {
  const auto found =
      node.kind == TomlNode::Kind::text ? std::ranges::find(words, node.text) : words.end();
  if (found != words.end()) return found - words.begin();
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " or " : ", ";
    list += "\"" + std::string(words[i]) + "\"";
  }
  report(key, node, "must be " + list + ", not " + quoted(node));
  return std::nullopt;
}

bool TomlCursor::is_text(std::string_view key, const TomlNode& node, std::string_view example) {
  if (node.kind == TomlNode::Kind::text) return true;
  report(key, node, "must be a text such as " + std::string(example) + ", not " + quoted(node));
  return false;
}

bool TomlCursor::has_kind(std::string_view key, const TomlNode& node, TomlNode::Kind kind,
                          std::string_view advice) {
  if (node.kind == kind) return true;
  report(key, node, std::string(advice) + ", not " + quoted(node));
  return false;
}

void TomlCursor::require(std::string_view key, std::string_view example) {
  required_.push_back({key, std::string(example)});
}

void TomlCursor::refuse_yet(std::initializer_list<std::string_view> keys) {
  later_.insert(later_.end(), keys.begin(), keys.end());
}

void TomlCursor::finish() {
  const auto is_unknown = [&](const TomlMember& member) {
    return std::ranges::find(known_, member.name) == known_.end();
  };
  for (const TomlMember& member : table_.members) {
    if (is_unknown(member)) refuse(member);
  }
  for (const Requirement& requirement : required_) {
    if (table_.find(requirement.key) != nullptr) continue;
    report_table("'" + std::string(requirement.key) + "' is missing" + in_title() + ": write " +
                 requirement.example);
  }
}

void TomlCursor::refuse(const TomlMember& member) {
  if (std::ranges::find(later_, member.name) != later_.end()) {
    report_at(member.place,
              "'" + member.name + "' is not supported yet" + in_title() + "; remove it");
    return;
  }
  std::vector<std::string_view> words = known_;
  words.insert(words.end(), later_.begin(), later_.end());
  const auto near = nearest_word(member.name, words);
  report_at(member.place, "unknown key " + quoted(std::string_view(member.name)) + in_title() +
                              did_you_mean(member.name, near ? words : known_));
}

void TomlCursor::report(std::string_view key, const TomlNode& node, std::string_view complaint) {
  report_at(node.place, "'" + std::string(key) + "' " + std::string(complaint));
}

void TomlCursor::report(std::string_view key, const TomlNode& node, const ParseError& error) {
  Place place = node.place;
  if (node.plain) place.column += static_cast<std::uint32_t>(error.column);
  report_at(place, "'" + std::string(key) + "': " + error.message);
}

void TomlCursor::report_table(std::string message) {
  report_at(table_.place, std::move(message));
}

void TomlCursor::report_at(const Place& place, std::string message) {
  if (!error_) error_ = error_at(place, std::move(message));
}

std::string TomlCursor::in_title() const {
  return title_.empty() ? "" : " in " + title_;
}

}  // namespace weir::sim
