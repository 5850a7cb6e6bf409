// ExternalHold: something outside of the runtime may still wake a task.
//
// Without one, a run in which all tasks are parked and no timer is armed is a deadlock. A task that
// hands a channel to a foreign thread makes a hold first and drops it when that thread is done.

#pragma once

#include "weir/runtime/scheduler.h"

namespace weir {

class ExternalHold {
 public:
  // Holds the run of the calling task. Requires: called in a task; dropped before the run ends.
  ExternalHold();
  ~ExternalHold();
  ExternalHold(ExternalHold&& other) noexcept;
  ExternalHold& operator=(ExternalHold&&) = delete;

 private:
  Scheduler* scheduler_;
};

}  // namespace weir
