#include "weir/sim/offered_load.h"

#include <algorithm>
#include <cmath>

#include "weir/base/time.h"

namespace weir::sim {
namespace {

constexpr int slices = 1000;  // of the horizon, to find out how rates change

// Expected seconds of work that come before that time.
double work_until(const Scenario& scenario, double seconds) {
  double work = 0;
  for (const Load& load : scenario.loads) {
    if (load.model != Load::Model::open) continue;
    work += load.arrival.expected_count(from_seconds(seconds)) * mean_work(load);
  }
  return work;
}

std::vector<OfferedLoad> by_slices(const Scenario& scenario, double length) {
  std::vector<OfferedLoad> all;
  const double able = capacity(scenario);
  double before = 0;
  for (int i = 0; i < slices; ++i) {
    const double begin = length * i / slices, end = length * (i + 1) / slices;
    const double work = work_until(scenario, end);
    const double load = (work - before) / (end - begin) / able;
    all.push_back({.begin_s = begin, .end_s = end, .low = load, .high = load});
    before = work;
  }
  return all;
}

bool alike(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::max(1e-3, std::max(a, b));
}

// Neighbours of one level joined.
std::vector<OfferedLoad> joined(const std::vector<OfferedLoad>& parts) {
  std::vector<OfferedLoad> runs;
  for (const OfferedLoad& part : parts) {
    if (!runs.empty() && alike(runs.back().low, part.low)) {
      runs.back().end_s = part.end_s;
    } else {
      runs.push_back(part);
    }
  }
  return runs;
}

// A rate that changes within a slice makes it a stretch of its own between two levels; it ends
// where the work of the slice says that the first level did.
std::vector<OfferedLoad> without_edges(std::vector<OfferedLoad> runs, double slice) {
  std::vector<OfferedLoad> levels;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    OfferedLoad& run = runs[i];
    const bool edge = run.end_s - run.begin_s < 1.5 * slice && i > 0 && i + 1 < runs.size();
    if (!edge) {
      levels.push_back(run);
      continue;
    }
    const double first = runs[i - 1].low, second = runs[i + 1].low;
    const double share = std::clamp((run.low - second) / (first - second), 0.0, 1.0);
    const double at = run.begin_s + share * (run.end_s - run.begin_s);
    if (!levels.empty()) levels.back().end_s = at;
    runs[i + 1].begin_s = at;
  }
  return levels;
}

OfferedLoad hull(const std::vector<OfferedLoad>& parts) {
  OfferedLoad all = parts.front();
  for (const OfferedLoad& part : parts) {
    all.end_s = part.end_s;
    all.low = std::min(all.low, part.low);
    all.high = std::max(all.high, part.high);
  }
  return all;
}

}  // namespace

double capacity(const Scenario& scenario) {
  double able = 0;
  for (const Workers& group : scenario.workers) {
    const double slots = group.serve == Workers::Serve::ps ? group.cores : group.concurrency;
    able += group.count * slots * group.speed;
  }
  return able;
}

double mean_work(const Load& load) {
  return load.service.mean(load.size ? load.size->mean() : 0);
}

std::vector<OfferedLoad> offered_load(const Scenario& scenario) {
  double rate = 0;
  for (const Load& load : scenario.loads) {
    if (load.model == Load::Model::open) rate += load.arrival.mean_rate();
  }
  if (rate == 0 && work_until(scenario, 1) == 0) return {};
  if (!scenario.horizon.time) {
    double work = 0;
    for (const Load& load : scenario.loads) {
      if (load.model == Load::Model::open) work += load.arrival.mean_rate() * mean_work(load);
    }
    const double length = static_cast<double>(*scenario.horizon.requests) / rate;
    return {{.end_s = length, .low = work / capacity(scenario), .high = work / capacity(scenario)}};
  }
  const double length = to_seconds(*scenario.horizon.time);
  const auto runs = joined(by_slices(scenario, length));
  const auto levels = without_edges(runs, length / slices);
  constexpr std::size_t levels_max = 24;
  if (levels.size() > levels_max) return {hull(runs)};
  return levels;
}

}  // namespace weir::sim
