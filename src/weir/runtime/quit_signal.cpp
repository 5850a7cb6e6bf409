#include "weir/runtime/quit_signal.h"

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

#include "weir/runtime/process_number.h"
#include "weir/runtime/signals_blocked.h"

namespace weir {
namespace {

sem_t asked;
std::atomic<bool> answering = false;

extern "C" void on_quit(int number) {
  const int saved_errno = errno;
  if (!answering.exchange(true)) {
    sem_post(&asked);
  } else {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  errno = saved_errno;
}

// One for the process, never destroyed: its thread waits until the process ends. The child of a
// fork makes its own, since it has neither its parent's thread nor, perhaps, its parent's lock.
class Listener {
 public:
  static Listener& of_process() {
    static std::atomic<Listener*> present = nullptr;
    Listener* listener = present.load();
    while (listener == nullptr || listener->process_ != process_number()) {
      auto fresh = std::make_unique<Listener>();
      if (present.compare_exchange_strong(listener, fresh.get())) listener = fresh.release();
    }
    return *listener;
  }

  void add(QuitSignal::Subject* subject) {
    const std::lock_guard guard(lock_);
    if (!std::exchange(listens_, true)) start();
    subjects_.push_back(subject);
    if (subjects_.size() == 1) take_over();
  }

  void remove(QuitSignal::Subject* subject) {
    const std::lock_guard guard(lock_);
    if (std::erase(subjects_, subject) > 0 && subjects_.empty()) give_back();
  }

 private:
  void start() {
    sem_init(&asked, 0, 0);
    answering = false;
    const SignalsBlocked for_the_thread;
    std::thread([this] { listen(); }).detach();
  }

  [[noreturn]] void listen() {
    for (;;) {
      if (sem_wait(&asked) != 0) continue;  // Interrupted.
      show_all();
      answering = false;
    }
  }

  void show_all() {
    const std::lock_guard guard(lock_);
    std::ostringstream text;
    for (QuitSignal::Subject* subject : subjects_) {
      text << "weir: ";
      subject->show(text);
    }
    std::fputs(text.str().c_str(), stderr);
  }

  void take_over() {
    struct sigaction present{};
    sigaction(SIGQUIT, nullptr, &present);
    if ((present.sa_flags & SA_SIGINFO) != 0 || present.sa_handler != SIG_DFL) return;
    struct sigaction action{};
    action.sa_handler = on_quit;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGQUIT, &action, nullptr);
  }

  // Not if somebody has put a handler of their own in its place meanwhile.
  void give_back() {
    struct sigaction present{};
    sigaction(SIGQUIT, nullptr, &present);
    if ((present.sa_flags & SA_SIGINFO) == 0 && present.sa_handler == on_quit) {
      std::signal(SIGQUIT, SIG_DFL);
    }
  }

  const unsigned process_ = process_number();
  std::mutex lock_;
  bool listens_ = false;                        // guarded by lock_
  std::vector<QuitSignal::Subject*> subjects_;  // guarded by lock_
};

}  // namespace

QuitSignal::QuitSignal(Subject* subject) : subject_(subject) {
  if (subject_ != nullptr) Listener::of_process().add(subject_);
}

QuitSignal::~QuitSignal() {
  if (subject_ != nullptr) Listener::of_process().remove(subject_);
}

}  // namespace weir
