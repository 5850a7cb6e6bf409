#include "weir/runtime/task_dump.h"

#include <utility>

#include "weir/runtime/task_register.h"
#include "weir/runtime/this_task.h"

namespace weir {

void dump_tasks(std::ostream& out, const DumpOptions& options) {
  current_scheduler("dump_tasks() was called outside of a task; use Runtime::dump_tasks")
      .dump(out, options);
}

void set_task_name(std::string name) {
  current_scheduler("set_task_name() was called outside of a task")
      .living()
      .give_name(*running.task, std::move(name));
}

}  // namespace weir
