#include "weir/sync/descriptor.h"

#include "weir/runtime/this_task.h"

namespace weir {

bool DescriptorCase::poll() noexcept {
  return current_scheduler("a descriptor was waited for outside of a task")
      .descriptors()
      .is_ready(*this);
}

Case::Enrolled DescriptorCase::enroll(WakeList&) noexcept {
  if (running.scheduler->descriptors().watch(*this)) return Enrolled::waiting;
  if (claim_alone(node_.select())) commit_alone(node_.select(), node_.index());
  return Enrolled::decided;
}

void DescriptorCase::withdraw() noexcept {
  node_.task().scheduler().descriptors().unwatch(*this);
}

void DescriptorCase::on_ready(WakeList& wakes) noexcept {
  if (claim(node_, nullptr) == Claim::won) commit(node_, nullptr, 0, wakes);
}

}  // namespace weir
