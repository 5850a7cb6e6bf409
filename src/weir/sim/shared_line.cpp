#include "weir/sim/shared_line.h"

#include "weir/sync/select.h"

namespace weir::sim {
namespace {

// Nobody listens once the line is closed.
Task<> tell_of_leaving(Sender<SharedLine::Ticket> to, SharedLine::Ticket ticket, Context closed) {
  auto over = done(closed);
  auto sent = send_to(to, ticket);
  co_await select_first(over, sent);
}

}  // namespace

SharedLine::SharedLine(rpc::QueueOptions queue, WorkerWatch& watch)
    : queue_(queue),
      watch_(watch),
      line_(queue.discipline),
      leaving_(make_channel<Ticket>()),
      closed_(with_cancel(Context())) {}

void SharedLine::add(Attempt attempt, TimePoint now) {
  if (line_.size() >= queue_.limit) {
    if (queue_.overflow != rpc::Overflow::drop_oldest || line_.empty()) {
      return refuse(std::move(attempt), rpc::Failure::Reason::full, now);
    }
    Attempt oldest = line_.oldest();
    forget(*oldest, now);
    refuse(std::move(oldest), rpc::Failure::Reason::dropped, now);
  }
  attempt->waits_since = now;
  if (attempt->can_leave()) {
    const Ticket ticket{.attempt = attempt.get(), .number = ++tickets_};
    can_leave_.emplace(
        ticket.attempt,
        Waiting{ticket.number,
                after_func(attempt->context, tell_of_leaving(leaving_, ticket, closed_.context))});
  }
  line_.add(std::move(attempt));
}

SharedLine::Attempt SharedLine::next(TimePoint now) {
  while (Attempt attempt = line_.next()) {
    forget(*attempt, now);
    if (!attempt->context.cancelled()) return attempt;
    dismiss(*attempt);
  }
  return nullptr;
}

void SharedLine::refuse_all(rpc::Failure::Reason reason, TimePoint now) {
  while (Attempt attempt = line_.oldest()) {
    forget(*attempt, now);
    unserved_.push_back(Ended::of(*attempt, false));
    attempt->fail(rpc::rejected(reason));
  }
}

void SharedLine::leave(const Ticket& ticket, TimePoint now) {
  const auto found = can_leave_.find(ticket.attempt);
  if (found == can_leave_.end() || found->second.number != ticket.number) return;
  const Attempt attempt = line_.remove(*ticket.attempt);
  forget(*attempt, now);
  dismiss(*attempt);
}

void SharedLine::dismiss(const rpc::Envelope& attempt) {
  unserved_.push_back(Ended::of(attempt, false));
}

void SharedLine::forget(const rpc::Envelope& attempt, TimePoint now) {
  watch_.waited(now - attempt.waits_since);
  if (attempt.can_leave()) can_leave_.erase(&attempt);
}

void SharedLine::refuse(Attempt attempt, rpc::Failure::Reason reason, TimePoint now) {
  watch_.rejected(now);
  unserved_.push_back(Ended::of(*attempt, false));
  attempt->fail(rpc::rejected(reason));
}

}  // namespace weir::sim
