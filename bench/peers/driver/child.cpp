#include "bench/peers/driver/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

namespace weir::peers {
namespace {

constexpr int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};

// What the handler touches: a signal may come at any moment.
volatile std::sig_atomic_t signal_number = 0;
volatile std::sig_atomic_t child_number = 0;

void end_child(int number) {
  signal_number = number;
  if (child_number > 0) ::kill(child_number, SIGKILL);
}

// Keeps the signals away while the child is there and its number not yet known, or the other way
// round.
class SignalPause {
 public:
  SignalPause() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : ending_signals) sigaddset(&signals, number);
    ::sigprocmask(SIG_BLOCK, &signals, &before_);
  }
  ~SignalPause() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  SignalPause(const SignalPause&) = delete;
  SignalPause& operator=(const SignalPause&) = delete;

  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_ = {};
};

// The child, with its standard output into `output`; -1 if it cannot be started.
pid_t start(std::vector<std::string>& words, int output) {
  const SignalPause pause;
  if (signal_number != 0) return -1;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &pause.before());
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = -1;
  if (::posix_spawn(&child, argv[0], &actions, &attributes, argv.data(), environ) != 0) child = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  child_number = child;
  return child;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 256> buffer{};
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) return text;
  }
}

// Its end, without leaving a number behind that may soon be somebody else's.
int status_at_end(pid_t child) {
  siginfo_t info = {};
  while (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) < 0 &&
         errno == EINTR) {
  }
  const SignalPause pause;
  int status = 0;
  ::waitpid(child, &status, 0);
  child_number = 0;
  return status;
}

std::expected<Measurement, std::string> read_figure(const std::string& text) {
  Measurement measured;
  long long check = 0;
  if (std::sscanf(text.c_str(), "%*s %lf %lld", &measured.value, &check) != 2) {
    return std::unexpected("printed '" + text + "' instead of a figure");
  }
  measured.check = check;
  return measured;
}

}  // namespace

std::expected<Measurement, std::string> measure_child(std::vector<std::string> words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected("cannot have a pipe");
  const pid_t child = start(words, ends[1]);
  ::close(ends[1]);
  const std::string text = child > 0 ? read_all(ends[0]) : std::string();
  ::close(ends[0]);
  if (child <= 0) return std::unexpected("cannot be started");
  const int status = status_at_end(child);
  if (WIFSIGNALED(status)) {
    return std::unexpected(fmt::format("was ended by signal {} ({})", WTERMSIG(status),
                                       ::strsignal(WTERMSIG(status))));
  }
  if (WEXITSTATUS(status) != 0) {
    return std::unexpected(fmt::format("ended with code {}", WEXITSTATUS(status)));
  }
  return read_figure(text);
}

void end_child_on_signals() {
  struct sigaction action = {};
  action.sa_handler = end_child;
  for (const int number : ending_signals) ::sigaction(number, &action, nullptr);
}

int signal_that_came() {
  return signal_number;
}

}  // namespace weir::peers
