// with_value: a value that goes down the tree of contexts, found again by its key.
//
//   inline const ContextKey<std::string> user;          at namespace scope: a key is known by place
//   auto context = with_value(parent, user, "ada");
//   if (const std::string* name = context.value(user)) …
//
// For what belongs to a request and crosses interfaces that do not know of it: an identity, a
// trace. What a function needs to do its work is a parameter. Keys are objects and not names, so
// that two libraries never meet by accident, and the type comes with the key.

#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "weir/sync/context.h"
#include "weir/sync/context_core.h"

namespace weir {

// Outlives the contexts that were made with it. In a header it is `inline const`, else each source
// file has a key of its own.
template <class T>
class ContextKey {
 public:
  ContextKey() = default;
  ContextKey(const ContextKey&) = delete;
  ContextKey& operator=(const ContextKey&) = delete;

 private:
  mutable char place_ = 0;  // Writable, so that no linker makes one of two keys.
};

// The node of the tree that holds one value.
template <class T>
class ValueCore final : public ContextCore {
 public:
  // Counts one reference for the caller.
  static ContextCore* make(ContextCore* parent, const ContextKey<T>& key, T&& value) {
    auto* core = new ValueCore(parent, key, std::move(value));
    core->attach();
    return core;
  }

 private:
  ValueCore(ContextCore* parent, const ContextKey<T>& key, T&& value)
      : ContextCore(parent), key_(&key), value_(std::move(value)) {}

  const void* own_value(const void* key) const noexcept override {
    return key == key_ ? &value_ : nullptr;
  }

  const void* const key_;
  const T value_;
};

// A child of `parent` that has `value` for `key`, hiding what those above have for it. The value is
// not changed any more, so all tasks below may read it.
template <class T>
  requires std::is_nothrow_move_constructible_v<T> && (alignof(T) <= alignof(std::max_align_t))
Context with_value(const Context& parent, const ContextKey<T>& key, std::type_identity_t<T> value) {
  return Context(ValueCore<T>::make(parent.core(), key, std::move(value)));
}

}  // namespace weir
