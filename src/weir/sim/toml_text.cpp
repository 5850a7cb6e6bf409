#include "weir/sim/toml_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "weir/sim/quantity.h"

namespace weir::sim {
namespace {

using Kind = TomlNode::Kind;

// Expressions hold quotes themselves: those stand between single ones.
std::string quoted(std::string_view text) {
  const bool plain = std::ranges::none_of(
      text, [](char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == 0x7F; });
  if (plain && text.contains('"') && !text.contains('\'')) return "'" + std::string(text) + "'";
  std::string result = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      result += '\\';
      result += letter;
    } else if (byte < ' ' || byte == 0x7F) {
      result += fmt::format("\\u{:04X}", byte);
    } else {
      result += letter;
    }
  }
  return result + '"';
}

std::string spell_key(std::string_view name) {
  const bool bare = !name.empty() && std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
  });
  return bare ? std::string(name) : quoted(name);
}

// A real number that reads back as one.
std::string spell_real(double value) {
  std::string text = exact_number(value);
  const bool whole = text.find_first_of(".en") == std::string::npos;
  return whole ? text + ".0" : text;
}

std::string spell(const TomlNode& node) {
  switch (node.kind) {
    case Kind::boolean:
      return node.boolean ? "true" : "false";
    case Kind::integer:
      return std::to_string(node.integer);
    case Kind::real:
      return spell_real(node.real);
    case Kind::text:
    case Kind::date:
      return quoted(node.text);
    case Kind::list:
    case Kind::table:
      break;
  }
  const bool list = node.kind == Kind::list;
  std::string text;
  for (const TomlNode& item : node.items) text += (text.empty() ? "" : ", ") + spell(item);
  for (const TomlMember& member : node.members) {
    text += (text.empty() ? "" : ", ") + spell_key(member.name) + " = " + spell(member.node);
  }
  if (text.empty()) return list ? "[]" : "{}";
  return list ? "[" + text + "]" : "{ " + text + " }";
}

std::string spell_members(const TomlNode& table) {
  std::string text;
  for (const TomlMember& member : table.members) {
    text += spell_key(member.name) + " = " + spell(member.node) + '\n';
  }
  return text;
}

bool holds_tables(const TomlNode& node) {
  return node.kind == Kind::list && !node.items.empty() &&
         std::ranges::all_of(node.items,
                             [](const TomlNode& item) { return item.kind == Kind::table; });
}

}  // namespace

std::string toml_text(const TomlNode& root) {
  std::string values, tables;
  for (const TomlMember& member : root.members) {
    const std::string name = spell_key(member.name);
    if (member.node.kind == Kind::table) {
      tables += "\n[" + name + "]\n" + spell_members(member.node);
    } else if (holds_tables(member.node)) {
      for (const TomlNode& item : member.node.items) {
        tables += "\n[[" + name + "]]\n" + spell_members(item);
      }
    } else {
      values += name + " = " + spell(member.node) + '\n';
    }
  }
  return values + tables;
}

}  // namespace weir::sim
