// A file that a result is written to: it is whole or it is as it was before.
//
// Whether it can be written is asked before an experiment starts, since nobody wants to hear of a
// misspelt folder after an hour. What is no plain file, such as /dev/null or a pipe, is written in
// place; everything else is written beside and then renamed.

#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace weir::cli {

class OutputFile {
 public:
  // Tries to write beside `path`. The error is a sentence for the user.
  static std::expected<OutputFile, std::string> open(const std::string& path);

  // Replaces what the file holds.
  std::expected<void, std::string> write(std::string_view text) const;

 private:
  OutputFile(std::string path, bool in_place) : path_(std::move(path)), in_place_(in_place) {}

  std::string beside() const;

  std::string path_;
  bool in_place_;
};

// Writes to standard output. A reader that has gone away (EPIPE) is no error: it has seen enough.
std::expected<void, std::string> write_standard_output(std::string_view text);

}  // namespace weir::cli
