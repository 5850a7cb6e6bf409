// The journal of a sweep: a line for every point that is complete, on the disk before the next one
// is told. Killing the program at any moment loses the points under way and nothing else.
//
// The first line says which sweep it is of; a journal of another one is refused. A last line
// without its newline was being written when the program died: it is cut off. The folder belongs to
// one process at a time, held by a lock on the file that ends with the process.

#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "weir/report/sweep_json.h"
#include "weir/sim/sweep_result.h"

namespace weir::cli {

class Journal {
 public:
  // In `folder`, which is made if it is not there. An old journal is gone on with if `resume`, else
  // it is an error; so is one of another sweep. What it holds is in stored().
  static std::expected<Journal, std::string> open(const std::string& folder,
                                                  const sim::SweepHeader& header, bool resume);

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  const report::StoredSweep& stored() const { return stored_; }
  const std::string& path() const { return path_; }

  // Adds a line and waits until it is on the disk.
  std::expected<void, std::string> append(std::string_view line);

 private:
  Journal(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::expected<void, std::string> begin(const sim::SweepHeader& header, bool resume);
  std::unexpected<std::string> failed(int error) const;

  std::string path_;
  int descriptor_ = -1;
  report::StoredSweep stored_;
};

// What a folder of --out, a journal or a result in JSON holds. The error names the file.
std::expected<report::StoredSweep, std::string> read_sweep_file(const std::string& path);

}  // namespace weir::cli
