// The machine's clocks. The only file of the house that asks the operating system for the time.

#pragma once

#include "weir/base/time.h"

namespace weir {

// Time since an arbitrary origin; never goes back. Cost: some 30 ns.
TimePoint steady_now() noexcept;

// For how long a processor has run the calling thread, which stands still while others have it.
// Cost: a system call, half a microsecond.
Duration processor_time() noexcept;

}  // namespace weir
