// "Did you mean": the known word nearest to a misspelt one.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir {

// The word of `known` that needs the fewest edits (insert, delete, change, swap of neighbours); the
// first of equals. Empty when none is near: more than a third of the letters would change.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> known);

// An ending for an error message: "; did you mean 'exp'?", or "; known: const, exp, …".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace weir
