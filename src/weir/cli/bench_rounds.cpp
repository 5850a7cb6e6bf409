#include "weir/cli/bench_rounds.h"

#include <algorithm>
#include <cmath>

namespace weir::cli {
namespace {

constexpr double heap_s = 0.01;

std::uint64_t multiple_of(std::uint64_t least, double count) {
  return least * std::max<std::uint64_t>(1, static_cast<std::uint64_t>(count) / least);
}

std::string place_of(const report::BenchRow& row) {
  if (row.processors == 0) return row.subject + " in virtual time";
  return row.subject + (row.crew.empty() ? "" : " with " + row.crew) + " on " +
         std::to_string(row.processors);
}

}  // namespace

// Heaps grow until one takes long enough to tell how long another takes.
std::optional<BenchSize> size_of(const Measurement& line, double round_s) {
  const double wanted = std::min(heap_s, round_s);
  std::uint64_t heap = line.least;
  BenchRun run = line.run(heap, 1);
  while (run.complete && run.seconds < wanted / 4 && heap < line.most) {
    heap = std::min(line.most, heap * 4);
    run = line.run(heap, 1);
  }
  if (!run.complete) return std::nullopt;
  const double seconds = std::max(run.seconds, 1e-9);
  if (line.most > line.least) {
    const double fitting = static_cast<double>(heap) * std::min(4.0, wanted / seconds);
    const std::uint64_t before = heap;
    heap = std::min(line.most, multiple_of(line.least, fitting));
    run.seconds = seconds * static_cast<double>(heap) / static_cast<double>(before);
  }
  const double times = std::round(round_s / std::max(run.seconds, 1e-9));
  return BenchSize{.heap = heap, .times = static_cast<std::uint64_t>(std::clamp(times, 1.0, 1e9))};
}

BenchEnd go_round(std::vector<Measurement>& lines, int rounds, double round_s,
                  const std::function<void(const BenchPlace&)>& show) {
  std::vector<BenchSize> sizes;
  for (const Measurement& line : lines) {
    show({.round = 0, .line = sizes.size()});
    const auto size = size_of(line, round_s);
    if (!size) return {.complete = false};
    sizes.push_back(*size);
  }
  for (int round = 1; round <= rounds; ++round) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      show({.round = round, .line = i});
      const BenchRun run = lines[i].run(sizes[i].heap, sizes[i].times);
      if (!run.complete) return {.complete = false};
      if (!run.right) return {.error = place_of(lines[i].row) + " did not give what it should"};
      lines[i].row.operations = run.operations;
      lines[i].row.seconds.push_back(run.seconds);
    }
  }
  return {};
}

}  // namespace weir::cli
