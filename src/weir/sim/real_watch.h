// Watches the machine while a replication runs on it in real time: how late timers fire, and what
// computing takes.
//
// A task of its own sleeps again and again and notes how late it wakes. What it goes through, every
// timer of the run goes through: those that send requests, serve them and end pauses.

#pragma once

#include "weir/base/histogram.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/runtime/task.h"
#include "weir/sim/result.h"
#include "weir/sync/context.h"

namespace weir::sim {

class RealWatch {
 public:
  // Counts from `window_begin` on. Requires: called in a task, which runs what is watched.
  explicit RealWatch(TimePoint window_begin);

  // Until the context ends. Requires: `this` outlives the task.
  Task<> probe_timers(Context over);

  // Requires: the task has ended.
  void report(RealFigures& figures) const;

 private:
  const TimePoint window_begin_;
  WorkStats before_;
  Histogram lag_;
};

// Measures how fast this machine computes, so that no request has to wait for that.
void calibrate_work();

}  // namespace weir::sim
