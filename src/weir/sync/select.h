// select: waits until one of several cases can happen, and makes exactly that one happen.
//
//   auto request = receive_from(requests);
//   auto tick = after(50ms);
//   int chosen = co_await select(request, tick);   // the index; also request.chosen()
//
// Among the cases that are ready the choice is uniform; select_first takes the first in order
// instead. Cases that are not chosen are left as they were: no value is taken, none is lost, a
// value that was to be sent stays in its case. Cases are checked and enrolled one after another,
// not as one snapshot: try_select may miss a case that became ready after it was looked at. A
// select of no cases, or of none that is enabled, waits for ever. There is room for 65,535 cases.
//
// Cost: a look at each case; then one lock if a channel's case is ready, two a case if it has to
// park.

#pragma once

#include <array>
#include <concepts>
#include <coroutine>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "weir/base/check.h"
#include "weir/runtime/scheduler.h"
#include "weir/sync/case.h"

namespace weir {

// The algorithm, for any number of cases.
class SelectOperation : public Wait {
 public:
  bool await_ready() noexcept;
  bool await_suspend(std::coroutine_handle<> self) noexcept;
  int await_resume() noexcept;

  // Returns the case that is ready now, -1 if none is.
  int poll() noexcept { return poll(false); }

  void abandon() noexcept override;
  const char* verb() const noexcept override;
  const void* object() const noexcept override;
  void describe(std::vector<WaitedFor>& things) const override;

 protected:
  SelectOperation(std::source_location where, bool in_order) : Wait(where), in_order_(in_order) {}

  // `order` is scratch space, one index a case; it and the list outlive the operation.
  void bind(std::span<Case* const> cases, std::span<std::uint32_t> order) {
    WEIR_CHECK(cases.size() <= WaitNode::index_max + 1,
               "a select was given more than 65,535 cases");
    cases_ = cases;
    order_ = order;
  }
  ~SelectOperation() = default;

  static std::source_location place_of(std::span<Case* const> cases) {
    return cases.empty() ? std::source_location() : cases.front()->where();
  }

 private:
  std::span<std::uint32_t> prepare() noexcept;
  std::span<std::uint32_t> prepare_small() noexcept;
  int poll(bool looks_first) noexcept;
  void finish() noexcept;
  void withdraw_all() noexcept;

  std::span<Case* const> cases_;
  std::span<std::uint32_t> order_;
  const bool in_order_;
  std::uint32_t enabled_ = 0;   // how many of order_ are in use
  std::uint32_t enrolled_ = 0;  // how many of those have been enrolled
  int picked_ = SelectState::none;
  SelectState state_;
};

// A select over N named cases.
template <std::size_t N>
class StaticSelect final : public SelectOperation {
 public:
  StaticSelect(std::array<Case*, N> cases, bool in_order)
      : SelectOperation(place_of(cases), in_order), cases_(cases) {
    bind(cases_, order_);
  }

 private:
  std::array<Case*, N> cases_;
  std::array<std::uint32_t, N> order_;
};

// A select over a list that the caller keeps.
class DynamicSelect final : public SelectOperation {
 public:
  DynamicSelect(std::span<Case* const> cases, bool in_order)
      : SelectOperation(place_of(cases), in_order), order_(cases.size()) {
    bind(cases, order_);
  }

 private:
  std::vector<std::uint32_t> order_;
};

template <class T>
concept IsCase = std::derived_from<std::remove_reference_t<T>, Case>;

template <IsCase... Cases>
auto select(Cases&&... cases) {
  return StaticSelect<sizeof...(Cases)>(std::array<Case*, sizeof...(Cases)>{&cases...}, false);
}

template <IsCase... Cases>
auto select_first(Cases&&... cases) {
  return StaticSelect<sizeof...(Cases)>(std::array<Case*, sizeof...(Cases)>{&cases...}, true);
}

// Over a list that is made at run time and outlives the select. Cost: one allocation.
inline DynamicSelect select(std::span<Case* const> cases) {
  return DynamicSelect(cases, false);
}
inline DynamicSelect select_first(std::span<Case* const> cases) {
  return DynamicSelect(cases, true);
}

// Go's select with a default: the index of a case that was ready, else -1. Any thread may call it.
template <IsCase... Cases>
int try_select(Cases&&... cases) {
  return StaticSelect<sizeof...(Cases)>(std::array<Case*, sizeof...(Cases)>{&cases...}, false)
      .poll();
}
inline int try_select(std::span<Case* const> cases) {
  return DynamicSelect(cases, false).poll();
}

}  // namespace weir
