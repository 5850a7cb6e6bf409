// What weir bench can measure, by name, and how so many operations of it are done.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/cli/arguments.h"
#include "weir/report/bench_report.h"

namespace weir::cli {

struct BenchSubject {
  std::string_view group;
  std::string_view name;
  std::string_view what;  // one operation
};

std::span<const BenchSubject> bench_subjects();

struct BenchRun {
  std::uint64_t operations = 0;
  double seconds = 0;
  bool right = true;     // the operations gave what they should
  bool complete = true;  // false if a signal came before all was done
};

// A line of the report that is to be. Operations are done in heaps: at least `least` and at most
// `most` of them, in multiples of `least`.
struct Measurement {
  report::BenchRow row{};
  std::uint64_t least = 1;
  std::uint64_t most = 1;
  // Does `heap` operations so many times, after some that do not count.
  std::function<BenchRun(std::uint64_t heap, std::uint64_t times)> run{};
};

// Of the subjects asked for, or of all: one for each number of processors, or kind of pool and
// number of workers. `round_s` is what one round of each may take.
std::vector<Measurement> measurements_of(const BenchArguments& arguments, double round_s);

// The jobs of a batch, for the head of their table.
inline constexpr int bench_jobs = 128;

}  // namespace weir::cli
