#include "tests/cli/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <regex>
#include <utility>

namespace weir::cli {
namespace {

constexpr int silence_max_ms = 60'000;

struct Ends {
  int ours = -1;
  int theirs = -1;
};

Ends open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) ADD_FAILURE() << "no pipe";
  return {.ours = ends[0], .theirs = ends[1]};
}

Ends open_terminal() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (::grantpt(ours) != 0 || ::unlockpt(ours) != 0) ADD_FAILURE() << "no terminal";
  return {.ours = ours, .theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC)};
}

// Takes in what there is; false at the end of it.
bool append_some(int descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

// As the system's calls take them: with a null at the end.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Those of the test, without what changes colours.
std::vector<std::string> inherited_variables() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (!text.starts_with("NO_COLOR=") && !text.starts_with("TERM=")) variables.push_back(text);
  }
  return variables;
}

void close_end(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, ProgramOptions options) {
  Ends output = options.output == Output::terminal ? open_terminal() : open_pipe();
  Ends errors = options.errors == Errors::pipe ? open_pipe() : open_terminal();
  output_ = output.ours;
  errors_ = errors.ours;
  if (options.output == Output::nobody_reads) close_end(output_);

  std::vector<std::string> words = arguments;
  words.insert(words.begin(), "weir");
  std::vector<std::string> variables = inherited_variables();
  variables.insert(variables.end(), options.environment.begin(), options.environment.end());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, options.input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.theirs, 1);
  posix_spawn_file_actions_adddup2(&actions, errors.theirs, 2);
  if (options.output == Output::closed) posix_spawn_file_actions_addclose(&actions, 1);
  if (::posix_spawn(&pid_, WEIR_PROGRAM, &actions, nullptr, pointers(words).data(),
                    pointers(variables).data()) != 0) {
    ADD_FAILURE() << "cannot start " << WEIR_PROGRAM;
    pid_ = -1;
  }
  posix_spawn_file_actions_destroy(&actions);
  close_end(output.theirs);
  close_end(errors.theirs);
}

Program::~Program() {
  if (pid_ > 0) {
    send(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_end(output_);
  close_end(errors_);
}

bool Program::wait_for_error(const std::string& expression) {
  const std::regex wanted(expression);
  while (!std::regex_search(ended_.errors, wanted)) {
    if (!read_some()) return false;
  }
  return true;
}

void Program::send(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

bool Program::has_ended() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid != 0;
}

Ended Program::end() {
  while (read_some()) continue;
  int status = 0;
  if (pid_ > 0 && ::waitpid(std::exchange(pid_, -1), &status, 0) > 0) {
    if (WIFEXITED(status)) ended_.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
  }
  return ended_;
}

bool Program::read_some() {
  std::array<pollfd, 2> ends = {pollfd{.fd = output_, .events = POLLIN, .revents = 0},
                                pollfd{.fd = errors_, .events = POLLIN, .revents = 0}};
  if (output_ < 0 && errors_ < 0) return false;
  if (::poll(ends.data(), ends.size(), silence_max_ms) <= 0) {
    ADD_FAILURE() << "the program has been silent for a minute; standard error: " << ended_.errors;
    send(SIGKILL);
    return false;
  }
  if (ends[0].revents != 0 && !append_some(output_, ended_.output)) close_end(output_);
  if (ends[1].revents != 0 && !append_some(errors_, ended_.errors)) close_end(errors_);
  return true;
}

Ended run_program(const std::vector<std::string>& arguments, ProgramOptions options) {
  return Program(arguments, std::move(options)).end();
}

bool has_terminals() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0) return false;
  const bool usable = ::grantpt(ours) == 0 && ::unlockpt(ours) == 0;
  ::close(ours);
  return usable;
}

}  // namespace weir::cli
