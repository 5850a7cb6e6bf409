// How many processors a runtime should have on this machine.

#pragma once

namespace weir {

// WEIR_PROCS if it is a number from 1 to 1024; else the processors that this process may run on,
// bounded by the quota of its control group (version 2), rounded up. At least 1.
int default_processors();

}  // namespace weir
