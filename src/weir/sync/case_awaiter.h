// CaseAwaiter<Of>: what is awaited alone is a select of one case.
//
// It costs some instructions more than an awaiter of its own (Mutex has one), and is one place less
// where a wait can be got wrong.

#pragma once

#include <coroutine>
#include <source_location>
#include <utility>

#include "weir/sync/select.h"

namespace weir {

template <class Of>
class CaseAwaiter {
 public:
  // Makes the case of `arguments` and the place.
  template <class... Arguments>
  explicit CaseAwaiter(std::source_location where, Arguments&&... arguments)
      : case_(std::forward<Arguments>(arguments)..., where), select_({&case_}, true) {}

  bool await_ready() noexcept { return select_.await_ready(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept { return select_.await_suspend(self); }
  void await_resume() noexcept { select_.await_resume(); }

 private:
  Of case_;
  StaticSelect<1> select_;
};

}  // namespace weir
