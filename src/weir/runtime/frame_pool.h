// Memory of coroutine frames and task records: free lists by size class, one set for each thread.
//
// A block goes to the list of the thread that frees it. A full list becomes the thread's spare, and
// the spare before it goes to a shared depot; an empty list takes the spare, then a batch from the
// depot, then new memory. So tasks that are born on one thread and die on another do not make
// memory grow. Memory stays with the process. Blocks are aligned to 16 bytes; those above the
// largest class come from operator new.
//
// Under the address sanitizer every block comes from operator new, so that a use after free is
// seen.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define WEIR_PLAIN_FRAMES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_PLAIN_FRAMES 1
#endif
#endif

namespace weir {

struct FrameBlock {
  FrameBlock* next;
  FrameBlock* next_batch;  // in the depot: the head of the batch behind this one
  std::uint32_t count;     // in the depot: how many blocks this one heads
};

// Free blocks of one size class.
struct FrameList {
  FrameBlock* head = nullptr;
  std::uint32_t room = 0;  // how many more it may take
};

// The free lists of one thread.
struct FrameCache {
  static constexpr std::size_t class_step = 16;
  static constexpr std::size_t class_count = 128;  // up to 2 KiB

  std::array<FrameList, class_count> lists;
  std::array<FrameList, class_count> spares;  // full, or without a head

  static constexpr std::size_t class_of(std::size_t bytes) {
    return (std::max(bytes, sizeof(FrameBlock)) + class_step - 1) / class_step - 1;
  }

  // Out of line: the list of the class has no block, or no room; or the thread has no cache yet.
  static void* allocate_slowly(std::size_t index);
  static void free_slowly(void* block, std::size_t index) noexcept;

  // Null until the thread has used the pool. Its place is fixed when the thread starts, which saves
  // a call for each use.
  [[gnu::tls_model("initial-exec")]] static constinit thread_local FrameCache* of_this_thread;
};

inline void* allocate_frame(std::size_t bytes) {
#if !defined(WEIR_PLAIN_FRAMES)
  const std::size_t index = FrameCache::class_of(bytes);
  if (index < FrameCache::class_count) {
    FrameCache* cache = FrameCache::of_this_thread;
    if (cache == nullptr || cache->lists[index].head == nullptr) [[unlikely]] {
      return FrameCache::allocate_slowly(index);
    }
    FrameList& list = cache->lists[index];
    FrameBlock* block = list.head;
    list.head = block->next;
    ++list.room;
    return block;
  }
#endif
  return ::operator new(bytes);
}

// Requires: `bytes` as in the call that gave `memory`. May be called on any thread.
inline void free_frame(void* memory, std::size_t bytes) noexcept {
#if !defined(WEIR_PLAIN_FRAMES)
  const std::size_t index = FrameCache::class_of(bytes);
  if (index < FrameCache::class_count) {
    FrameCache* cache = FrameCache::of_this_thread;
    if (cache == nullptr || cache->lists[index].room == 0) [[unlikely]] {
      return FrameCache::free_slowly(memory, index);
    }
    FrameList& list = cache->lists[index];
    auto* block = static_cast<FrameBlock*>(memory);
    block->next = list.head;
    list.head = block;
    --list.room;
    return;
  }
#endif
  ::operator delete(memory, bytes);
}

}  // namespace weir
