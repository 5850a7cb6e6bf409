#include "weir/rpc/worker_handle.h"

#include <cmath>

#include "weir/base/check.h"
#include "weir/rpc/balancer_core.h"
#include "weir/sync/select.h"

namespace weir::rpc {
namespace {

Task<> send_order(Shared<BalancerCore> core, WorkerOrder order) {
  co_await core->order(std::move(order));
}

Task<bool> await_emptied(Shared<BalancerCore> core, WorkerOrder order, Receiver<bool> emptied,
                         Context context) {
  co_await core->order(std::move(order));
  auto empty = receive_from(emptied);
  auto over = done(core->ended());
  auto given_up = done(context);
  const int chosen = co_await select_first(empty, over, given_up);
  co_return chosen != 2;
}

}  // namespace

WorkerHandle::WorkerHandle(Shared<BalancerCore> core, std::shared_ptr<WorkerCard> card)
    : core_(std::move(core)), card_(std::move(card)) {}
WorkerHandle::WorkerHandle(const WorkerHandle&) = default;
WorkerHandle::WorkerHandle(WorkerHandle&&) noexcept = default;
WorkerHandle& WorkerHandle::operator=(const WorkerHandle&) = default;
WorkerHandle& WorkerHandle::operator=(WorkerHandle&&) noexcept = default;
WorkerHandle::~WorkerHandle() = default;

WorkerOrder WorkerHandle::order(WorkerOrder::Kind kind) const {
  WorkerOrder made;
  made.kind = kind;
  made.card = card_;
  return made;
}

Task<> WorkerHandle::set_health(balance::Health health) const {
  WorkerOrder made = order(WorkerOrder::Kind::health);
  made.health = health;
  return send_order(core_, std::move(made));
}

Task<bool> WorkerHandle::drain(Context context) const {
  auto emptied = make_channel<bool>(1);
  WorkerOrder made = order(WorkerOrder::Kind::drain);
  made.emptied = emptied;
  return await_emptied(core_, std::move(made), Receiver<bool>(emptied), std::move(context));
}

Task<> WorkerHandle::remove() const {
  return send_order(core_, order(WorkerOrder::Kind::remove));
}

Task<> WorkerHandle::set_weight(double weight) const {
  WEIR_CHECK(std::isfinite(weight) && weight >= 0, "a weight is 0 or more");
  WorkerOrder made = order(WorkerOrder::Kind::weight);
  made.weight = weight;
  return send_order(core_, std::move(made));
}

Task<> WorkerHandle::set_concurrency(std::uint32_t concurrency) const {
  WEIR_CHECK(concurrency > 0, "a worker serves at least one request at once");
  WorkerOrder made = order(WorkerOrder::Kind::concurrency);
  made.concurrency = concurrency;
  return send_order(core_, std::move(made));
}

}  // namespace weir::rpc
