// Workers that several balancers share: the part of the balancer's task that sends to them, and
// hears what they did not serve.

#include <utility>

#include "weir/rpc/balancer_core.h"
#include "weir/rpc/balancer_worker.h"
#include "weir/runtime/go.h"

namespace weir::rpc {

// Its inbox may be full of what others have sent; whoever waits for room there is not this task.
void BalancerCore::send_shared(Worker& worker, std::unique_ptr<Envelope> envelope) {
  if (worker.inbox.try_send(envelope)) return;
  go([](Inbox inbox,
        std::unique_ptr<Envelope> waiting) -> Task<> { co_await inbox.send(std::move(waiting)); },
     worker.inbox, std::move(envelope));
}

// A shared worker had no room for it, or its caller left while it waited there.
void BalancerCore::on_unserved(const Finished& finished) {
  const balance::WorkerId id = *finished.timing.worker;
  const bool left = finished.left_for != Reason::none;
  picker_.note(left ? balance::Event::cancelled(id, finished.cost)
                    : balance::Event::finished(id, balance::Outcome::overloaded, Duration(),
                                               Duration(), finished.cost),
               now_);
}

}  // namespace weir::rpc
