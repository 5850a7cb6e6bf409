// Memory in large pieces, straight from the operating system and in large pages where it has them.
//
// A program with a million tasks pays more for the faults of its small pages than for the tasks.

#pragma once

#include <cstddef>

namespace weir {

// `bytes` of zeroed memory that becomes resident as it is touched; null if there is none to be had.
// It stays with the process.
void* map_large_pages(std::size_t bytes) noexcept;

}  // namespace weir
