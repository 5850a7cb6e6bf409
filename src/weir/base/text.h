// Pieces of text that a user has written.

#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

// The text without the blanks before and behind it; nothing of one that holds nothing else.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r") {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace weir
