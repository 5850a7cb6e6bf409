#include "weir/balance/policy.h"

#include <utility>

#include "weir/base/check.h"

namespace weir::balance {

namespace {

Event about(Event::Kind kind, WorkerId worker, double cost) {
  Event event;
  event.kind = kind;
  event.worker = worker;
  event.cost = cost;
  return event;
}

}  // namespace

Event Event::sent(WorkerId worker, double cost) {
  return about(Kind::sent, worker, cost);
}

Event Event::started(WorkerId worker, double cost) {
  return about(Kind::started, worker, cost);
}

Event Event::finished(WorkerId worker, Outcome outcome, Duration wait, Duration service,
                      double cost) {
  Event event = about(Kind::finished, worker, cost);
  event.outcome = outcome;
  event.latency = wait + service;
  event.wait = wait;
  event.service = service;
  return event;
}

Event Event::cancelled(WorkerId worker, double cost) {
  return about(Kind::cancelled, worker, cost);
}

Event Event::member(WorkerId worker, Membership membership) {
  Event event = about(Kind::membership, worker, 0);
  event.membership = membership;
  return event;
}

const char* to_string(Reason reason) {
  switch (reason) {
    case Reason::no_worker:
      return "no worker is fit";
    case Reason::full:
      return "every queue is full";
    case Reason::refused:
      return "refused by the policy";
  }
  std::unreachable();
}

Decision Decision::send_all(std::vector<WorkerIndex> workers) {
  WEIR_CHECK(!workers.empty(), "a policy sent a request to nobody; it may hold or reject it");
  Decision decision(Kind::send_all, 0, Reason::refused);
  decision.workers_ = std::move(workers);
  return decision;
}

std::span<const WorkerIndex> Decision::workers() const& {
  if (kind_ == Kind::send) return {&worker_, 1};
  return workers_;
}

WorkerIndex Decision::worker() const {
  WEIR_CHECK(kind_ == Kind::send, "only a decision to send to one worker names one");
  return worker_;
}

Reason Decision::reason() const {
  WEIR_CHECK(kind_ == Kind::reject, "only a rejection has a reason");
  return reason_;
}

void Policy::on_event(const Event&, const View&, Random&) {}

}  // namespace weir::balance
