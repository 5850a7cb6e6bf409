#include "weir/cli/log_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "weir/base/time.h"
#include "weir/cli/input_file.h"
#include "weir/cli/interrupt.h"
#include "weir/cli/progress_line.h"
#include "weir/runtime/clock.h"

namespace weir::cli {
namespace {

using Error = std::unexpected<std::string>;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr Duration redraw_period = std::chrono::milliseconds(100);

// Closes what it has opened.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : own_(path != "-"), number_(own_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : 0) {}
  ~Descriptor() {
    if (own_ && number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

  // 0 if nobody can tell.
  std::uint64_t bytes() const {
    struct stat status{};
    if (::fstat(number_, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  const bool own_;
  const int number_;
};

// Waits until there is something to read; false if a signal came before. A read by itself would be
// begun again after the signal, and a pipe may have nothing for hours.
bool wait_for_input(int descriptor) {
  constexpr int look_every_ms = 100;
  pollfd input{.fd = descriptor, .events = POLLIN, .revents = 0};
  while (Interrupt::signal() == 0) {
    if (::poll(&input, 1, look_every_ms) > 0) return true;
  }
  return false;
}

// "line 4711, 34 % of it"
std::string how_far(std::uint64_t lines, std::uint64_t bytes, std::uint64_t all) {
  std::string text = "line " + std::to_string(lines);
  if (all > 0) text += ", " + std::to_string(std::min(all, bytes) * 100 / all) + " % of it";
  return text;
}

// On a terminal alone: a log that is read in a blink leaves no trace elsewhere.
class ReadingLine {
 public:
  ReadingLine(std::string name, std::uint64_t all, bool quiet)
      : name_(std::move(name)),
        all_(all),
        shown_(!quiet && ::isatty(STDERR_FILENO) == 1),
        next_(shown_ ? steady_now() + redraw_period : TimePoint()) {}
  ~ReadingLine() {
    if (drawn_) std::fputs(clear_line, stderr);
  }
  ReadingLine(const ReadingLine&) = delete;
  ReadingLine& operator=(const ReadingLine&) = delete;

  void update(std::uint64_t bytes, std::uint64_t lines) {
    if (!shown_ || steady_now() < next_) return;
    next_ = steady_now() + redraw_period;
    drawn_ = true;
    std::string text = clear_line + ("reading " + name_ + ": " + std::to_string(lines) + " lines");
    if (all_ > 0) text += ", " + std::to_string(std::min(all_, bytes) * 100 / all_) + " %";
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }

 private:
  const std::string name_;
  const std::uint64_t all_;
  const bool shown_;
  TimePoint next_;
  bool drawn_ = false;
};

}  // namespace

std::string log_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

std::expected<sim::ReadLog, std::string> read_log(const std::string& path,
                                                  const sim::LogOptions& options, bool quiet) {
  const Descriptor input(path);
  const auto system_error = [&] {
    const std::string why = errno == ENOENT ? std::string(missing_file) : std::strerror(errno);
    return Error("cannot read '" + log_name(path) + "': " + why);
  };
  if (input.number() < 0) return system_error();
  sim::LogReader reader(options);
  ReadingLine shown(log_name(path), input.bytes(), quiet);
  std::vector<char> piece(piece_bytes);
  std::uint64_t bytes = 0;
  for (;;) {
    if (!wait_for_input(input.number())) {
      return Error("interrupted while reading " + log_name(path) + ", after " +
                   how_far(reader.lines(), bytes, input.bytes()));
    }
    const ssize_t count = ::read(input.number(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error();
    if (count == 0) break;
    bytes += static_cast<std::uint64_t>(count);
    const auto fed = reader.feed({piece.data(), static_cast<std::size_t>(count)});
    if (!fed) return Error(log_name(path) + ": " + fed.error());
    shown.update(bytes, reader.lines());
  }
  auto log = reader.finish();
  if (!log) return Error(log_name(path) + ": " + log.error());
  return log;
}

}  // namespace weir::cli
