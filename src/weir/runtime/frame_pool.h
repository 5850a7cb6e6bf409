// Memory of coroutine frames and task records: free lists by size class, one set for each thread.
//
// A block goes to the list of the thread that frees it. A list that grows past its bound hands half
// of itself to a shared depot, and an empty one fetches from there before it asks for a new slab,
// so that tasks which are born on one thread and die on another do not make memory grow. Slabs live
// as long as the process. Blocks are aligned to 16 bytes; those above the largest class come from
// operator new.
//
// Under the address sanitizer every block comes from operator new, so that a use after free is
// seen.

#pragma once

#include <cstddef>

namespace weir {

void* allocate_frame(std::size_t bytes);

// Requires: `bytes` as in the call that gave `block`. May be called on any thread.
void free_frame(void* block, std::size_t bytes) noexcept;

}  // namespace weir
