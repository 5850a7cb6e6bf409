// Latest<T>: what one task keeps others told of, and they look up when they want to know.
//
//   auto sent_to = make_latest(nobody);   a counted handle
//   sent_to.set(worker);                  and elsewhere, at any time: sent_to.get()
//
// A word that several tasks hold on to: a new value takes the place of the one before, and nobody
// can wait for it. Who must see every value, or wait for one, wants a channel, which costs several
// times as much to make. A default-constructed one is nil: nobody looks, so set() does nothing.
//
// Source: the idea is Tokio's sync::watch without its waiting.

#pragma once

#include <atomic>
#include <cstddef>
#include <type_traits>

#include "weir/base/check.h"
#include "weir/runtime/frame_pool.h"
#include "weir/sync/shared.h"

namespace weir {

// Requires of T: a word that can be copied bit by bit.
template <class T>
  requires(std::is_trivially_copyable_v<T> && sizeof(T) <= 8)
class Latest {
 public:
  Latest() = default;
  explicit Latest(T first) : core_(new Core(first)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(core_); }

  // Any thread. What the caller did before is visible to whoever gets this value.
  void set(T value) const noexcept {
    if (core_) core_->value.store(value, std::memory_order_release);
  }

  // Any thread. Requires: not nil.
  T get() const noexcept {
    WEIR_CHECK(*this, "a nil Latest was asked for its value");
    return core_->value.load(std::memory_order_acquire);
  }

 private:
  struct Core : Counted {
    explicit Core(T first) : value(first) {}
    static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
    static void operator delete(void* core, std::size_t bytes) noexcept { free_frame(core, bytes); }
    std::atomic<T> value;
    static_assert(std::atomic<T>::is_always_lock_free);
  };

  Shared<Core> core_;
};

template <class T>
Latest<T> make_latest(T first) {
  return Latest<T>(first);
}

}  // namespace weir
