#include "weir/sim/named_files.h"

#include <set>

#include "weir/sim/expression.h"

namespace weir::sim {
namespace {

using Names = std::set<std::string>;

void gather(const Expression& expression, Names& names) {
  const bool reads_file = expression.kind == Expression::Kind::call &&
                          (expression.word == "trace" || expression.word == "empirical");
  bool is_first = true;
  for (const Argument& argument : expression.arguments) {
    const bool named = argument.key == "file" || (is_first && argument.key.empty());
    is_first = false;
    if (reads_file && named && argument.value.kind == Expression::Kind::text) {
      names.insert(argument.value.word);
    }
    gather(argument.value, names);
  }
}

void gather(std::string_view text, Names& names) {
  if (!text.contains('"')) return;
  if (const auto expression = parse_expression(text)) gather(*expression, names);
}

void gather(const TomlNode& node, Names& names) {
  if (node.kind == TomlNode::Kind::text) gather(std::string_view(node.text), names);
  for (const TomlNode& item : node.items) gather(item, names);
  for (const TomlMember& member : node.members) gather(member.node, names);
}

}  // namespace

std::vector<std::string> named_files(const TomlNode& tree) {
  Names names;
  gather(tree, names);
  return {names.begin(), names.end()};
}

}  // namespace weir::sim
