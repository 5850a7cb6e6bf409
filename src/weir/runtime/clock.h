// The machine's clock. The only file of the house that asks the operating system for the time.

#pragma once

#include "weir/base/time.h"

namespace weir {

// Time since an arbitrary origin; never goes back. Cost: some 30 ns.
TimePoint steady_now() noexcept;

// Keeps the calling thread computing until `duration` has passed.
void spin_for(Duration duration) noexcept;

}  // namespace weir
