// SIGQUIT shows what every task is doing, and the program goes on.

#include "weir/runtime/quit_signal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "tests/runtime/gate.h"
#include "weir/runtime/run.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

// Standard error, to be read while it is written.
class CaughtError {
 public:
  CaughtError() : before_(::dup(STDERR_FILENO)) {
    EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    ::dup2(ends_[1], STDERR_FILENO);
  }
  ~CaughtError() {
    ::dup2(before_, STDERR_FILENO);
    for (const int end : {before_, ends_[0], ends_[1]}) ::close(end);
  }

  // What has been written since the last call; does not wait.
  std::string read() const {
    pollfd readable{.fd = ends_[0], .events = POLLIN, .revents = 0};
    std::string text;
    while (::poll(&readable, 1, 0) == 1) {
      std::array<char, 4096> bytes;
      const auto count = ::read(ends_[0], bytes.data(), bytes.size());
      text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  const int before_;
  std::array<int, 2> ends_{};
};

Task<std::string> raise_and_read(const CaughtError& error, std::string wanted) {
  Gate gate;
  const TaskHandle waiting = go([](Gate& to) -> Task<> { co_await to.wait(); }, std::ref(gate));
  co_await sleep(1ms);
  std::raise(SIGQUIT);
  std::string text = error.read();
  while (text.find(wanted) == std::string::npos) {
    co_await sleep(1ms);
    text += error.read();
  }
  gate.open();
  co_await waiting.join();
  co_return text;
}

TEST(QuitSignal, ShowsEveryTaskAndTheRunGoesOn) {
  const CaughtError error;
  for (const int processors : {1, 2}) {
    const std::string text =
        run(raise_and_read(error, " parked\n  task"), {.processors = processors});
    EXPECT_NE(text.find("weir: 2 tasks: "), std::string::npos) << text;
  }
}

// Whose parent's thread, which answers there, is not in it.
TEST(QuitSignal, IsAnsweredInTheChildOfAForkToo) {
  run([]() -> Task<> { co_return; }());
  const pid_t child = fork();
  if (child == 0) {
    alarm(120);  // Not for ever, should nobody answer.
    const CaughtError error;
    const std::string text = run(raise_and_read(error, " parked\n  task"), {.processors = 2});
    _exit(text.find("weir: 2 tasks: ") == std::string::npos ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
}

TEST(QuitSignal, IsTakenOverForTheRunOnly) {
  struct sigaction during{};
  run([](struct sigaction& seen) -> Task<> {
    sigaction(SIGQUIT, nullptr, &seen);
    co_return;
  }(during));
  struct sigaction after{};
  sigaction(SIGQUIT, nullptr, &after);
  EXPECT_NE(during.sa_handler, SIG_DFL);
  EXPECT_EQ(after.sa_handler, SIG_DFL);
}

TEST(QuitSignal, IsLeftAloneIfNotWanted) {
  struct sigaction during{};
  run(
      [](struct sigaction& seen) -> Task<> {
        sigaction(SIGQUIT, nullptr, &seen);
        co_return;
      }(during),
      {.dump_on_sigquit = false});
  EXPECT_EQ(during.sa_handler, SIG_DFL);
}

volatile std::sig_atomic_t own_calls = 0;

TEST(QuitSignal, DoesNotReplaceAHandlerOfTheProgram) {
  const auto before = std::signal(SIGQUIT, [](int) { own_calls = own_calls + 1; });
  run([]() -> Task<> {
    std::raise(SIGQUIT);
    co_return;
  }());
  std::raise(SIGQUIT);
  EXPECT_EQ(own_calls, 2);
  std::signal(SIGQUIT, before);
}

}  // namespace
}  // namespace weir
