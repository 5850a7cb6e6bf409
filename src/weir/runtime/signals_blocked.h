// SignalsBlocked: while it lives, no signal is delivered to the calling thread.
//
// Threads that run no code of the user's have it, or are made under it: a signal then finds one of
// the program's own threads, and a handler never runs where it does not expect to.

#pragma once

#include <csignal>

namespace weir {

class SignalsBlocked {
 public:
  SignalsBlocked() noexcept;
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace weir
