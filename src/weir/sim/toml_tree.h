// A TOML text as a tree that remembers where everything stood.
//
// The only door to the TOML library: its types stay in the source. A node keeps its place when it
// is copied or moved to another tree, so a value that came from --set is blamed on that --set.

#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace weir::sim {

// A file with line and column (from 1), or an override: then there is no line.
struct Place {
  std::string source;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  bool operator==(const Place&) const = default;
};

// What is wrong with a scenario, and what to do about it.
struct ScenarioError {
  std::string file;          // or the override: "--set workers.fast.count=none"
  std::uint32_t line = 0;    // from 1; 0 for an override
  std::uint32_t column = 0;  // from 1, in characters
  std::string message;       // one line, no full stop

  // "file:line:column: message" or "--set …: message". Always one line.
  std::string text() const;

  bool operator==(const ScenarioError&) const = default;
};

ScenarioError error_at(const Place& place, std::string message);

struct TomlMember;

struct TomlNode {
  enum class Kind { boolean, integer, real, text, date, list, table };

  Kind kind = Kind::table;
  Place place;         // of the value, or of the header of a table
  bool plain = false;  // a text that stands in the source letter by letter
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<TomlNode> items;      // of a list
  std::vector<TomlMember> members;  // of a table, as they stand in the text

  // The member of that name, or null; only a table has members.
  const TomlNode* find(std::string_view name) const;
  TomlNode* find(std::string_view name);
};

struct TomlMember {
  std::string name;
  Place place;
  TomlNode node;
};

// By which other places address an entry of a list: the text under its key "name", empty without
// one.
std::string_view name_of(const TomlNode& entry);

// For messages: "a number", "a list".
std::string_view kind_name(TomlNode::Kind kind);

// Refuses texts over 1 MiB, lines over 10,000 characters and tables nested more than 16 deep: the
// library would use the stack up.
std::expected<TomlNode, ScenarioError> parse_toml(std::string_view text, std::string_view file);

}  // namespace weir::sim
