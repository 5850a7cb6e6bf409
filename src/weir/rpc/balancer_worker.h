// One worker as the balancer's task keeps it: how to send to it, and who waits for it.

#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "weir/rpc/balancer_core.h"

namespace weir::rpc {

struct BalancerCore::Worker {
  Worker(balance::WorkerId its_id, const WorkerOptions& options, const QueueOptions& its_queue,
         Inbox its_inbox)
      : id(its_id),
        shared(options.shared),
        queue(its_queue),
        inbox(std::move(its_inbox)),
        line(its_queue.discipline) {
    set_slots(options.concurrency);
  }

  // A shared worker is sent what may wait at it, too; nobody waits for it here.
  void set_slots(std::uint32_t slots) {
    const bool has_room =
        queue.limit == no_limit || (queue.overflow == Overflow::drop_oldest && queue.limit > 0);
    if (!shared) {
      concurrency = slots;
    } else {
      concurrency = has_room ? no_limit : slots + std::min(queue.limit, no_limit - slots);
    }
  }

  bool idle() const { return serving == 0 && line.empty(); }

  const balance::WorkerId id;
  const bool shared;
  const QueueOptions queue;
  const Inbox inbox;
  WaitingLine line;
  std::uint32_t concurrency = 1;  // sent to it at a time
  std::uint32_t serving = 0;
  bool removed = false;                // its place in the view may be another's
  std::vector<Sender<bool>> drains{};  // wait for it to be idle
};

struct BalancerCore::Joined : Note {
  Joined(WorkerOptions its_options, Inbox its_inbox, std::shared_ptr<WorkerCard> its_card)
      : Note(Kind::joined),
        options(std::move(its_options)),
        inbox(std::move(its_inbox)),
        card(std::move(its_card)) {}

  const WorkerOptions options;
  const Inbox inbox;
  const std::shared_ptr<WorkerCard> card;
};

struct BalancerCore::Order : Note {
  explicit Order(WorkerOrder what) : Note(Kind::order), order(std::move(what)) {}

  const WorkerOrder order;
};

}  // namespace weir::rpc
