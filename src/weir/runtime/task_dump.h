// dump_tasks(): what every task is doing, as text, without stopping the program for good.
//
// For each task: number, name, where it was started, and whether it runs, is ready, or waits: in
// what, where, on what, and for how long. Tasks that were started at one place and wait at one
// place are shown as one entry with their number; the largest crowd comes first.
//
// In real time the processors pause between two slices while all is looked at, some microseconds
// for each thousand tasks. One that computes on beyond DumpOptions::patience is not waited for: its
// task is shown as running, and then nothing is said of the state of what others wait on, which
// that task may be changing. How long a task waits is known to a millisecond or some dozen slices;
// in virtual time it is exact.

#pragma once

#include <iosfwd>
#include <string>

#include "weir/base/time.h"

namespace weir {

struct DumpOptions {
  bool all = false;  // an entry for each task, in order of birth
  Duration patience = std::chrono::milliseconds(200);
};

// Of the run of the calling task. From other threads: Runtime::dump_tasks().
void dump_tasks(std::ostream& out, const DumpOptions& options = {});

// Names the running task in reports. Cost: a lock and a node of a map.
void set_task_name(std::string name);

}  // namespace weir
