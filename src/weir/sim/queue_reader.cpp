#include "weir/sim/queue_reader.h"

#include <algorithm>
#include <utility>

#include "weir/sim/scenario_file.h"
#include "weir/sim/toml_cursor.h"

namespace weir::sim {
namespace {

void read_queue_limit(TomlCursor& cursor, Queue& queue) {
  const TomlNode* node = cursor.take("limit");
  if (node == nullptr) return;
  if (node->kind == TomlNode::Kind::text) {
    if (node->text == "none") {
      queue.limit.reset();
    } else {
      cursor.report("limit", *node, "must be a whole number or \"none\", not " + quoted(*node));
    }
    return;
  }
  queue.limit.emplace();
  cursor.read_count("limit", *queue.limit, std::uint32_t{0}, limit::queue);
}

}  // namespace

void read_queue(const TomlNode& table, std::string title, Queue& queue,
                std::optional<ScenarioError>& error) {
  TomlCursor cursor(table, std::move(title), error);
  read_queue_limit(cursor, queue);
  using enum Queue::Overflow;
  cursor.read_word("overflow", queue.overflow,
                   {{"reject", reject}, {"drop_oldest", drop_oldest}, {"block", block}});
  constexpr std::string_view later[] = {"adaptive_lifo", "codel", "deadline",
                                        "priority",      "fair",  "shortest_first"};
  const TomlNode* discipline = table.find("discipline");
  if (discipline != nullptr && std::ranges::find(later, discipline->text) != std::end(later)) {
    cursor.report("discipline", *discipline,
                  quoted(*discipline) + " is not supported yet; write \"fifo\" or \"lifo\"");
  }
  cursor.read_word("discipline", queue.discipline,
                   {{"fifo", Queue::Discipline::fifo}, {"lifo", Queue::Discipline::lifo}});
  cursor.refuse_yet({"where"});
  cursor.finish();
}

}  // namespace weir::sim
