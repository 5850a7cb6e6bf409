#include "weir/runtime/frame_pool.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <span>
#include <utility>

#include "weir/base/spin_lock.h"
#include "weir/runtime/page_memory.h"

namespace weir {

constinit thread_local FrameCache* FrameCache::of_this_thread = nullptr;

namespace {

constexpr std::uint32_t batch = 64;  // blocks of a full list
constexpr std::size_t small_slab_bytes = 64 * 1024;
constexpr std::size_t large_slab_bytes = 64 * 1024 * 1024;
constexpr std::size_t small_slabs_max = 64;     // a large page is not worth its memory before
constexpr std::size_t carved_bytes = 4 * 1024;  // of a slab at once
constexpr std::size_t cache_line = 64;  // where what is carved begins: fewer blocks lie across one

// Batches of one size class that no thread holds.
struct Depot {
  SpinLock lock;
  FrameBlock* batches = nullptr;  // guarded by lock

  void put(const FrameList& list) noexcept {
    list.head->count = batch - list.room;
    lock.lock();
    list.head->next_batch = batches;
    batches = list.head;
    lock.unlock();
  }

  FrameList take() noexcept {
    lock.lock();
    FrameBlock* head = batches;
    if (head != nullptr) batches = head->next_batch;
    lock.unlock();
    return head == nullptr ? FrameList() : FrameList{head, batch - head->count};
  }
};

constinit std::array<Depot, FrameCache::class_count> depots;

// Memory that has never been a block, shared by all threads and classes.
class Slab {
 public:
  // `bytes` of memory, at the start of a cache line.
  std::byte* carve(std::size_t bytes) {
    bytes = (bytes + cache_line - 1) / cache_line * cache_line;
    if (std::byte* piece = try_carve(bytes)) return piece;
    const std::span<std::byte> fresh = make();  // Not under the lock.
    const std::lock_guard guard(lock_);
    if (left_ < fresh.size() - bytes) {  // What is given up is less than was asked for, as a rule.
      next_ = fresh.data() + bytes;
      left_ = fresh.size() - bytes;
    }
    return fresh.data();
  }

 private:
  std::byte* try_carve(std::size_t bytes) noexcept {
    const std::lock_guard guard(lock_);
    if (left_ < bytes) return nullptr;
    left_ -= bytes;
    return std::exchange(next_, next_ + bytes);
  }

  std::span<std::byte> make() {
    if (made_.fetch_add(1, std::memory_order_relaxed) >= small_slabs_max) {
      if (void* pages = map_large_pages(large_slab_bytes)) {
        return {static_cast<std::byte*>(pages), large_slab_bytes};
      }
    }
    return {static_cast<std::byte*>(::operator new(small_slab_bytes, std::align_val_t(cache_line))),
            small_slab_bytes};
  }

  std::atomic<std::size_t> made_ = 0;
  SpinLock lock_;
  std::byte* next_ = nullptr;  // guarded by lock_
  std::size_t left_ = 0;       // guarded by lock_
};

constinit Slab slab;

FrameList carve_blocks(std::size_t index) {
  const std::size_t block_bytes = (index + 1) * FrameCache::class_step;
  const std::size_t count = std::min<std::size_t>(batch, carved_bytes / block_bytes);
  std::byte* memory = slab.carve(count * block_bytes);
  FrameBlock* head = nullptr;
  for (std::size_t i = count; i-- > 0;) {
    head = ::new (memory + i * block_bytes) FrameBlock{head, nullptr, 0};
  }
  return {head, batch - static_cast<std::uint32_t>(count)};
}

// Gives what a thread holds to the depot when the thread ends.
struct CacheOwner {
  FrameCache* cache = nullptr;

  ~CacheOwner() {
    for (std::size_t i = 0; cache != nullptr && i < FrameCache::class_count; ++i) {
      if (cache->lists[i].head != nullptr) depots[i].put(cache->lists[i]);
      if (cache->spares[i].head != nullptr) depots[i].put(cache->spares[i]);
    }
    FrameCache::of_this_thread = nullptr;
    delete cache;
  }
};

FrameCache& own_cache() {
  if (FrameCache::of_this_thread == nullptr) {
    FrameCache::of_this_thread = new FrameCache;
    thread_local CacheOwner owner;
    owner.cache = FrameCache::of_this_thread;
  }
  return *FrameCache::of_this_thread;
}

}  // namespace

void* FrameCache::allocate_slowly(std::size_t index) {
  FrameCache& cache = own_cache();
  FrameList& list = cache.lists[index];
  if (list.head == nullptr) list = std::exchange(cache.spares[index], {});
  if (list.head == nullptr) list = depots[index].take();
  if (list.head == nullptr) list = carve_blocks(index);
  FrameBlock* block = list.head;
  list.head = block->next;
  ++list.room;
  return block;
}

void FrameCache::free_slowly(void* memory, std::size_t index) noexcept {
  FrameCache& cache = own_cache();
  FrameList& list = cache.lists[index];
  if (list.room == 0) {
    FrameList& spare = cache.spares[index];
    if (list.head != nullptr) {
      if (spare.head != nullptr) depots[index].put(spare);
      spare = list;
    }
    list = {nullptr, batch};
  }
  list.head = ::new (memory) FrameBlock{list.head, nullptr, 0};
  --list.room;
}

}  // namespace weir
