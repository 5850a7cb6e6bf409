#include "weir/cli/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace weir::cli {
namespace {

namespace files = std::filesystem;

constexpr const char* file_name = "journal.jsonl";

std::expected<std::string, std::string> read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return std::unexpected("cannot read '" + path + "'");
  return text;
}

// A file's entry in its folder is data like any other.
void sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
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

}  // namespace

Journal::Journal(Journal&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      stored_(std::move(other.stored_)) {}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::unexpected<std::string> Journal::failed(int error) const {
  return std::unexpected("cannot write '" + path_ + "': " + std::strerror(error));
}

std::expected<Journal, std::string> Journal::open(const std::string& folder,
                                                  const sim::SweepHeader& header, bool resume) {
  std::error_code error;
  files::create_directories(folder, error);
  if (error) return std::unexpected("cannot make the folder '" + folder + "': " + error.message());
  const std::string path = (files::path(folder) / file_name).string();
  Journal journal(path, ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (journal.descriptor_ < 0) return journal.failed(errno);
  if (::flock(journal.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return std::unexpected("another weir is at work in '" + folder + "'");
  }
  if (const auto begun = journal.begin(header, resume); !begun) {
    return std::unexpected(begun.error());
  }
  sync_folder(folder);
  return journal;
}

std::expected<void, std::string> Journal::begin(const sim::SweepHeader& header, bool resume) {
  const auto text = read_whole(path_);
  if (!text) return std::unexpected(text.error());
  auto stored = report::read_stored_sweep(*text);
  if (!stored && stored.error() != report::empty_journal) {
    return std::unexpected("'" + path_ + "': " + stored.error() + "; take another folder");
  }
  if (!stored) {
    if (::ftruncate(descriptor_, 0) != 0) return failed(errno);
    return append(report::journal_header_json(header));
  }
  if (!resume) {
    return std::unexpected("'" + path_ +
                           "' is there already: go on with it by --resume, or take "
                           "another folder");
  }
  if (stored->header.identity != header.identity) {
    return std::unexpected("'" + path_ +
                           "' is of another sweep: its scenario, files, keys, axes, seed or "
                           "metrics were others");
  }
  if (stored->header.shard != header.shard) {
    return std::unexpected("'" + path_ + "' is of another shard");
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(stored->bytes)) != 0) return failed(errno);
  stored_ = *std::move(stored);
  return {};
}

std::expected<void, std::string> Journal::append(std::string_view line) {
  int error = write_all(descriptor_, std::string(line) + '\n');
  if (error == 0 && ::fdatasync(descriptor_) != 0) error = errno;
  if (error != 0 && error != EINVAL) return failed(error);
  return {};
}

std::expected<report::StoredSweep, std::string> read_sweep_file(const std::string& path) {
  std::error_code ignored;
  const bool folder = files::is_directory(path, ignored);
  const std::string file = folder ? (files::path(path) / file_name).string() : path;
  if (!files::exists(file, ignored)) {
    return std::unexpected("there is no " +
                           (folder ? "journal in '" + path + "'" : "file '" + path + "'"));
  }
  const auto text = read_whole(file);
  if (!text) return std::unexpected(text.error());
  auto stored = report::read_stored_sweep(*text);
  if (!stored) return std::unexpected("'" + file + "' " + stored.error());
  return stored;
}

}  // namespace weir::cli
