#include "weir/runtime/lone_run.h"

#include "weir/base/spin_lock.h"

namespace weir {

constinit std::atomic<int> LoneRun::runs_ = 0;
constinit std::atomic<bool> LoneRun::lone_ = false;
constinit std::atomic<bool> LoneRun::asked_ = false;
constinit thread_local bool LoneRun::here_ = false;

void LoneRun::begin_run() noexcept {
  leave();  // A run within a task of another one.
  if (runs_.fetch_add(1, std::memory_order_seq_cst) == 0) {
    asked_.store(false, std::memory_order_relaxed);  // Who still waits asks again.
  } else {
    await_end();
  }
}

void LoneRun::end_run() noexcept {
  runs_.fetch_sub(1, std::memory_order_seq_cst);
}

void LoneRun::enter() noexcept {
  lone_.store(true, std::memory_order_seq_cst);
  here_ = runs_.load(std::memory_order_seq_cst) == 1 && !asked_.load(std::memory_order_seq_cst);
  if (!here_) lone_.store(false, std::memory_order_release);
}

void LoneRun::leave() noexcept {
  if (!here_) return;
  here_ = false;
  lone_.store(false, std::memory_order_release);
}

void LoneRun::await_end() noexcept {
  for (unsigned round = 0; elsewhere(); ++round) {
    asked_.store(true, std::memory_order_seq_cst);
    spin_backoff(round);
  }
}

}  // namespace weir
