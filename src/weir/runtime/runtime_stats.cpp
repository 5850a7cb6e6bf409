#include "weir/runtime/runtime_stats.h"

#include <algorithm>

#include "weir/runtime/duration_text.h"
#include "weir/runtime/this_task.h"

namespace weir {
namespace {

std::string percent(Duration part, Duration whole) {
  if (whole <= Duration::zero()) return "-";
  const double share = to_seconds(part) / to_seconds(whole);
  return std::to_string(static_cast<int>(std::clamp(share, 0.0, 1.0) * 100)) + " %";
}

std::string describe(const ProcessorStats& processor, Duration elapsed) {
  return (processor.idle ? "idle, busy " : "busy ") + percent(elapsed - processor.asleep, elapsed) +
         ": " + std::to_string(processor.slices) + " slices (" +
         std::to_string(processor.next_hits) + " hand-offs), " + std::to_string(processor.ready) +
         " ready, " + std::to_string(processor.steals) + " steals, " +
         std::to_string(processor.global_takes) + " global takes, " +
         std::to_string(processor.parks) + " parks, " + std::to_string(processor.wakes) +
         " wakes, timers " + std::to_string(processor.timers_armed) + " armed, " +
         std::to_string(processor.timers_fired) + " fired";
}

}  // namespace

WorkStats& WorkStats::operator+=(const WorkStats& other) noexcept {
  asked += other.asked;
  processor_time += other.processor_time;
  clock_time += other.clock_time;
  return *this;
}

std::string to_text(const RuntimeStats& stats) {
  std::string text =
      "tasks: " + std::to_string(stats.tasks_alive) + " alive (" +
      std::to_string(stats.tasks_running) + " running, " + std::to_string(stats.tasks_ready) +
      " ready, " + std::to_string(stats.tasks_parked) + " parked), " +
      std::to_string(stats.tasks_started) + " started; threads: " + std::to_string(stats.threads) +
      "; after " + spell_duration(stats.elapsed) + '\n';
  if (const auto all = stats.processors.size(); static_cast<std::size_t>(stats.crew) < all) {
    text += "crew: " + std::to_string(stats.crew) + " of " + std::to_string(all) +
            " processors, which get the most done\n";
  }
  for (std::size_t i = 0; i < stats.processors.size(); ++i) {
    text += "processor " + std::to_string(i) + ": " + describe(stats.processors[i], stats.elapsed) +
            '\n';
  }
  return text;
}

RuntimeStats runtime_stats() {
  return current_scheduler("runtime_stats() was called outside of a task; use Runtime::stats")
      .stats();
}

}  // namespace weir
