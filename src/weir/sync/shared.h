// Shared<T>: something that several tasks own together; whoever is last frees it.
//
// A std::shared_ptr whose count is part of the object and, in virtual time, where one thread runs
// all, changed without a locked instruction (run_lock.h). A call of a balancer takes and gives back
// such a share; two locked instructions were a fortieth of what a simulated request costs.

#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "weir/runtime/run_lock.h"

namespace weir {

// What a Shared can hold. Made by new, freed by delete as the type that it is shared as.
class Counted {
 public:
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 protected:
  Counted() = default;
  ~Counted() = default;

 private:
  template <class T>
  friend class Shared;

  void add_owner() const noexcept { lock_.add_to(owners_, 1u, std::memory_order_relaxed); }

  // True if it was the last.
  bool drop_owner() const noexcept {
    return owners_.load(std::memory_order_acquire) == 1 ||
           lock_.add_to(owners_, ~0u, std::memory_order_acq_rel) == 1;
  }

  const RunLock lock_{};  // says whether anybody else can be about, and is never taken
  mutable std::atomic<std::uint32_t> owners_ = 0;
};

// One owner's share; null if default-constructed. Copies may be made and dropped by any thread.
template <class T>
class Shared {
 public:
  Shared() = default;
  explicit Shared(T* object) noexcept : object_(object) { add(); }
  Shared(const Shared& other) noexcept : object_(other.object_) { add(); }
  Shared(Shared&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Shared() {
    if (object_ != nullptr && object_->drop_owner()) delete object_;
  }

  T& operator*() const noexcept { return *object_; }
  T* operator->() const noexcept { return object_; }
  T* get() const noexcept { return object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  bool operator==(const Shared&) const = default;

 private:
  void add() noexcept {
    if (object_ != nullptr) object_->add_owner();
  }

  T* object_ = nullptr;
};

}  // namespace weir
