#include "weir/runtime/external_hold.h"

#include <utility>

#include "weir/runtime/this_task.h"

namespace weir {

ExternalHold::ExternalHold()
    : scheduler_(&current_scheduler("an ExternalHold was made outside of a task")) {
  scheduler_->add_hold();
}

ExternalHold::ExternalHold(ExternalHold&& other) noexcept
    : scheduler_(std::exchange(other.scheduler_, nullptr)) {}

ExternalHold::~ExternalHold() {
  if (scheduler_ != nullptr) scheduler_->remove_hold();
}

}  // namespace weir
