#include "weir/sync/batch_core.h"

#include <utility>

#include "weir/base/check.h"
#include "weir/runtime/frame_pool.h"

namespace weir {

BatchCore::BatchCore(const ElementType& type, std::size_t room) : type_(&type), room_(room) {
  WEIR_CHECK(room > 0, "a batch was made without room for a value");
  WEIR_CHECK(room <= PTRDIFF_MAX / type.size, "a batch was made with room that no memory can hold");
  memory_ = static_cast<std::byte*>(allocate_frame(room * type.size));
}

BatchCore::BatchCore(BatchCore&& other) noexcept : type_(other.type_), room_(0) {
  swap(other);
}

BatchCore& BatchCore::operator=(BatchCore&& other) noexcept {
  BatchCore(std::move(other)).swap(*this);
  return *this;
}

BatchCore::~BatchCore() {
  clear();
  if (memory_ != nullptr) free_frame(memory_, room_ * type_->size);
}

void BatchCore::move_forward() noexcept {
  WEIR_CHECK(!full(), "a value was added to a batch that is full");
  move_to(0);
}

void* BatchCore::room_in_front() noexcept {
  WEIR_CHECK(!full(), "a value was added to a batch that is full");
  if (first_ == 0) move_to(room_ - size_);
  return place(0) - type_->size;
}

void BatchCore::add_front() noexcept {
  --first_;
  ++size_;
}

// Moves all values within the memory, beginning at the end towards which they move.
void BatchCore::move_to(std::size_t first) noexcept {
  const std::size_t size = type_->size;
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t index = first < first_ ? i : size_ - 1 - i;
    type_->relocate(memory_ + (first + index) * size, memory_ + (first_ + index) * size);
  }
  first_ = first;
}

void BatchCore::clear() noexcept {
  for (std::size_t i = 0; i < size_; ++i) type_->destroy(place(i));
  first_ = size_ = 0;
}

void BatchCore::swap(BatchCore& other) noexcept {
  std::swap(type_, other.type_);
  std::swap(room_, other.room_);
  std::swap(memory_, other.memory_);
  std::swap(first_, other.first_);
  std::swap(size_, other.size_);
}

}  // namespace weir
