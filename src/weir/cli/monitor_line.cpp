#include "weir/cli/monitor_line.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "weir/cli/progress_line.h"

namespace weir::cli {
namespace {

constexpr std::size_t listed_max = 8;  // processors

std::uint64_t steals(const RuntimeStats& stats) {
  std::uint64_t all = 0;
  for (const ProcessorStats& processor : stats.processors) all += processor.steals;
  return all;
}

std::vector<int> busy_percents(const RuntimeStats& before, const RuntimeStats& after) {
  const double time = to_seconds(after.elapsed - before.elapsed);
  std::vector<int> percents;
  for (std::size_t i = 0; i < after.processors.size(); ++i) {
    const Duration slept_before =
        i < before.processors.size() ? before.processors[i].asleep : Duration::zero();
    const double asleep = to_seconds(after.processors[i].asleep - slept_before);
    const double busy = time > 0 ? std::clamp(1 - asleep / time, 0.0, 1.0) : 0.0;
    percents.push_back(static_cast<int>(100 * busy + 0.5));
  }
  return percents;
}

std::string spell_rate(std::uint64_t count, Duration time) {
  if (time <= Duration::zero()) return "0";
  return std::to_string(std::llround(static_cast<double>(count) / to_seconds(time)));
}

}  // namespace

std::string MonitorLine::update(const sim::Progress& progress) const {
  return frame(spell_progress(progress));
}

std::string MonitorLine::update(const sim::Progress& progress, const Requests& requests,
                                const RuntimeStats& stats) {
  const std::string line =
      spell_progress(progress) + "; requests " + std::to_string(requests.done) + " done, " +
      spell_rate(requests.done - requests_before_.done, stats.elapsed - before_.elapsed) + "/s, " +
      std::to_string(requests.pending) + " pending; tasks " + std::to_string(stats.tasks_alive) +
      ", ready " + std::to_string(stats.tasks_ready) + ", parked " +
      std::to_string(stats.tasks_parked) + "; threads " + std::to_string(stats.threads) +
      ", busy " + spell_busy(before_, stats) + ", steals " +
      std::to_string(steals(stats) - steals(before_));
  requests_before_ = requests;
  before_ = stats;
  return frame(line);
}

std::string MonitorLine::frame(const std::string& line) const {
  return on_terminal_ ? clear_line + line : "weir: " + line + "\n";
}

std::string spell_busy(const RuntimeStats& before, const RuntimeStats& after) {
  const std::vector<int> percents = busy_percents(before, after);
  std::string text;
  if (percents.size() > listed_max) {
    const auto [least, most] = std::ranges::minmax(percents);
    const int mean =
        std::reduce(percents.begin(), percents.end()) / static_cast<int>(percents.size());
    return std::to_string(least) + " to " + std::to_string(most) + " %, mean " +
           std::to_string(mean) + " %";
  }
  for (const int percent : percents) text += std::to_string(percent) + ' ';
  return text + '%';
}

}  // namespace weir::cli
