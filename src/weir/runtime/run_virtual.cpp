#include "weir/runtime/run.h"
#include "weir/runtime/virtual_scheduler.h"

namespace weir {

void run_virtual_root(std::coroutine_handle<> root, const VirtualOptions& options,
                      std::source_location where, std::uint64_t* step_hash) {
  VirtualScheduler scheduler(options);
  const TaskHandle task(new TaskRecord(scheduler, root, where));
  scheduler.run(*task.record());
  if (step_hash != nullptr) *step_hash = scheduler.step_hash();
}

}  // namespace weir
