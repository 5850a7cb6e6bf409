// How fast this machine runs weir, for people, for programs and for a spreadsheet: the schema
// weir-bench/1, as docs/laboratory.md has it.
//
// Each figure is a median over rounds, with the least and the greatest of them: what is too wide is
// said to be doubtful. Nothing here is compared with another system.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::report {

struct BenchMachine {
  std::string version{};  // of weir
  int processors = 1;     // that the program may use
  std::string model{};    // of the processors; empty: not known
  std::string compiler{};
  std::string build{};      // "Release"
  bool optimised = true;    // by the compiler
  std::string sanitizer{};  // empty: none
  double load = 0;          // processes that ran or wanted to, in the minute before

  // Whether others took what was to be measured.
  bool is_busy() const { return load > 0.5 * processors; }
};

// One thing that was measured.
struct BenchRow {
  std::string group{};                     // "runtime", "virtual", "workers"
  std::string subject{};                   // "ping_pong"
  std::string what{};                      // one operation, in words
  int processors = 1;                      // 0: virtual time, on one thread
  std::string crew{};                      // of the group "workers": the kind of pool
  std::optional<std::uint32_t> workers{};  // of a pool that has a number of them
  std::uint64_t operations = 0;            // of one round
  std::vector<double> seconds{};           // of each round
};

struct BenchReport {
  BenchMachine machine{};
  int rounds = 0;
  double seconds = 0;  // asked for, of each row: all rounds together
  int jobs = 0;        // of a batch of the group "workers", whose time is shown
  bool complete = true;
  std::vector<BenchRow> rows{};  // those that no round was done of are left out of all reports
};

// Of the seconds for one operation.
struct BenchSpread {
  double median = 0;
  double least = 0;
  double most = 0;

  // Beyond this nobody should rely on the median.
  bool is_doubtful() const { return most - least > 0.25 * median; }
};

// Requires: a round was done.
BenchSpread spread_of(const BenchRow& row);

// A sentence for each kind of job: with how many workers it is done soonest.
std::vector<std::string> bench_findings(const BenchReport& report);

std::string bench_text(const BenchReport& report, bool colour);
std::string bench_json(const BenchReport& report);
std::string bench_csv(const BenchReport& report);

}  // namespace weir::report
