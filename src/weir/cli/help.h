// What --help teaches beside the list of options: examples, exit codes, where things come from.

#pragma once

#include <string_view>

#include "weir/cli/arguments.h"

namespace weir::cli {

// Stands at the end of the help of the whole program.
std::string_view program_lesson();

// Stands at the end of the help of one command.
std::string_view lesson_of(Arguments::Command command);

}  // namespace weir::cli
