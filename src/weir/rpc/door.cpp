#include "weir/rpc/door.h"

#include <utility>

#include "weir/rpc/balancer_core.h"

namespace weir::rpc {

Door::Door(const DoorOptions& options) : slots_(options.slots), waits_(options.waits) {
  WEIR_CHECK(options.slots > 0, "a balancer without a single connection slot serves nobody");
  if (options.rate) rate_.emplace(*options.rate);
}

Task<std::optional<Failure>> Door::enter(Context context) {
  if (!slots_.try_acquire()) co_return rejected(Failure::Reason::no_slot);
  if (!rate_) co_return std::nullopt;
  if (waits_) {
    const bool granted = co_await rate_->acquire(context);
    if (granted) co_return std::nullopt;
    leave();
    if (context.cancelled()) co_return ended_by(context);
    co_return rejected(Failure::Reason::rate_limited);
  }
  const bool granted = co_await rate_->try_acquire();
  if (granted) co_return std::nullopt;
  leave();
  co_return rejected(Failure::Reason::rate_limited);
}

}  // namespace weir::rpc
