// signal_context: a context that is cancelled when the process is told to stop.
//
//   auto stop = signal_context({SIGINT, SIGTERM});
//   co_await serve(stop);                    any Context parameter takes it
//
// The first of the signals cancels the context; a second one has its default effect and ends the
// process. While the object lives, its run counts as one that something outside may wake. One at a
// time; when it goes, the signals are handled as before.
//
// A handler may do next to nothing, so it only posts a semaphore; a thread of its own waits for
// that and cancels.

#pragma once

#include <initializer_list>
#include <memory>

#include "weir/runtime/external_hold.h"
#include "weir/sync/context.h"

namespace weir {

class SignalContext : public Context {
 public:
  SignalContext(std::initializer_list<int> signals, const Context& parent);
  SignalContext(SignalContext&&) noexcept;
  ~SignalContext();

  // The number of the signal that has arrived, 0 while none has.
  int signal() const noexcept;

 private:
  class Listener;

  ExternalHold hold_;
  std::unique_ptr<Listener> listener_;
};

// Requires: called in a task of a real runtime, and no other SignalContext lives.
SignalContext signal_context(std::initializer_list<int> signals,
                             const Context& parent = background());

}  // namespace weir
