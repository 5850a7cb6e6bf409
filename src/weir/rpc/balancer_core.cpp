#include "weir/rpc/balancer_core.h"

#include <utility>

#include "weir/rpc/balancer_worker.h"
#include "weir/runtime/go.h"
#include "weir/runtime/this_task.h"
#include "weir/sync/select.h"

namespace weir::rpc {
namespace {

constexpr std::size_t notes_capacity = 256;

Failure::Reason as_failure(balance::Reason reason) {
  switch (reason) {
    case balance::Reason::no_worker:
      return Failure::Reason::no_worker;
    case balance::Reason::full:
      return Failure::Reason::full;
    case balance::Reason::refused:
      return Failure::Reason::refused;
  }
  return Failure::Reason::refused;
}

// What an attempt says of its worker. A caller that has left says that it was too slow only if a
// deadline made it leave.
balance::Outcome judge(const BalancerCore::Finished& finished) {
  if (finished.left_for == Reason::deadline) return balance::Outcome::timed_out;
  if (finished.left_for != Reason::none) return balance::Outcome::cancelled;
  return finished.success ? balance::Outcome::success : balance::Outcome::failure;
}

// By the policy's own wish, not for want of a worker.
bool refuses(const balance::Decision& decision) {
  return decision.kind() == balance::Decision::Kind::reject &&
         decision.reason() == balance::Reason::refused;
}

}  // namespace

Failure rejected(Failure::Reason reason) {
  return Failure(Failure::Kind::rejected, reason);
}

Failure ended_by(const Context& context) {
  const bool late = context.reason() == Reason::deadline;
  return Failure(late ? Failure::Kind::timed_out : Failure::Kind::cancelled);
}

std::optional<Failure> end_of(const Context& context, TimePoint deadline) {
  if (context.cancelled()) return ended_by(context);
  if (deadline <= now()) return Failure(Failure::Kind::timed_out);
  return std::nullopt;
}

Random stream_of(Purpose purpose, std::uint64_t id) {
  Scheduler& scheduler = current_scheduler("a balancer was used outside of a task");
  return random_stream(purpose, id != 0 ? id : scheduler.choose(~0ull));
}

BalancerCore::Finished BalancerCore::Finished::of(const Envelope& attempt, bool success) {
  const bool left = attempt.context.cancelled();
  return {.timing = attempt.timing,
          .cost = attempt.request.cost,
          .account = attempt.account,
          .balancer = attempt.balancer,
          .success = success,
          .left_for = left ? attempt.context.reason() : Reason::none};
}

BalancerCore::BalancerCore(const Context& context, BalancerOptions options)
    : options_(std::move(options)),
      door_(options_.door.is_open() ? nullptr : std::make_unique<Door>(options_.door)),
      has_passage_(door_ != nullptr || options_.network != nullptr),
      running_(with_cancel(context)),
      ended_(with_cancel(Context())),
      notes_(make_channel<std::unique_ptr<Note>>(notes_capacity)),
      picker_(options_.policy, stream_of("policy", options_.id), options_.filter),
      line_(options_.queue.discipline) {
  if (options_.stale > Duration::zero()) picker_.set_stale(options_.stale, TimePoint());
  for (const auto& budget : options_.budgets) {
    budgets_.push_back(budget ? std::optional(RetryBudget(*budget)) : std::nullopt);
  }
}

BalancerCore::~BalancerCore() = default;

// A request meets every worker that was added before it was sent, and a view that knows of all that
// had finished by then.
Task<> BalancerCore::run(Shared<BalancerCore> self) {
  BalancerCore& core = *self;
  go(watch(self));
  auto received = receive_from(core.notes_);
  while (!core.over()) {
    const TimePoint next_tick = core.picker_.next_tick();
    std::unique_ptr<Note> note;
    if (next_tick == time_never) {
      auto next = co_await core.notes_.receive();
      note = *std::move(next);
    } else {
      auto tick = until(next_tick);  // only wakes the task: whether one is due, the clock says
      co_await select_first(received, tick);
      if (received.chosen()) note = *std::move(received);
    }
    core.now_ = now();
    if (next_tick <= core.now_) core.on_tick();
    if (note != nullptr) core.take(std::move(note));
  }
  core.finish();
}

// Waits for the end of the balancer's context, so that the balancer's own select, which is its hot
// path, need not.
Task<> BalancerCore::watch(Shared<BalancerCore> self) {
  auto over = done(self->ended_.context);
  auto stopped = done(self->running_.context);
  const int chosen = co_await select_first(over, stopped);
  if (chosen == 1) co_await self->tell(std::make_unique<Note>(Note::Kind::stop));
}

Task<std::optional<Failure>> BalancerCore::submit(std::unique_ptr<Envelope> envelope,
                                                  Context context) {
  auto over = done(ended_.context);
  auto left = done(context);
  auto sent = send_to(notes_, std::unique_ptr<Note>(std::move(envelope)));
  const int chosen = co_await select_first(over, left, sent);
  if (chosen == 0) co_return rejected(Failure::Reason::shutting_down);
  if (chosen == 1) co_return ended_by(context);
  if (ended_.context.cancelled()) turn_away_the_late();
  co_return std::nullopt;
}

bool BalancerCore::try_submit(std::unique_ptr<Envelope>& envelope) {
  std::unique_ptr<Note> note = std::move(envelope);
  if (notes_.try_send(note)) {
    if (ended_.context.cancelled()) turn_away_the_late();
    return true;
  }
  envelope.reset(static_cast<Envelope*>(note.release()));
  return false;
}

bool BalancerCore::try_leave(const ChannelAccess& reply) {
  std::unique_ptr<Note> note = std::make_unique<Left>(ChannelHandle::of(reply));
  return notes_.try_send(note);
}

bool BalancerCore::try_report(const Finished& finished) {
  std::unique_ptr<Note> note = std::make_unique<Report>(finished);
  return notes_.try_send(note);
}

Task<> BalancerCore::leave(ChannelHandle reply) {
  return tell(std::make_unique<Left>(std::move(reply)));
}

Task<> BalancerCore::report(Finished finished) {
  return tell(std::make_unique<Report>(finished));
}

Task<> BalancerCore::drain() {
  return tell(std::make_unique<Note>(Note::Kind::drain));
}

// Parks until the balancer has room for the note or has ended; then nobody reads it any more. Who
// took its note back leaves those of others alone: each is looked after by whoever sent it, and of
// the many that may be parked when the end comes none has to walk past all the others.
Task<> BalancerCore::tell(std::unique_ptr<Note> note) {
  auto over = done(ended_.context);
  auto sent = send_to(notes_, std::move(note));
  const int chosen = co_await select_first(sent, over);
  if (chosen == 1) {
    const std::unique_ptr<Note> unsent = sent.take_back();
    turn_away(*unsent);
  } else if (ended_.context.cancelled()) {
    turn_away_the_late();
  }
}

void BalancerCore::take(std::unique_ptr<Note> note) {
  switch (note->note_kind) {
    case Note::Kind::request:
      return on_request(std::unique_ptr<Envelope>(static_cast<Envelope*>(note.release())));
    case Note::Kind::finished:
      return on_finished(static_cast<const Report&>(*note).finished);
    case Note::Kind::left:
      return on_left(static_cast<const Left&>(*note).reply);
    case Note::Kind::joined:
      return on_joined(static_cast<const Joined&>(*note));
    case Note::Kind::order:
      return on_order(static_cast<const Order&>(*note).order);
    case Note::Kind::stale:
      return on_stale(static_cast<const Stale&>(*note).period);
    case Note::Kind::drain:
      return on_drain();
    case Note::Kind::stop:
      on_drain();
      return fail_all_waiting();
  }
}

void BalancerCore::on_tick() {
  picker_.note(balance::Event::tick(), now_);
  place_waiting();
}

void BalancerCore::on_drain() {
  closing_ = true;
  while (auto envelope = outside_.next()) {
    forget(*envelope);
    envelope->fail(rejected(Failure::Reason::shutting_down));
  }
}

void BalancerCore::on_finished(const Finished& finished) {
  const balance::WorkerId id = finished.timing.worker.value();
  --in_service_;
  if (finished.timing.started != time_never) {
    on_served(finished);
  } else {
    on_unserved(finished);
  }
  Worker& worker = *workers_[id.index];
  if (worker.id == id) {
    --worker.serving;
    serve_next(worker);
    show(worker);
    tell_if_idle(worker);
  }
  place_waiting();
}

void BalancerCore::on_served(const Finished& finished) {
  const balance::WorkerId id = *finished.timing.worker;
  const Timing& timing = finished.timing;
  const Duration wait = timing.started - timing.accepted;
  const Duration service = timing.finished - timing.started;
  picker_.note(balance::Event::finished(id, judge(finished), wait, service, finished.cost), now_);
  if (options_.observer == nullptr) return;
  options_.observer->on_served(service);
  const bool late = finished.left_for != Reason::none;
  options_.observer->on_answer(id.index, finished.account, finished.success, late, now_);
}

void BalancerCore::on_left(const ChannelHandle& reply) {
  if (kept_ != nullptr && kept_->key() == reply.core()) {
    kept_ = nullptr;
    return take_in();
  }
  Envelope* const found = can_leave_.find(reply.core());
  if (found == nullptr) return;  // It is being served, or was failed just now.
  forget(*found);
  const auto envelope = found->waits_in->remove(*found);
  if (envelope->waits_at) {
    Worker& worker = *workers_[*envelope->waits_at];
    dismiss(worker, *envelope);
    show(worker);
    tell_if_idle(worker);
  } else if (envelope->waits_in == &line_) {
    show_line();
  }
  place_waiting();
}

void BalancerCore::on_request(std::unique_ptr<Envelope> envelope) {
  if (kept_ != nullptr && !closing_) {
    wait_in(outside_, std::move(envelope));
  } else {
    accept(std::move(envelope));
  }
}

void BalancerCore::accept(std::unique_ptr<Envelope> envelope) {
  envelope->timing.accepted = now_;
  envelope->request.arrived = now_;
  if (envelope->context.cancelled()) return;  // Nobody waits for it.
  if (closing_) return envelope->fail(rejected(Failure::Reason::shutting_down));
  if (!pay_for(*envelope)) return envelope->fail(rejected(Failure::Reason::retry_budget));
  if (place(envelope)) return;
  kept_ = std::move(envelope);
}

// First attempts fill the budget, the others are paid from it.
bool BalancerCore::pay_for(const Envelope& envelope) {
  if (envelope.account >= budgets_.size() || !budgets_[envelope.account]) return true;
  RetryBudget& budget = *budgets_[envelope.account];
  if (envelope.request.kind != balance::AttemptKind::first) return budget.withdraw(now_);
  budget.deposit(now_);
  return true;
}

// Gives the attempt a worker, a place in the central line, or a failure. False, and the attempt
// still there, if there is no room and the balancer is to wait for some.
bool BalancerCore::place(std::unique_ptr<Envelope>& envelope) {
  if (!line_.empty()) return hold(envelope);  // Others came before.
  const balance::Decision decision = picker_.pick(envelope->request, now_);
  bool full = false;
  switch (decision.kind()) {
    case balance::Decision::Kind::send:
      full = !can_take(decision.worker());
      if (full) break;
      deliver(decision.worker(), std::move(envelope));
      return true;
    case balance::Decision::Kind::hold:
      return hold(envelope);
    case balance::Decision::Kind::reject:
      full = decision.reason() == balance::Reason::full;
      break;
    case balance::Decision::Kind::send_all:
      WEIR_CHECK(false, "a policy sent a request to several workers, which no balancer does yet");
  }
  if (full && options_.queue.overflow == Overflow::block) return false;
  envelope->fail(rejected(full ? Failure::Reason::full : as_failure(decision.reason())));
  return true;
}

// Puts the attempt into the central line, as the queue's options allow.
bool BalancerCore::hold(std::unique_ptr<Envelope>& envelope) {
  const QueueOptions& queue = options_.queue;
  if (line_.size() >= queue.limit) {
    if (queue.overflow == Overflow::block) return false;
    if (queue.overflow == Overflow::reject || line_.empty()) {
      envelope->fail(rejected(Failure::Reason::full));
      return true;
    }
    const auto oldest = line_.oldest();
    forget(*oldest);
    oldest->fail(rejected(Failure::Reason::dropped));
  }
  wait_in(line_, std::move(envelope));
  show_line();
  return true;
}

// Whether the worker has room, or makes some. A policy with a stale view may not know.
bool BalancerCore::can_take(balance::WorkerIndex index) const {
  const Worker& worker = *workers_[index];
  if (worker.serving < worker.concurrency) return true;
  if (!worker.shared && worker.line.size() < worker.queue.limit) return true;
  if (worker.queue.overflow == Overflow::drop_oldest && !worker.line.empty()) return true;
  WEIR_CHECK(picker_.is_stale(), "a policy overfilled a worker's queue");
  return false;
}

void BalancerCore::deliver(balance::WorkerIndex index, std::unique_ptr<Envelope> envelope) {
  Worker& worker = *workers_[index];
  picker_.note(balance::Event::sent(worker.id, envelope->request.cost), now_);
  envelope->sent_to.set(worker.id);
  if (worker.serving < worker.concurrency) {
    start(worker, std::move(envelope));
  } else {
    if (worker.line.size() >= worker.queue.limit) drop_oldest(worker);
    wait_in(worker.line, std::move(envelope), index);
  }
  show(worker);
}

void BalancerCore::drop_oldest(Worker& worker) {
  const auto oldest = worker.line.oldest();
  forget(*oldest);
  dismiss(worker, *oldest);
  oldest->fail(rejected(Failure::Reason::dropped));
  if (options_.observer != nullptr) options_.observer->on_drop(worker.id.index, now_);
}

void BalancerCore::start(Worker& worker, std::unique_ptr<Envelope> envelope) {
  ++worker.serving;
  ++in_service_;
  envelope->timing.worker = worker.id;
  if (worker.shared) {
    envelope->balancer = options_.number;
    return send_shared(worker, std::move(envelope));
  }
  picker_.note(balance::Event::started(worker.id, envelope->request.cost), now_);
  WEIR_CHECK(worker.inbox.try_send(envelope), "a worker's inbox was full although a slot was free");
}

// Fills the worker's free slots from its line. Who has left meanwhile is passed over.
void BalancerCore::serve_next(Worker& worker) {
  while (worker.serving < worker.concurrency) {
    auto envelope = worker.line.next();
    if (envelope == nullptr) return;
    forget(*envelope);
    if (envelope->context.cancelled()) {
      dismiss(worker, *envelope);
    } else {
      start(worker, std::move(envelope));
    }
  }
}

// Asks the policy again for those in the central line, in order, until it holds one back.
void BalancerCore::serve_line() {
  if (line_.empty()) return;
  while (auto envelope = line_.next()) {
    if (envelope->context.cancelled()) {
      forget(*envelope);
      continue;
    }
    const balance::Decision decision = picker_.pick(envelope->request, now_);
    const bool sends = decision.kind() == balance::Decision::Kind::send;
    if (sends && can_take(decision.worker())) {
      forget(*envelope);
      deliver(decision.worker(), std::move(envelope));
    } else if (refuses(decision)) {
      forget(*envelope);
      envelope->fail(rejected(Failure::Reason::refused));
    } else {
      line_.put_back(std::move(envelope));
      break;
    }
  }
  show_line();
}

void BalancerCore::place_kept() {
  if (kept_ == nullptr) return;
  auto envelope = std::move(kept_);
  if (envelope->context.cancelled() || place(envelope)) return take_in();
  kept_ = std::move(envelope);
}

// Once the kept one is gone, those that came after it are accepted.
void BalancerCore::take_in() {
  while (kept_ == nullptr) {
    auto envelope = outside_.next();
    if (envelope == nullptr) return;
    forget(*envelope);
    accept(std::move(envelope));
  }
}

// There may be room, or the policy may have changed its mind.
void BalancerCore::place_waiting() {
  serve_line();
  place_kept();
}

void BalancerCore::wait_in(WaitingLine& line, std::unique_ptr<Envelope> envelope,
                           std::optional<balance::WorkerIndex> worker) {
  ++waiting_;
  if (&line != &outside_) envelope->waits_since = now_;
  envelope->waits_in = &line;
  envelope->waits_at = worker;
  if (envelope->can_leave()) can_leave_.add(*envelope);
  line.add(std::move(envelope));
}

void BalancerCore::forget(Envelope& envelope) {
  --waiting_;
  if (options_.observer != nullptr && envelope.waits_since != time_never) {
    options_.observer->on_waited(now_ - envelope.waits_since);
  }
  if (envelope.can_leave()) can_leave_.remove(envelope);
}

// An attempt has left the worker's line unserved.
void BalancerCore::dismiss(Worker& worker, const Envelope& envelope) {
  picker_.note(balance::Event::cancelled(worker.id, envelope.request.cost), now_);
}

bool BalancerCore::over() const {
  return closing_ && in_service_ == 0 && waiting_ == 0 && kept_ == nullptr;
}

void BalancerCore::show(const Worker& worker) {
  WEIR_CHECK(worker.line.empty() || worker.serving >= worker.concurrency,
             "a worker idles while a request waits for it");
  if (options_.observer == nullptr || worker.removed) return;
  options_.observer->on_worker(worker.id.index, worker.serving, worker.line.size(), now_);
}

void BalancerCore::show_line() {
  if (options_.observer != nullptr) options_.observer->on_line(line_.size(), now_);
}

}  // namespace weir::rpc
