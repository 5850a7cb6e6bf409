#include "weir/cli/input_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace weir::cli {
namespace {

std::unexpected<std::string> last_error() {
  return std::unexpected(std::string(errno == ENOENT ? missing_file : std::strerror(errno)));
}

}  // namespace

std::expected<std::string, std::string> read_input_file(const std::string& path) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return last_error();
  std::string text(input_size_max, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return last_error();
  return text;
}

}  // namespace weir::cli
