// Batch<T>: values that go through a channel together, under one lock instead of one each.
//
//   Batch<Line> lines(256);                      room for that many
//   while (co_await in.receive_many(lines)) {    at least one, and what else is there
//     for (Line& line : lines) …
//   }
//
// The room is raw memory, so that T needs no default value and nothing but moves happens under a
// channel's lock. Made once and used in each turn again. Belongs to one task.

#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "weir/base/check.h"
#include "weir/sync/batch_core.h"
#include "weir/sync/element.h"

namespace weir {

template <ChannelValue T>
class Batch {
 public:
  // Requires: room > 0. Cost: one allocation.
  explicit Batch(std::size_t room) : core_(element_type<T>, room) {}

  std::size_t size() const noexcept { return core_.size(); }
  std::size_t room() const noexcept { return core_.room(); }
  bool empty() const noexcept { return size() == 0; }
  bool full() const noexcept { return core_.full(); }

  // The values, in order, next to each other.
  T* begin() noexcept { return reinterpret_cast<T*>(core_.front()); }
  T* end() noexcept { return begin() + size(); }
  const T* begin() const noexcept { return reinterpret_cast<const T*>(core_.front()); }
  const T* end() const noexcept { return begin() + size(); }
  T* data() noexcept { return begin(); }
  const T* data() const noexcept { return begin(); }

  // Adds a value behind or in front of the others. Requires: the batch is not full.
  void push_back(T value) {
    std::construct_at(static_cast<T*>(core_.room_behind()), std::move(value));
    core_.add_back();
  }
  void push_front(T value) {
    std::construct_at(static_cast<T*>(core_.room_in_front()), std::move(value));
    core_.add_front();
  }

  // Takes the first value out. Requires: the batch is not empty.
  T pop_front() {
    WEIR_CHECK(!empty(), "a value was taken out of a batch that is empty");
    T value(std::move(*begin()));
    std::destroy_at(begin());
    core_.drop_front();
    return value;
  }

  void clear() noexcept {
    if constexpr (std::is_trivially_destructible_v<T>) {
      core_.drop_front(size());
    } else {
      core_.clear();
    }
  }

  // For channels.
  BatchCore& core() noexcept { return core_; }

 private:
  BatchCore core_;
};

}  // namespace weir
