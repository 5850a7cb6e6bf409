#include "weir/runtime/monitor.h"

#include <algorithm>

#include "weir/runtime/signals_blocked.h"

namespace weir {
namespace {

constexpr Duration quick_interval = std::chrono::microseconds(20);
constexpr unsigned quick_rounds = 32;  // at this interval after a hurry; then it doubles
constexpr unsigned calm_rounds = 40;   // after so many the interval is what the subject asks for

// How long to rest after so many rounds since the last hurry.
Duration interval_after(unsigned rounds) {
  return quick_interval * (1 << (rounds < quick_rounds ? 0 : rounds - quick_rounds));
}

}  // namespace

void Monitor::run_on_thread() noexcept {
  const SignalsBlocked signals_blocked;
  for (unsigned rounds = calm_rounds; !ending_.load(std::memory_order_acquire);) {
    const bool calm = rounds >= calm_rounds;
    pace_.store(calm ? slow : quick, std::memory_order_seq_cst);
    Duration next = subject_.look();
    if (next == Duration::max()) {
      pace_.store(asleep, std::memory_order_seq_cst);
      next = subject_.look();
    }
    if (!calm) next = std::min(next, interval_after(rounds++));
    parker_.park(next);
    if (calm && pace_.load(std::memory_order_seq_cst) == quick) rounds = 0;
  }
}

void Monitor::begin() noexcept {
  pace_.store(slow, std::memory_order_relaxed);
  ending_.store(false, std::memory_order_relaxed);
}

void Monitor::end() noexcept {
  ending_.store(true, std::memory_order_release);
  parker_.unpark();
}

void Monitor::rouse(Pace pace) noexcept {
  int before = pace_.load(std::memory_order_seq_cst);
  while (before > pace) {
    if (pace_.compare_exchange_weak(before, pace, std::memory_order_seq_cst)) {
      parker_.unpark();
      return;
    }
  }
}

}  // namespace weir
