// Where results go: the table to standard output, data to files or instead of the table.
//
// Files are tried before anything runs and written when everything has run; standard output comes
// first, so that what took an hour is seen even if a file has become unwritable.

#pragma once

#include <expected>
#include <optional>
#include <string>

#include "weir/cli/arguments.h"
#include "weir/cli/output_file.h"

namespace weir::cli {

// What a command found out.
struct Report {
  std::string text{};
  std::string json{};
  std::string csv{};
  bool valid = false;
  bool passes = false;
};

class Delivery {
 public:
  // Tries the files that the arguments name. The error is a sentence for the user.
  static std::expected<Delivery, std::string> open(const Arguments& arguments);

  std::expected<void, std::string> write(const Report& report) const;

 private:
  bool json_only_ = false;
  bool csv_only_ = false;
  std::optional<OutputFile> json_;
  std::optional<OutputFile> csv_;
};

// The exit code; `signal` is what came meanwhile, 0: none.
int code_of(int signal, const Report& report);

}  // namespace weir::cli
