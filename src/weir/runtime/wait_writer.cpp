#include "weir/runtime/wait_writer.h"

#include <string_view>
#include <vector>

namespace weir {

void WaitWriter::append(std::string& text, const Wait& wait, const std::string& more) {
  text += wait.verb() + (" at " + spell_place(wait.where()) + more);
  if (!objects_) return;
  std::vector<WaitedFor> things;
  wait.describe(things);
  const bool is_select = things.size() != 1 || things[0].verb != std::string_view(wait.verb());
  for (const WaitedFor& thing : things) {
    const std::string name = name_of(thing);
    if (!is_select && name.empty()) continue;
    text += "\n    ";
    if (is_select) text += thing.verb + (" at " + spell_place(thing.where));
    if (!name.empty()) text += (is_select ? ", on " : "on ") + name;
  }
}

// "channel 3 (made at …, capacity 4)"; empty if there is nothing to name.
std::string WaitWriter::name_of(const WaitedFor& thing) {
  if (*thing.kind == '\0') return thing.state;
  std::string text = thing.kind + (' ' + std::to_string(number_of(thing)));
  if (!thing.state.empty()) text += " (" + thing.state + ')';
  return text;
}

std::uint64_t WaitWriter::number_of(const WaitedFor& thing) {
  if (thing.number != 0) return thing.number;
  const auto [place, is_new] = numbers_.try_emplace(thing.object, 0);
  if (is_new) place->second = ++last_[thing.kind];
  return place->second;
}

std::string spell_place(std::source_location place) {
  return place.file_name() + (':' + std::to_string(place.line()));
}

}  // namespace weir
