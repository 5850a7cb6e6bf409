// What a channel asks of the values it carries, and raw memory for one of them.

#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "weir/sync/channel_core.h"

namespace weir {

template <class T>
concept ChannelValue = std::is_nothrow_move_constructible_v<T> &&
                       std::is_nothrow_destructible_v<T> && alignof(T) <= alignof(std::max_align_t);

template <ChannelValue T>
inline constexpr ElementType element_type = {
    sizeof(T),
    [](void* to, void* from) noexcept {
      auto* value = static_cast<T*>(from);
      ::new (to) T(std::move(*value));
      value->~T();
    },
    [](void* value) noexcept { static_cast<T*>(value)->~T(); }};

// Raw memory for one T, whose life begins and ends by hand.
template <class T>
class Slot {
 public:
  Slot() noexcept {}
  ~Slot() {}
  void* address() noexcept { return &value_; }
  T& value() noexcept { return value_; }
  void emplace(T&& value) { std::construct_at(&value_, std::move(value)); }
  void destroy() noexcept { std::destroy_at(&value_); }
  T take() noexcept {
    T result(std::move(value_));
    destroy();
    return result;
  }

 private:
  union {
    T value_;
  };
};

}  // namespace weir
