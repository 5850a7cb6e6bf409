#include "weir/cli/run.h"

#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "weir/cli/arguments.h"
#include "weir/cli/command.h"
#include "weir/cli/output_file.h"

namespace weir::cli {
namespace {

// Gives a closed standard descriptor a place to write to: the next file that is opened would take
// its number, and what is meant for standard output would end up there.
void open_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) == -1) ::open("/dev/null", O_RDWR);
  }
}

// A reader of our output that goes away is an error of write, not the end of the process.
class IgnoredPipe {
 public:
  IgnoredPipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~IgnoredPipe() { std::signal(SIGPIPE, before_); }
  IgnoredPipe(const IgnoredPipe&) = delete;
  IgnoredPipe& operator=(const IgnoredPipe&) = delete;

 private:
  void (*before_)(int);
};

// One line, whatever somebody wrote on the command line.
int complain(std::string text) {
  std::ranges::replace_if(
      text, [](char letter) { return static_cast<unsigned char>(letter) < ' '; }, ' ');
  std::fprintf(stderr, "weir: %s\n", text.c_str());
  return exit_code::bad_input;
}

Outcome obey(const Arguments& arguments, const balance::Catalog& catalog) {
  switch (arguments.command) {
    case Arguments::Command::run:
      return run_command(arguments, catalog);
    case Arguments::Command::compare:
      return compare_command(arguments, catalog);
    case Arguments::Command::sweep:
      return sweep_command(arguments, catalog);
    case Arguments::Command::merge:
      return merge_command(arguments, catalog);
    case Arguments::Command::plan:
      return plan_command(arguments, catalog);
    case Arguments::Command::replay:
      return replay_command(arguments, catalog);
    case Arguments::Command::check:
      return check_command(arguments, catalog);
    case Arguments::Command::validate:
      return validate_command(arguments, catalog);
    case Arguments::Command::bench:
      return bench_command(arguments, catalog);
    case Arguments::Command::list:
      break;
  }
  return list_command(arguments, catalog);
}

int run_unguarded(int argc, const char* const* argv, const balance::Catalog& catalog) {
  const auto arguments = parse_arguments(argc, argv);
  if (arguments) {
    const Outcome outcome = obey(*arguments, catalog);
    return outcome ? *outcome : complain(outcome.error());
  }
  const Reply& reply = arguments.error();
  if (reply.code != exit_code::pass) return complain(reply.text);
  const auto written = write_standard_output(reply.text);
  return written ? reply.code : complain(written.error());
}

int give_up(const char* why) {
  std::fprintf(stderr, "weir: the run was given up: %s\n", why);
  return exit_code::invalid;
}

}  // namespace

int run(int argc, const char* const* argv, const balance::Catalog& catalog) {
  open_standard_descriptors();
  const IgnoredPipe ignored;
  try {
    return run_unguarded(argc, argv, catalog);
  } catch (const std::bad_alloc&) {
    return give_up("there is not enough memory");
  } catch (const std::exception& error) {
    return give_up(error.what());
  } catch (...) {
    return give_up("a policy threw something that is no std::exception");
  }
}

}  // namespace weir::cli
