// Notes a signal while something is measured that no task may disturb: a handler and a number,
// where signal_context would want a runtime with tasks of its own beside it.

#pragma once

#include <csignal>

namespace weir::cli {

// While it lives, the first SIGINT or SIGTERM is noted; the same one again ends the process. One at
// a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // The signal that came, or 0. Any thread; cheap.
  static int signal() noexcept;

 private:
  struct sigaction before_[2];
};

}  // namespace weir::cli
