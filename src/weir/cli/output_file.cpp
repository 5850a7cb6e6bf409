#include "weir/cli/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace weir::cli {
namespace {

std::unexpected<std::string> cannot_write(const std::string& path, int error) {
  return std::unexpected("cannot write '" + path + "': " + std::strerror(error));
}

// 0, or the error number.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// Opens, writes and closes. 0, or the error number.
int write_file(const std::string& path, int flags, std::string_view text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666);
  if (descriptor < 0) return errno;
  const int error = write_all(descriptor, text);
  return ::close(descriptor) != 0 && error == 0 ? errno : error;
}

constexpr int create_new = O_CREAT | O_EXCL;

}  // namespace

std::expected<OutputFile, std::string> OutputFile::open(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) return cannot_write(path, EISDIR);
  const bool exists = std::filesystem::exists(status);
  if (exists && ::access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  if (exists && !std::filesystem::is_regular_file(status)) return OutputFile(path, true);
  // A link stays a link: what it leads to is replaced.
  OutputFile file(exists ? std::filesystem::canonical(path, error).string() : path, false);
  if (const int failed = write_file(file.beside(), create_new, ""); failed != 0) {
    return cannot_write(path, failed);
  }
  ::unlink(file.beside().c_str());
  return file;
}

std::string OutputFile::beside() const {
  return path_ + ".part-" + std::to_string(::getpid());
}

std::expected<void, std::string> OutputFile::write(std::string_view text) const {
  if (in_place_) {
    const int error = write_file(path_, O_TRUNC, text);
    if (error != 0 && error != EPIPE) return cannot_write(path_, error);
    return {};
  }
  int error = write_file(beside(), create_new, text);
  if (error == 0 && std::rename(beside().c_str(), path_.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(beside().c_str());
  return cannot_write(path_, error);
}

std::expected<void, std::string> write_standard_output(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE) return cannot_write("standard output", error);
  return {};
}

}  // namespace weir::cli
