#include "weir/sim/sweep_reader.h"

#include <string>
#include <utility>

#include "weir/sim/toml_cursor.h"
#include "weir/sim/value_range.h"

namespace weir::sim {
namespace {

using Error = std::optional<ScenarioError>;

// As --set would take it; empty for what is no single value.
std::string spelled_value(const TomlNode& node) {
  switch (node.kind) {
    case TomlNode::Kind::text:
      return node.text;
    case TomlNode::Kind::integer:
      return std::to_string(node.integer);
    case TomlNode::Kind::real:
      return exact_number(node.real);
    case TomlNode::Kind::boolean:
      return node.boolean ? "true" : "false";
    default:
      return {};
  }
}

// A text stands for all that its ranges give.
void append_values(TomlCursor& cursor, const TomlNode& node, std::vector<std::string>& values) {
  const std::string text = spelled_value(node);
  if (text.empty()) {
    cursor.report("values", node, "must hold texts and numbers, not " + quoted(node));
    return;
  }
  auto more = expand_values(text);
  if (!more) {
    cursor.report("values", node, more.error());
    return;
  }
  values.insert(values.end(), more->begin(), more->end());
}

void read_flag(TomlCursor& cursor, std::string_view key, bool& flag) {
  const TomlNode* node = cursor.take(key);
  if (node == nullptr) return;
  if (node->kind == TomlNode::Kind::boolean) {
    flag = node->boolean;
  } else {
    cursor.report(key, *node, "must be true or false, not " + quoted(*node));
  }
}

Axis read_axis(const TomlMember& member, Error& error) {
  Axis axis{.name = member.name};
  TomlCursor cursor(member.node, "[sweep] axes." + member.name, error);
  cursor.read_text("set", axis.key);
  cursor.require("set", "set = \"load.web.arrival\", the key to set");
  cursor.require("values", "values = [\"random\", \"p2c\"] or a range such as \"{1..8}\"");
  if (const TomlNode* values = cursor.take("values")) {
    if (values->kind == TomlNode::Kind::list) {
      for (const TomlNode& item : values->items) append_values(cursor, item, axis.values);
    } else {
      append_values(cursor, *values, axis.values);
    }
  }
  cursor.finish();
  return axis;
}

void read_axes(TomlCursor& cursor, Sweep& sweep, Error& error) {
  const TomlNode* axes = cursor.take_table("axes");
  if (axes == nullptr) return;
  for (const TomlMember& member : axes->members) {
    if (member.node.kind != TomlNode::Kind::table) {
      cursor.report("axes", member.node,
                    "must hold tables: axes." + member.name + " = { set = \"KEY\", values = [] }");
      return;
    }
    sweep.axes.push_back(read_axis(member, error));
  }
}

void read_baseline(TomlCursor& cursor, Sweep& sweep) {
  const TomlNode* baseline = cursor.take_table("baseline");
  if (baseline == nullptr) return;
  for (const TomlMember& member : baseline->members) {
    const std::string value = spelled_value(member.node);
    if (value.empty()) {
      cursor.report("baseline", member.node, "takes one value for each axis that it names");
    }
    sweep.baseline.emplace_back(member.name, value);
  }
}

}  // namespace

Sweep read_sweep(const TomlNode& table, Error& error) {
  Sweep sweep;
  TomlCursor cursor(table, "[sweep]", error);
  read_flag(cursor, "zip", sweep.zip);
  read_flag(cursor, "crn", sweep.crn);
  cursor.require("axes",
                 "axes.policy = { set = \"balancer.policy\", values = [\"random\", \"p2c\"] }");
  read_axes(cursor, sweep, error);
  read_baseline(cursor, sweep);
  cursor.finish();
  if (error) return sweep;
  if (const auto complaint = check_sweep(sweep)) cursor.report_table("[sweep]: " + *complaint);
  return sweep;
}

}  // namespace weir::sim
