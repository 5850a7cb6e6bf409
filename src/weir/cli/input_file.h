// A file that somebody names, read whole; or why not, in words.

#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace weir::cli {

// More than any scenario may hold (1 MiB), so that no device is read for ever.
inline constexpr std::size_t input_size_max = std::size_t{2} << 20;

// The error of a file that is not there; the others are sentences of the operating system.
inline constexpr std::string_view missing_file = "there is no such file";

// Reads at most input_size_max bytes.
std::expected<std::string, std::string> read_input_file(const std::string& path);

}  // namespace weir::cli
