// Workers come, change and go, and so does the balancer: the part of the balancer's task that is
// seldom busy.

#include <utility>

#include "weir/rpc/balancer_core.h"
#include "weir/rpc/balancer_worker.h"
#include "weir/runtime/go.h"

namespace weir::rpc {
namespace {

balance::WorkerOptions as_policy_sees_it(const WorkerOptions& options, const QueueOptions& queue) {
  balance::WorkerOptions seen;
  seen.name = options.name;
  seen.weight = options.weight;
  seen.speed = options.speed;
  seen.concurrency = options.concurrency;
  // A queue that makes room by dropping never is full to the policy.
  const bool makes_room = queue.overflow == Overflow::drop_oldest && queue.limit > 0;
  seen.limit = queue.limit == no_limit || makes_room ? balance::unbounded : queue.limit;
  return seen;
}

}  // namespace

void BalancerCore::join(WorkerOptions options, Inbox inbox, std::shared_ptr<WorkerCard> card) {
  std::unique_ptr<Note> note =
      std::make_unique<Joined>(std::move(options), std::move(inbox), std::move(card));
  if (!notes_.try_send(note)) {
    go([](Shared<BalancerCore> self,
          std::unique_ptr<Note> joined) -> Task<> { co_await self->tell(std::move(joined)); },
       Shared<BalancerCore>(this), std::move(note));
  }
  if (ended_.context.cancelled()) turn_away_the_late();
}

Task<> BalancerCore::order(WorkerOrder order) {
  return tell(std::make_unique<Order>(std::move(order)));
}

Task<> BalancerCore::set_stale(Duration period) {
  return tell(std::make_unique<Stale>(period));
}

void BalancerCore::on_stale(Duration period) {
  picker_.set_stale(period, now_);
  place_waiting();
}

void BalancerCore::on_joined(const Joined& joined) {
  const QueueOptions queue = joined.options.queue.value_or(options_.queue);
  const balance::WorkerId id = picker_.add(as_policy_sees_it(joined.options, queue), now_);
  if (workers_.size() <= id.index) workers_.resize(id.index + 1);
  workers_[id.index] = std::make_unique<Worker>(id, joined.options, queue, joined.inbox);
  joined.card->id = id;
  if (joined.options.health != balance::Health::up) {
    picker_.set_health(id, joined.options.health, now_);
  }
  for (const WorkerOrder& early : std::exchange(joined.card->early, {})) change(early);
  place_waiting();
}

void BalancerCore::on_order(const WorkerOrder& order) {
  if (!order.card->id) {
    order.card->early.push_back(order);
  } else {
    change(order);
  }
}

// Does nothing to a worker that has been removed: late orders are no bug.
void BalancerCore::change(const WorkerOrder& order) {
  const balance::WorkerId id = *order.card->id;
  Worker& worker = *workers_[id.index];
  if (worker.id != id || worker.removed) {
    if (order.emptied) (void)order.emptied.try_send(true);
    return;
  }
  switch (order.kind) {
    case WorkerOrder::Kind::health:
      picker_.set_health(id, order.health, now_);
      if (order.health == balance::Health::down) place_anew(worker);
      break;
    case WorkerOrder::Kind::drain:
      picker_.set_health(id, balance::Health::draining, now_);
      worker.drains.push_back(order.emptied);
      tell_if_idle(worker);
      break;
    case WorkerOrder::Kind::remove:
      remove(worker);
      break;
    case WorkerOrder::Kind::weight:
      picker_.set_weight(id, order.weight, now_);
      break;
    case WorkerOrder::Kind::concurrency:
      WEIR_CHECK(worker.shared || order.concurrency <= worker.inbox.capacity(),
                 "a worker was given more slots than WorkerOptions::concurrency_max");
      worker.set_slots(order.concurrency);
      picker_.set_concurrency(id, order.concurrency, now_);
      if (options_.observer != nullptr) {
        options_.observer->on_slots(id.index, order.concurrency, now_);
      }
      serve_next(worker);
      show(worker);
      break;
  }
  place_waiting();
}

void BalancerCore::remove(Worker& worker) {
  picker_.set_health(worker.id, balance::Health::down, now_);
  place_anew(worker);
  worker.removed = true;
  picker_.remove(worker.id, now_);
  if (!worker.shared) worker.inbox.close();
}

// None of them has been sent to the worker, so sending it elsewhere repeats nothing.
void BalancerCore::place_anew(Worker& worker) {
  while (auto envelope = worker.line.oldest()) {
    forget(*envelope);
    dismiss(worker, *envelope);
    if (envelope->context.cancelled()) continue;
    if (!place(envelope)) envelope->fail(rejected(Failure::Reason::full));
  }
  show(worker);
  tell_if_idle(worker);
}

void BalancerCore::tell_if_idle(Worker& worker) {
  if (worker.drains.empty() || !worker.idle()) return;
  for (const Sender<bool>& drain : std::exchange(worker.drains, {})) (void)drain.try_send(true);
}

void BalancerCore::fail_all_waiting() {
  const auto fail = [this](std::unique_ptr<Envelope> envelope) {
    forget(*envelope);
    envelope->fail(rejected(Failure::Reason::shutting_down));
  };
  if (kept_ != nullptr)
    std::exchange(kept_, nullptr)->fail(rejected(Failure::Reason::shutting_down));
  while (auto envelope = line_.oldest()) fail(std::move(envelope));
  for (auto& worker : workers_) {
    while (auto envelope = worker->line.oldest()) {
      dismiss(*worker, *envelope);
      fail(std::move(envelope));
    }
    show(*worker);
  }
  show_line();
}

// Sends the workers home. Calls that come from now on are turned away by the ended context.
void BalancerCore::finish() {
  for (auto& worker : workers_) {
    if (!worker->removed && !worker->shared) worker->inbox.close();
  }
  ended_.cancel();
  turn_away_the_late();
}

// Calls and workers that came when it was too late. Either the balancer finds their message here,
// at its end, or whoever sent it does: it looks whether the balancer has ended after it has sent.
void BalancerCore::turn_away_the_late() {
  while (auto note = notes_.try_receive()) turn_away(**note);
}

void BalancerCore::turn_away(Note& note) {
  if (note.note_kind == Note::Kind::request) {
    static_cast<Envelope&>(note).fail(rejected(Failure::Reason::shutting_down));
  } else if (note.note_kind == Note::Kind::joined) {
    const Joined& joined = static_cast<Joined&>(note);
    if (!joined.options.shared) joined.inbox.close();
  }
}

}  // namespace weir::rpc
