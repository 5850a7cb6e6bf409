// What `extends` means: a scenario laid over another one, which may extend a third.
//
// Trees are merged before anything is read, so whatever a file can say can be inherited, and each
// node keeps its place: an error in a base names the base. The texts are found apart from the
// merging, so that all points of a sweep are of the same texts.

#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/sim/toml_tree.h"

namespace weir::sim {

inline constexpr std::size_t bases_max = 8;  // one below the other

struct ScenarioText {
  std::string name{};  // for messages; its folder is where its own base is sought
  std::string toml{};
};

// A scenario that the program carries, by its name.
using FindShipped = std::function<std::optional<ScenarioText>(std::string_view)>;

// The texts below `text`, the nearest first; reads files, relative to the folder of who names them.
// What is no file may be a shipped scenario; null: none is. The error stands at the `extends`.
std::expected<std::vector<ScenarioText>, ScenarioError> find_bases(
    const ScenarioText& text, const FindShipped& find_shipped = nullptr);

// Lays `tree` over `base`: tables key by key, lists of named tables entry by entry, and an entry of
// a new name is added. Whatever else is in both is as in `tree`.
TomlNode laid_over(TomlNode base, TomlNode tree);

}  // namespace weir::sim
