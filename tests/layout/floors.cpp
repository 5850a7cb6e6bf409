#include "tests/layout/floors.h"

#include <algorithm>
#include <optional>
#include <regex>

namespace weir::layout {

namespace {

struct Include {
  std::size_t line = 0;
  bool quoted = false;
  std::string path;
};

std::vector<Include> includes_of(const SourceFile& file) {
  static const std::regex directive{R"re(^\s*#\s*include\s*(["<])([^">]+)[">])re"};
  std::vector<Include> includes;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(file.lines[i], match, directive)) {
      includes.push_back({.line = i + 1, .quoted = match[1] == "\"", .path = match[2]});
    }
  }
  return includes;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "sync" for "sync/channel.h", "weir.h" for "weir.h".
std::string first_part(const std::string& path) {
  return path.substr(0, path.find('/'));
}

const std::string house_prefix = "weir/";

// The row of the table for a file: its floor's, or its own if it stands beside the floors.
std::optional<Floor> row_of(const SourceFile& file, const std::vector<Floor>& floors) {
  const std::string name = first_part(file.path.substr(std::string{"src/weir/"}.size()));
  const auto row = std::find_if(floors.begin(), floors.end(),
                                [&](const Floor& floor) { return floor.name == name; });
  if (row == floors.end()) return std::nullopt;
  return *row;
}

bool is_library_floor(const std::string& floor) {
  return contains({"base", "runtime", "balance", "sync", "pool", "rpc"}, floor);
}

bool is_system_header(const std::string& path) {
  static const std::vector<std::string> known = {
      "arpa",        "csignal",  "cxxabi.h", "dlfcn.h", "execinfo.h", "fcntl.h",   "immintrin.h",
      "linux",       "net",      "netinet",  "poll.h",  "pthread.h",  "sanitizer", "sched.h",
      "semaphore.h", "signal.h", "spawn.h",  "sys",     "termios.h",  "unistd.h"};
  return contains(known, first_part(path));
}

// Where the operating system may be named. The rest is the virtual path, which may one day run
// where there is none; what stands apart on its floors is listed.
bool may_know_system(const SourceFile& file) {
  static const std::vector<std::string> apart = {"src/weir/base/spin_lock.",
                                                 "src/weir/sync/signal_context."};
  return !contains({"base", "balance", "sync", "pool", "rpc", "sim"}, file.floor()) ||
         starts_with_any(file.path, apart);
}

bool may_know_library(const SourceFile& file, const std::string& path) {
  if (!is_library_floor(file.floor())) return !file.is_header();
  return file.path == "src/weir/base/random.cpp" && path.starts_with("Random123/");
}

// The standard library's headers have neither a folder nor, but for C's, an ending.
bool is_standard_header(const std::string& path) {
  return path.find('/') == std::string::npos && path.find('.') == std::string::npos;
}

}  // namespace

const std::vector<Floor>& house() {
  static const std::vector<Floor> floors = {
      {"cli", {"report", "sim", "rpc", "pool", "sync", "runtime", "balance", "base"}},
      {"report",
       {"sim/result.h", "sim/summary.h", "sim/comparison.h", "sim/scenario.h", "sim/metric.h",
        "sim/quantity.h", "sim/statistics.h", "sim/validation_row.h", "sim/hypothesis.h",
        "sim/plan.h", "sim/sweep_result.h", "sim/learned_log.h", "base"}},
      {"sim", {"rpc", "pool", "sync", "runtime", "balance", "base"}},
      {"rpc", {"pool", "sync", "runtime", "balance", "base"}},
      {"pool", {"sync", "runtime", "base"}},
      {"sync", {"runtime", "base"}},
      {"runtime", {"base"}},
      {"balance", {"base"}},
      {"base", {}},
      {"weir.h", {"sync", "runtime", "base"}},
      {"balance.h", {"balance", "base"}},
      {"pool.h", {"weir.h", "pool"}},
      {"rpc.h", {"weir.h", "balance.h", "pool.h", "rpc"}},
  };
  return floors;
}

Findings check_floors(const SourceFile& file, const std::vector<Floor>& floors) {
  if (!file.path.starts_with("src/weir/")) return {};
  const std::optional<Floor> own = row_of(file, floors);
  if (!own) return {{file.path, 0, "stands on no floor of the house"}};

  Findings findings;
  for (const Include& include : includes_of(file)) {
    if (!include.quoted) continue;
    if (!include.path.starts_with(house_prefix)) {
      findings.push_back({file.path, include.line, "write the whole path: \"weir/<floor>/…\""});
      continue;
    }
    const std::string target = include.path.substr(house_prefix.size());
    const std::string floor = first_part(target);
    const bool allowed = floor == own->name || contains(own->may_include, floor) ||
                         contains(own->may_include, target);
    if (allowed) continue;
    findings.push_back({file.path, include.line, own->name + " may not include " + include.path});
  }
  return findings;
}

Findings check_foreign_headers(const SourceFile& file) {
  if (!file.path.starts_with("src/weir/")) return {};
  Findings findings;
  for (const Include& include : includes_of(file)) {
    if (include.quoted) continue;
    const bool allowed = is_system_header(include.path) ? may_know_system(file)
                                                        : is_standard_header(include.path) ||
                                                              may_know_library(file, include.path);
    if (allowed) continue;
    findings.push_back({file.path, include.line, "may not include <" + include.path + ">"});
  }
  return findings;
}

}  // namespace weir::layout
