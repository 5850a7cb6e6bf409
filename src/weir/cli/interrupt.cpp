#include "weir/cli/interrupt.h"

#include <atomic>
#include <cstddef>

namespace weir::cli {
namespace {

constexpr int noted[] = {SIGINT, SIGTERM};

std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a handler may touch nothing else");

void note(int number) {
  received.store(number, std::memory_order_relaxed);
}

}  // namespace

Interrupt::Interrupt() {
  received.store(0, std::memory_order_relaxed);
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < std::size(noted); ++i) ::sigaction(noted[i], &action, &before_[i]);
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < std::size(noted); ++i) ::sigaction(noted[i], &before_[i], nullptr);
}

int Interrupt::signal() noexcept {
  return received.load(std::memory_order_relaxed);
}

}  // namespace weir::cli
