// The words of a command line as a plain struct, with every number read and every word checked that
// can be checked without opening a file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "weir/base/time.h"
#include "weir/sim/access_log.h"

namespace weir::cli {

// What weir sweep has to itself.
struct SweepArguments {
  std::vector<std::string> axes{};       // each "KEY=V1,V2,…"
  std::vector<std::string> baselines{};  // each "AXIS=VALUE"
  std::vector<std::string> metrics{};
  bool zip = false;
  bool resume = false;
  bool dry_run = false;
  std::size_t shard = 0;  // from 0
  std::size_t shards = 1;

  bool operator==(const SweepArguments&) const = default;
};

// What weir plan has to itself.
struct PlanArguments {
  std::string slo{};   // "p99<200ms"
  std::string load{};  // empty: the first
  std::string vary{};  // a key; empty: the workers of the first group
  bool rate = false;
  std::uint32_t down = 0;  // workers that are missing

  bool operator==(const PlanArguments&) const = default;
};

// What weir bench has to itself.
struct BenchArguments {
  std::vector<std::string> subjects{};                        // or groups of them; empty: all
  std::vector<int> processors{};                              // empty: 1, and all there are
  std::vector<std::uint32_t> workers = {1, 2, 4, 8, 16, 32};  // in ascending order
  double seconds = 0.5;                                       // of each line, all rounds together
  int rounds = 5;

  bool operator==(const BenchArguments&) const = default;
};

// What weir replay has to itself.
struct ReplayArguments {
  std::string log{};  // a file, "-" for standard input
  sim::LogOptions how{};
  std::string service{};             // a distribution; empty: the log's durations
  std::uint32_t workers = 0;         // 0: by the offered load
  double scale = 1;                  // so many times as fast
  std::optional<Duration> from{};    // after the first request
  std::optional<Duration> length{};  // with `from`, or from the first request on
  std::string write{};               // a scenario, empty for none

  bool operator==(const ReplayArguments&) const = default;
};

struct Arguments {
  enum class Command { run, compare, sweep, merge, plan, replay, check, validate, bench, list };

  Command command = Command::list;
  std::string scenario{};  // a file, or the name of a shipped one; replay: empty for none
  std::vector<std::string>
      policies{};  // run: one or none; replay: any; compare: two or more, the baseline first
  std::vector<std::string> overrides{};  // each "key.path=value"
  std::optional<std::uint64_t> seed{};
  std::optional<std::uint32_t> replications{};
  int jobs = 0;                      // 0: one for each processor
  bool real = false;                 // in real time, whatever the scenario says
  bool virtual_time = false;         // the other way round
  std::vector<std::string> modes{};  // compare: "virtual" and "real" in some order; or none
  bool quiet = false;
  bool monitor = false;
  std::string json{};      // a file, "-" for standard output, empty for none
  std::string csv{};       // the same
  std::string out{};       // sweep: a folder for the journal and the results, empty for none
  std::string trace{};     // a file, empty for none
  std::string log{};       // run: a file, empty for none
  double log_share = 1;    // of the requests
  std::string family{};    // validate: the only one; empty: all
  bool only_list = false;  // validate, bench: say what there is and run nothing

  SweepArguments sweep{};
  PlanArguments plan{};
  BenchArguments bench{};
  ReplayArguments replay{};
  std::vector<std::string> files{};  // merge: journals or their folders, at least one

  bool operator==(const Arguments&) const = default;
};

// What to say instead of doing something: an answer for standard output (help, version), or what
// is wrong, in one line for standard error.
struct Reply {
  int code = 0;
  std::string text{};
};

std::expected<Arguments, Reply> parse_arguments(int argc, const char* const* argv);

}  // namespace weir::cli
