// Tells a process from its parent, without a call of the system.

#pragma once

namespace weir {

// How many forks lie between the first process that asked and this one: in the child of a fork it
// is one more. Any thread. Cost: one load.
unsigned process_number() noexcept;

}  // namespace weir
