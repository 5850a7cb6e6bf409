// The words of weir replay, read.

#pragma once

#include <expected>
#include <string>

#include "weir/cli/arguments.h"
#include "weir/cli/words.h"

namespace weir::cli {

// All but --workers. The error is one line.
std::expected<ReplayArguments, std::string> replay_arguments(const Words& words);

}  // namespace weir::cli
