// The trace of a ThreadScheduler; see trace.h. Its processors know of it by one branch a slice.

#include <utility>

#include "weir/runtime/clock.h"
#include "weir/runtime/processor.h"
#include "weir/runtime/thread_scheduler.h"
#include "weir/runtime/trace.h"

namespace weir {

void ThreadScheduler::begin_trace() {
  const std::string asked(options_.trace_file);
  trace_ = make_trace(asked.empty() ? trace_file_from_environment() : asked, processors_.size(),
                      options_.trace_slices_max, steady_now());
  if (trace_ == nullptr) return;
  living_.remember_names(options_.trace_slices_max);
  for (auto& processor : processors_) processor->traced_steals = processor->steals.value();
}

void ThreadScheduler::end_trace(const std::vector<TaskRecord*>& left) noexcept {
  if (trace_ == nullptr) return;
  trace_->write(left, living_);
  living_.forget_names();
  trace_.reset();
}

// Like run_slice(). The slice may end on another processor than the one it began on, or, if it was
// there to give that one to a thread, without one; then that thread ends it.
void ThreadScheduler::run_traced_slice(Processor& self, TaskRecord& task, int budget) noexcept {
  const std::uint64_t steals = self.steals.value();
  trace_->begin(self.index, task,
                {.time = steady_now(),
                 .number = self.slices.value(),
                 .stolen = std::exchange(self.traced_steals, steals) != steals});
  run_slice(task, budget);
  if (const auto* after = static_cast<Processor*>(running.processor)) {
    trace_->end(after->index, steady_now());
  }
}

}  // namespace weir
