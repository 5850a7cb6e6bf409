// How a VirtualScheduler is looked at from one of its tasks, which is all that runs.

#include <ostream>

#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/task_dump.h"
#include "weir/runtime/task_snapshot.h"
#include "weir/runtime/virtual_scheduler.h"

namespace weir {

void VirtualScheduler::dump(std::ostream& out, const DumpOptions& options) {
  std::unordered_set<const TaskRecord*> ready(ready_bag_.begin(), ready_bag_.end());
  const auto note = [&](const TaskRecord& task) { ready.insert(&task); };
  held_.for_each(note);
  ready_.for_each(note);
  out << TaskSnapshot(living_, ready, {running.task}).text(now_, options, true);
}

RuntimeStats VirtualScheduler::stats() {
  RuntimeStats stats;
  stats.elapsed = now_.time_since_epoch();
  stats.tasks_alive = living_.size();
  stats.tasks_started = born_;
  stats.tasks_running = running.task != nullptr ? 1 : 0;
  stats.tasks_ready = ready_bag_.size();
  const auto count = [&](const TaskRecord&) { ++stats.tasks_ready; };
  held_.for_each(count);
  ready_.for_each(count);
  stats.tasks_parked = stats.tasks_alive - stats.tasks_running - stats.tasks_ready;
  stats.threads = 1;
  stats.processors.push_back({.slices = steps_before_ + steps_at_this_time_,
                              .timers_armed = timers_.size(),
                              .ready = stats.tasks_ready});
  return stats;
}

}  // namespace weir
