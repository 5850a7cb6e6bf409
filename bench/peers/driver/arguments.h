// The words of the command line, checked.

#pragma once

#include <expected>
#include <string>

#include "bench/peers/driver/shape.h"

namespace weir::peers {

struct Arguments {
  Selection selection{};
  int rounds = 7;
  bool quick = false;  // a fiftieth of the work: figures mean nothing
  std::string json{};  // a file, "-" for standard output, empty for none
};

// What to say instead of measuring: help for standard output (code 0), or one line for standard
// error (code 2).
struct Reply {
  int code = 0;
  std::string text{};
};

std::expected<Arguments, Reply> parse_arguments(int argc, const char* const* argv);

}  // namespace weir::peers
