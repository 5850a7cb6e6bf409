// The built program as a child process: what it says, and how it ends.
//
// Standard output and error are pipes, or terminals of their own if the test asks for them, so that
// colours and the progress line can be seen. A child that is silent for a minute is killed and the
// test fails.

#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace weir::cli {

struct Ended {
  int code = -1;  // of exit; -1 if a signal ended it
  int signal = 0;
  std::string output{};
  std::string errors{};
};

enum class Errors { pipe, terminal };
enum class Output { pipe, terminal, closed, nobody_reads };

struct ProgramOptions {
  Errors errors = Errors::pipe;
  Output output = Output::pipe;
  std::string folder = ".";
  std::string input = "/dev/null";         // a file, or a pipe with a name
  std::vector<std::string> environment{};  // instead of NO_COLOR and TERM
};

class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments, ProgramOptions options = {});
  ~Program();  // kills it if it has not ended
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Reads on until standard error holds a match; false if it ends before.
  bool wait_for_error(const std::string& expression);

  void send(int signal) const;

  // Whether it has ended by itself; end() still tells how.
  bool has_ended() const;

  // Reads everything until it ends.
  Ended end();

 private:
  // Takes in what there is from either end; false when both are closed.
  bool read_some();

  pid_t pid_ = -1;
  int output_ = -1;
  int errors_ = -1;
  Ended ended_;
};

// Runs it to the end.
Ended run_program(const std::vector<std::string>& arguments, ProgramOptions options = {});

// False in a root without devpts, such as a bare chroot: no program can be given a terminal there.
bool has_terminals();

}  // namespace weir::cli
