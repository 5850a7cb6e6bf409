// How many processors a runtime should have on this machine.

#pragma once

#include <string>

namespace weir {

// WEIR_PROCS if it is a number from 1 to 1024; else the processors that this process may run on,
// bounded by the quota of its control groups, rounded up. At least 1. A WEIR_PROCS that is
// something else is ignored, with a line on standard error.
int default_processors();

// How many processors the control groups of this process allow (version 1 and 2, and those above
// them), a part of one counting as one; 0 if there is no bound. `root` stands before every path
// that is read.
int quota_processors(const std::string& root = "");

}  // namespace weir
