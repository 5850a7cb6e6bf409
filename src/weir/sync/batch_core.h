// A queue of values in raw memory of a fixed size, without their type: the core of Batch.
//
// Values are added behind and leave in front. They are moved to the beginning only when there is no
// room behind and somebody asks for it, so that a channel, which calls fill_end() and drop_front()
// under its lock, moves each value once.

#pragma once

#include <cstddef>

#include "weir/sync/channel_core.h"

namespace weir {

class BatchCore {
 public:
  BatchCore(const ElementType& type, std::size_t room);
  BatchCore(BatchCore&& other) noexcept;
  BatchCore& operator=(BatchCore&& other) noexcept;
  ~BatchCore();

  std::size_t size() const noexcept { return size_; }
  std::size_t room() const noexcept { return room_; }
  bool full() const noexcept { return size_ == room_; }
  std::byte* front() const noexcept { return place(0); }

  // Room for a value behind the others, which add_back() then counts. Requires: not full.
  void* room_behind() noexcept {
    if (first_ + size_ == room_) [[unlikely]]
      move_forward();
    return place(size_);
  }
  void add_back(std::size_t count = 1) noexcept { size_ += count; }

  // How many values there is room for behind the others without a move.
  std::size_t room_left() const noexcept { return room_ - first_ - size_; }

  // The same in front.
  void* room_in_front() noexcept;
  void add_front() noexcept;

  // Values in front have been moved away.
  void drop_front(std::size_t count = 1) noexcept {
    size_ -= count;
    first_ = size_ == 0 ? 0 : first_ + count;
  }

  void clear() noexcept;
  void swap(BatchCore& other) noexcept;

 private:
  std::byte* place(std::size_t index) const noexcept {
    return memory_ + (first_ + index) * type_->size;
  }
  void move_forward() noexcept;
  void move_to(std::size_t first) noexcept;

  const ElementType* type_;
  std::size_t room_;
  std::byte* memory_ = nullptr;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace weir
