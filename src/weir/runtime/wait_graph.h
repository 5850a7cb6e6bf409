// Who waits for whom: the tasks that a run has left, as a graph in words.
//
// Known are the edges from a task that joins another one or waits for a group to the tasks that
// have to end first; a circle of these can never come apart. Who might send to a channel nobody
// knows, so of any other object the graph says who else waits there.

#pragma once

#include <string>
#include <vector>

#include "weir/runtime/task_record.h"

namespace weir {

// A line for each of the first fifty parked tasks, then a line for each circle. Objects have the
// numbers of their places in `numbered`, from 1, and those that are not there the next ones. Empty
// if no task is parked. Only when nothing runs.
std::string describe_waits(const std::vector<TaskRecord*>& tasks,
                           std::vector<const void*> numbered = {});

}  // namespace weir
