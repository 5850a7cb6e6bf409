#include "weir/runtime/frame_pool.h"

#include <array>
#include <new>

#include "weir/base/spin_lock.h"

#if defined(__SANITIZE_ADDRESS__)
#define WEIR_PLAIN_FRAMES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_PLAIN_FRAMES 1
#endif
#endif

namespace weir {

#if defined(WEIR_PLAIN_FRAMES)

void* allocate_frame(std::size_t bytes) {
  return ::operator new(bytes);
}
void free_frame(void* block, std::size_t) noexcept {
  ::operator delete(block);
}

#else

namespace {

constexpr std::size_t class_step = 32;
constexpr std::size_t class_count = 64;  // up to 2 KiB
constexpr std::size_t batch = 64;        // blocks that move between a thread and the depot at once
constexpr std::size_t slab_bytes = 64 * 1024;

struct Block {
  Block* next;
  Block* next_batch;  // in the depot: the head of the batch behind this one
};

struct FreeList {
  Block* head = nullptr;
  std::size_t count = 0;
};

// Batches of one size class that no thread holds.
struct Depot {
  SpinLock lock;
  Block* batches = nullptr;

  void put(Block* head) {
    lock.lock();
    head->next_batch = batches;
    batches = head;
    lock.unlock();
  }

  Block* take() {
    lock.lock();
    Block* head = batches;
    if (head != nullptr) batches = head->next_batch;
    lock.unlock();
    return head;
  }
};

constinit std::array<Depot, class_count> depots;

Block* carve_slab(std::size_t block_bytes, std::size_t& count) {
  auto* memory = static_cast<std::byte*>(::operator new(slab_bytes));
  count = slab_bytes / block_bytes;
  Block* head = nullptr;
  for (std::size_t i = count; i-- > 0;) {
    auto* block = reinterpret_cast<Block*>(memory + i * block_bytes);
    block->next = head;
    head = block;
  }
  return head;
}

// The free lists of one thread. `full` is what has been freed beyond `current`, one batch at most.
struct ThreadCache {
  std::array<FreeList, class_count> current;
  std::array<FreeList, class_count> full;

  ~ThreadCache() {
    for (std::size_t i = 0; i < class_count; ++i) {
      if (current[i].head != nullptr) depots[i].put(current[i].head);
      if (full[i].head != nullptr) depots[i].put(full[i].head);
    }
  }

  void refill(std::size_t index) {
    if (full[index].head != nullptr) {
      current[index] = full[index];
      full[index] = {};
    } else if (Block* head = depots[index].take()) {
      current[index] = {head, batch};
    } else {
      FreeList& list = current[index];
      list.head = carve_slab((index + 1) * class_step, list.count);
    }
  }

  void spill(std::size_t index) {
    if (full[index].head != nullptr) depots[index].put(full[index].head);
    full[index] = current[index];
    current[index] = {};
  }
};

ThreadCache& cache() {
  thread_local ThreadCache lists;
  return lists;
}

std::size_t class_of(std::size_t bytes) {
  return (bytes + class_step - 1) / class_step - 1;
}

}  // namespace

void* allocate_frame(std::size_t bytes) {
  const std::size_t index = class_of(bytes);
  if (index >= class_count) return ::operator new(bytes);
  ThreadCache& lists = cache();
  FreeList& list = lists.current[index];
  if (list.head == nullptr) [[unlikely]]
    lists.refill(index);
  Block* block = list.head;
  list.head = block->next;
  if (list.count > 0) --list.count;
  return block;
}

void free_frame(void* memory, std::size_t bytes) noexcept {
  const std::size_t index = class_of(bytes);
  if (index >= class_count) return ::operator delete(memory);
  ThreadCache& lists = cache();
  if (lists.current[index].count >= batch) [[unlikely]]
    lists.spill(index);
  FreeList& list = lists.current[index];
  auto* block = static_cast<Block*>(memory);
  block->next = list.head;
  list.head = block;
  ++list.count;
}

#endif

}  // namespace weir
