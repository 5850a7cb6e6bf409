// What the monitor does for a run: it takes processors out of regions that last, and tells of tasks
// that compute for too long. Everything here runs on the monitor's thread.

#include <algorithm>
#include <string_view>

#include "weir/runtime/monitor.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/run_report.h"
#include "weir/runtime/thread_scheduler.h"

namespace weir {
namespace {

// Between the look that finds a region and the one that takes the processor out of it.
constexpr Duration region_grace = std::chrono::microseconds(20);
constexpr Duration region_interval = std::chrono::milliseconds(10);

}  // namespace

// A system that gives no thread has to do without: no processor is retaken, no stall is told.
void ThreadScheduler::start_monitor() noexcept {
  if (monitored_.exchange(true, std::memory_order_relaxed)) return;
  monitor_.begin();
  threads_.start(monitor_);
}

Duration ThreadScheduler::look() noexcept {
  const TimePoint time = now();
  Duration next = Duration::max();
  for (auto& processor : processors_) next = std::min(next, look_at(*processor, time));
  return next;
}

// How soon to look at the processor again.
Duration ThreadScheduler::look_at(Processor& processor, TimePoint time) noexcept {
  if (processor.asleep.load(std::memory_order_seq_cst)) {
    processor.stall.sleep();
    return Duration::max();
  }
  const std::uint64_t region = processor.region.load(std::memory_order_acquire);
  const bool in_region = region % 2 == 1;
  Duration next = Duration::max();
  if (const Duration limit = options_.stall_report_after; limit > Duration::zero()) {
    const bool excused = in_region || processor.holding.load(std::memory_order_relaxed);
    const std::uint64_t slices = processor.slices.value();
    if (processor.stall.look(slices, excused, time, limit)) {
      report_stall(processor, slices, time - processor.stall.since());
    }
    next = std::clamp<Duration>(limit / 8, 1ms, 1s);
  }
  if (regions_used_.load(std::memory_order_relaxed)) next = std::min(next, region_interval);
  if (in_region) next = std::min(next, look_at_region(processor, region, time));
  return next;
}

Duration ThreadScheduler::look_at_region(Processor& processor, std::uint64_t region,
                                         TimePoint time) noexcept {
  if (!has_work(processor, time)) {
    const std::int64_t deadline = processor.next_deadline.load(std::memory_order_relaxed);
    return deadline == INT64_MAX ? region_interval : TimePoint(Duration(deadline)) - time;
  }
  if (processor.seen_region != region) {
    processor.seen_region = region;
    processor.region_seen_at = time;
    return region_grace;
  }
  const Duration seen_for = time - processor.region_seen_at;
  if (seen_for < region_grace) return region_grace - seen_for;
  retake(processor, region);
  return region_interval;
}

// True if the processor would have something to do that nobody else is about to do.
bool ThreadScheduler::has_work(const Processor& processor, TimePoint time) const noexcept {
  return !processor.ready.empty() || processor.next.load(std::memory_order_relaxed) != nullptr ||
         processor.next_deadline.load(std::memory_order_relaxed) <=
             time.time_since_epoch().count() ||
         (global_.size() > 0 && idle_count_.load(std::memory_order_relaxed) == 0);
}

void ThreadScheduler::report_stall(const Processor& processor, std::uint64_t slices,
                                   Duration time) noexcept {
  TaskRecord* suspect = processor.current.load(std::memory_order_relaxed);
  const auto resumed_at = processor.resumed_at.load(std::memory_order_relaxed);
  const auto found = living_.find(suspect);
  if (!found || processor.slices.value() != slices) return;
  const auto same_place = [&](const std::source_location& place) {
    return place.line() == found->started_at.line() &&
           std::string_view(place.file_name()) == found->started_at.file_name();
  };
  if (std::ranges::any_of(stalled_, same_place)) return;
  stalled_.push_back(found->started_at);
  weir::report_stall(*found, resumed_at, time, processors());
  stalls_.fetch_add(1, std::memory_order_release);
}

}  // namespace weir
