#include "weir/runtime/blocking_region.h"

#include "weir/base/check.h"

namespace weir {

BlockingRegion::BlockingRegion(std::source_location where) noexcept
    : outermost_(running.task != nullptr && !running.in_region) {
  if (!outermost_) return;
  running.in_region = true;
  running.region_at = where;
  ticket_ = running.scheduler->enter_region();
}

BlockingRegion::~BlockingRegion() {
  if (!outermost_) return;
  running.scheduler->leave_region(ticket_);
  running.in_region = false;
}

void check_no_region() {
  if (!running.in_region) return;
  check_failed("no co_await inside a BlockingRegion",
               "a task was suspended inside a BlockingRegion: end its scope before the co_await",
               std::source_location::current(), running.region_at);
}

}  // namespace weir
