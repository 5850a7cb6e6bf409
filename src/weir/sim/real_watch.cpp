#include "weir/sim/real_watch.h"

#include <algorithm>
#include <chrono>

#include "weir/runtime/computation.h"
#include "weir/runtime/this_task.h"

namespace weir::sim {
namespace {

constexpr Duration probe_period = std::chrono::milliseconds(2);

WorkStats work_so_far() {
  WorkStats all;
  const RuntimeStats stats = runtime_stats();
  for (const ProcessorStats& processor : stats.processors) all += processor.work;
  return all;
}

}  // namespace

RealWatch::RealWatch(TimePoint window_begin)
    : window_begin_(window_begin), before_(work_so_far()) {}

Task<> RealWatch::probe_timers(Context over) {
  while (!over.cancelled()) {
    const TimePoint due = now() + probe_period;
    co_await sleep_until(due);
    const Duration late = std::max(Duration::zero(), now() - due);
    if (due >= window_begin_) lag_.record(late.count());
  }
}

void RealWatch::report(RealFigures& figures) const {
  const WorkStats after = work_so_far();
  figures.timer_lag = lag_;
  figures.work_s = to_seconds(after.asked - before_.asked);
  figures.work_processor_s = to_seconds(after.processor_time - before_.processor_time);
  figures.work_clock_s = to_seconds(after.clock_time - before_.clock_time);
}

void calibrate_work() {
  (void)computing_rate();
}

}  // namespace weir::sim
