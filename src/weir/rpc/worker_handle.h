// What an owner of a worker may do with it after it was added: take it down, bring it up, drain it,
// remove it, change what it can carry.
//
// Each call is a message to the balancer's task, which changes its own view and nothing else; it
// parks only until that task has room for the message. What the worker has begun is its own affair:
// a worker that crashes ends its attempts itself (see Failure::down and Failure::lost), since only
// it knows what became of them.
//
// What waits in the line of a worker that goes down or is removed has not been sent to it, so it is
// safe to place it anew: the policy picks again, as HAProxy redistributes a server's queue. Who
// finds no room then is rejected.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "weir/balance/view.h"
#include "weir/runtime/task.h"
#include "weir/sync/channel.h"
#include "weir/sync/context.h"
#include "weir/sync/shared.h"

namespace weir::rpc {

class BalancerCore;
struct WorkerCard;

// One change of one worker, on its way to the balancer's task.
struct WorkerOrder {
  enum class Kind : std::uint8_t { health, drain, remove, weight, concurrency };

  Kind kind = Kind::health;
  balance::Health health = balance::Health::up;
  double weight = 1;
  std::uint32_t concurrency = 1;
  Sender<bool> emptied{};  // of drain: hears when nothing is left; has room for one
  std::shared_ptr<WorkerCard> card{};
};

// Names a worker in orders. Only the balancer's task looks inside.
struct WorkerCard {
  std::optional<balance::WorkerId> id = std::nullopt;  // once it has joined
  std::vector<WorkerOrder> early{};                    // orders that overtook it on the way
};

class WorkerHandle {
 public:
  WorkerHandle(Shared<BalancerCore> core, std::shared_ptr<WorkerCard> card);
  WorkerHandle(const WorkerHandle&);
  WorkerHandle(WorkerHandle&&) noexcept;
  WorkerHandle& operator=(const WorkerHandle&);
  WorkerHandle& operator=(WorkerHandle&&) noexcept;
  ~WorkerHandle();

  // It cannot serve: it gets nothing new, and what waits in its line is placed anew.
  Task<> take_down() const { return set_health(balance::Health::down); }

  // An opinion: it gets nothing new unless the balancer panics, and keeps what it has.
  Task<> eject() const { return set_health(balance::Health::ejected); }

  // It gets nothing new and keeps what it has; drain() also waits for the end of that.
  Task<> begin_to_drain() const { return set_health(balance::Health::draining); }

  // It serves again, after any of these.
  Task<> bring_up() const { return set_health(balance::Health::up); }

  // It gets nothing new and finishes what it has, its line included. True when nothing is left,
  // false if `context` ends first; it goes on draining then.
  Task<bool> drain(Context context) const;

  // As take_down(), for ever: its tasks end when they have served what they have begun.
  Task<> remove() const;

  // At least 0; with 0 it gets nothing new.
  Task<> set_weight(double weight) const;

  // At least 1, at most WorkerOptions::concurrency_max. What is served beyond it is finished.
  Task<> set_concurrency(std::uint32_t concurrency) const;

  // What all these come to.
  Task<> set_health(balance::Health health) const;

 private:
  WorkerOrder order(WorkerOrder::Kind kind) const;

  Shared<BalancerCore> core_;
  std::shared_ptr<WorkerCard> card_;
};

}  // namespace weir::rpc
