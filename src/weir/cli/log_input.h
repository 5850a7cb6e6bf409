// A log from a file or from standard input, read in pieces while the user sees how far it is.

#pragma once

#include <expected>
#include <string>

#include "weir/sim/log_reader.h"

namespace weir::cli {

// "-" is standard input. The error is one line and names the log; it says how far the log was read
// if an Interrupt has heard a signal meanwhile.
std::expected<sim::ReadLog, std::string> read_log(const std::string& path,
                                                  const sim::LogOptions& options, bool quiet);

// As errors and reports call it.
std::string log_name(const std::string& path);

}  // namespace weir::cli
