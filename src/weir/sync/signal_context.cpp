#include "weir/sync/signal_context.h"

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "weir/base/check.h"
#include "weir/runtime/signals_blocked.h"

namespace weir {
namespace {

std::atomic<bool> in_use = false;
std::atomic<int> arrived = 0;
sem_t posted;

extern "C" void on_signal(int number) {
  const int saved_errno = errno;
  if (arrived.exchange(number) == 0) {
    sem_post(&posted);
  } else {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  errno = saved_errno;
}

}  // namespace

class SignalContext::Listener {
 public:
  Listener(std::initializer_list<int> signals, Cancel cancel) : cancel_(std::move(cancel)) {
    WEIR_CHECK(!in_use.exchange(true), "two signal contexts live at the same time");
    arrived = 0;
    sem_init(&posted, 0, 0);
    {
      const SignalsBlocked for_the_thread;
      thread_ = std::thread([this] { listen(); });
    }
    for (int number : signals) {
      struct sigaction action{};
      action.sa_handler = on_signal;
      action.sa_flags = SA_RESTART;
      sigemptyset(&action.sa_mask);
      before_.emplace_back(number, action);
      sigaction(number, &action, &before_.back().second);
    }
  }

  ~Listener() {
    for (const auto& [number, action] : before_) sigaction(number, &action, nullptr);
    ending_ = true;
    sem_post(&posted);
    thread_.join();
    sem_destroy(&posted);
    in_use = false;
  }

 private:
  void listen() {
    while (!ending_) {
      if (sem_wait(&posted) != 0) continue;  // Interrupted.
      const int number = arrived;
      if (number != 0) cancel_(Cause(Reason::signal, strsignal(number)));
    }
  }

  Cancel cancel_;
  std::vector<std::pair<int, struct sigaction>> before_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

SignalContext::SignalContext(std::initializer_list<int> signals, const Context& parent)
    : Context(with_cancel(parent).context),
      listener_(std::make_unique<Listener>(signals, Cancel(*this))) {}

SignalContext::SignalContext(SignalContext&&) noexcept = default;

SignalContext::~SignalContext() = default;

int SignalContext::signal() const noexcept {
  return arrived;
}

SignalContext signal_context(std::initializer_list<int> signals, const Context& parent) {
  return SignalContext(signals, parent);
}

}  // namespace weir
