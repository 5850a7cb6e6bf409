// The files that a run itself writes while it lasts: the log of its requests, and its trace.
//
// Both are of one policy. Like all that is written, they are tried before anything runs.

#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "weir/cli/arguments.h"
#include "weir/sim/request_log.h"

namespace weir::cli {

class RunFiles {
 public:
  // Tries those that the arguments name. The error is a sentence for the user.
  static std::expected<RunFiles, std::string> open(const Arguments& arguments,
                                                   const sim::Horizon& horizon);

  // Null if no log was asked for.
  sim::RequestLogs* logs() const { return logs_.get(); }

  // When everything has run: the log becomes whole, of the first so many replications.
  std::expected<void, std::string> finish(std::uint32_t replications) const;

 private:
  std::unique_ptr<sim::RequestLogs> logs_;
};

}  // namespace weir::cli
