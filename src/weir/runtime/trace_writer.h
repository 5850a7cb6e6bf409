// The file of a trace: events in the JSON format that Chrome's tracing set ("Trace Event Format")
// and that Perfetto reads.
//
// Written by hand, since this floor needs no other library: the text is plain but for names, which
// are anybody's and are escaped.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "weir/base/time.h"
#include "weir/runtime/trace.h"

namespace weir {

class TraceWriter {
 public:
  TraceWriter(const std::string& file, TimePoint origin,
              std::map<std::uint64_t, std::string> names);

  void add_header(std::size_t lanes, std::uint64_t dropped);

  // Those of one lane in order of time.
  void add(std::size_t lane, const Slice& slice);

  // Closes the file. Returns what went wrong since it was opened; empty if nothing.
  std::string finish(std::uint64_t dropped);

 private:
  void put(std::string_view text);
  void add_metadata(std::string_view name, std::size_t lane, const std::string& args);
  std::string opening(std::string_view phase, std::size_t lane, TimePoint time,
                      std::string_view name) const;
  std::string name_of(const Slice& slice) const;

  const TimePoint origin_;
  const std::map<std::uint64_t, std::string> names_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::string error_;
  bool has_events_ = false;
};

// The text as a JSON string, in quotes. What is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace weir
