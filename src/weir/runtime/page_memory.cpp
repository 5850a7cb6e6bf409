#include "weir/runtime/page_memory.h"

#include <sys/mman.h>

namespace weir {

void* map_large_pages(std::size_t bytes) noexcept {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  madvise(memory, bytes, MADV_HUGEPAGE);  // A wish: without it, the memory is as good and slower.
  return memory;
}

}  // namespace weir
