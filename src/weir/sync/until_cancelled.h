// UntilCancelled<Of>: what is awaited until it happens or a context ends, whichever comes first.
//
// It is a select_first of the context and one case, `Of`, so a context that is cancelled already
// wins over a case that is ready, and one that is cancelled later leaves the case as it was: no
// value is taken and none is lost. All operations that take a context are this one. What awaits for
// yes or no is an alias; what has more to give back inherits, keeps its own await_resume, and asks
// happened() there.
//
// Turned down: a function that returns select_first(done(context), case). The cases have to outlive
// the wait, so a caller would have to name them; here they live in the awaited object.

#pragma once

#include <coroutine>
#include <source_location>
#include <utility>

#include "weir/sync/context.h"
#include "weir/sync/select.h"

namespace weir {

template <class Of>
class UntilCancelled {
 public:
  // Makes the case of `arguments` and the place.
  template <class... Arguments>
  explicit UntilCancelled(const Context& context, std::source_location where,
                          Arguments&&... arguments)
      : cancelled_(context, where),
        case_(std::forward<Arguments>(arguments)..., where),
        select_({&cancelled_, &case_}, true) {}

  bool await_ready() noexcept { return select_.await_ready(); }
  bool await_suspend(std::coroutine_handle<> self) noexcept { return select_.await_suspend(self); }

  // True if the case has happened, false if the context ended the wait.
  bool await_resume() noexcept { return happened(); }

 protected:
  // The same, once after each wait.
  bool happened() noexcept { return select_.await_resume() == 1; }

  DoneCase cancelled_;
  Of case_;

 private:
  StaticSelect<2> select_;
};

}  // namespace weir
