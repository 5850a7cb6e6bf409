#include "weir/sim/changing_worker.h"

#include <algorithm>
#include <functional>

#include "weir/runtime/go.h"
#include "weir/sync/select.h"

namespace weir::sim {
namespace {

// Names the random numbers of one attempt.
std::uint64_t attempt_of(const ChangingWorker::SimulatedJob& job) {
  return job.query().entity + job.request().attempt;
}

// A job of a worker whose machine has vanished: the slot is taken until the caller has left or
// somebody answers at that address again.
Task<> wait_in_vain(ChangingWorker::SimulatedJob job, rpc::JobSource<Query, Served> source,
                    Context reachable) {
  auto left = done(job.context());
  auto again = done(reachable);
  co_await select_first(left, again);
  const auto ended = job.end(false);
  if (!source.try_report(ended)) co_await source.report(ended);
}

}  // namespace

void ChangingWorker::begin(SimulatedJob job) {
  if (!on(What::down).empty()) return end_badly(std::move(job));
  if (!on(What::hang).empty()) return hung_.push_back(std::move(job));
  const bool in_black_hole = !on(What::black_hole).empty();
  const double work = in_black_hole ? to_seconds(on(What::black_hole).back()->takes)
                                    : service_seconds(plan_, job.query(), job.request().attempt);
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  slots_[slot].job.emplace(std::move(job));
  slots_[slot].in_black_hole = in_black_hole;
  machine_.begin(slot, work, now_);
}

ChangingWorker::SimulatedJob ChangingWorker::take(std::uint32_t slot) {
  SimulatedJob job = *std::move(slots_[slot].job);
  slots_[slot].job.reset();
  free_.push_back(slot);
  return job;
}

void ChangingWorker::change(const WorkerChange& change) {
  auto& faults = on_[static_cast<std::size_t>(change.what)];
  changed_ = true;
  if (change.on) {
    faults.push_back(change.fault);
  } else {
    const auto found = std::ranges::find(faults, change.fault);
    if (found != faults.end()) faults.erase(found);
  }
  if (change.what == What::slow || change.what == What::freeze) set_pace();
  if (change.what == What::hang && faults.empty()) release_hung();
  if (change.what == What::down && change.on) go_down(*change.fault);
  if (change.what == What::down && !change.on && faults.empty()) come_up(*change.fault);
  // Who comes, or is let in again.
  if (change.what == What::bring && change.on && faults.size() == 1) warm_up(*change.fault);
  if (change.what == What::drain && !change.on && faults.empty()) {
    if (change.fault->kind == Fault::Kind::scale) warm_up(*change.fault);
  }
  if (change.what == What::chill && change.on) {
    machine_.chill(change.fault->factor, change.fault->time.value_or(Duration::zero()), now_);
  }
}

void ChangingWorker::set_pace() {
  double pace = on(What::freeze).empty() ? 1 : 0;
  for (const Fault* fault : on(What::slow)) pace /= fault->factor;
  machine_.set_pace(pace, now_);
}

void ChangingWorker::go_down(const Fault& fault) {
  silent_ = fault.replies == Fault::Replies::lost;
  if (silent_ && !vanished_) vanished_.emplace(with_cancel(plan_.horizon));
  for (const std::uint32_t slot : machine_.take_all(now_)) end_badly(take(slot));
  for (SimulatedJob& job : std::exchange(hung_, {})) end_badly(std::move(job));
  late_.clear();
}

void ChangingWorker::come_up(const Fault& fault) {
  if (vanished_) vanished_->cancel();
  vanished_.reset();
  warm_up(fault);
}

void ChangingWorker::warm_up(const Fault& fault) {
  if (fault.cold) machine_.chill(fault.cold->factor, fault.cold->time, now_);
}

void ChangingWorker::end_badly(SimulatedJob job) {
  if (silent_) {
    lost_service_ += now_ - job.started();
    const auto& source = sources_[job.balancer()];
    go(wait_in_vain(std::move(job), source, vanished_->context));
  } else {
    ended_.push_back(job.answer(std::unexpected(rpc::Failure::down())));
  }
}

void ChangingWorker::release_hung() {
  for (SimulatedJob& job : std::exchange(hung_, {})) {
    ended_.push_back(job.end(false));
  }
}

void ChangingWorker::finish_due() {
  while (const auto slot = machine_.take_done(now_)) finish(*slot);
  while (!late_.empty() && late_.front().at <= now_) send_late_reply();
}

void ChangingWorker::finish(std::uint32_t slot) {
  Outcome outcome = outcome_of(slots_[slot]);
  SimulatedJob job = take(slot);
  if (loses_reply(job)) {
    ended_.push_back(job.end(outcome.has_value()));
    return;
  }
  const Duration delay = delay_of(job);
  if (delay == Duration::zero()) {
    ended_.push_back(job.answer(std::move(outcome)));
    return;
  }
  ended_.push_back(job.end(outcome.has_value()));
  late_.push_back({.at = saturating_add(now_, delay),
                   .ordinal = late_replies_++,
                   .job = std::move(job),
                   .outcome = std::move(outcome)});
  std::ranges::push_heap(late_, std::greater<>());
}

// The numbers are the attempt's own, so every policy meets the same errors.
ChangingWorker::Outcome ChangingWorker::outcome_of(const Slot& slot) const {
  const SimulatedJob& job = *slot.job;
  bool fails =
      slot.in_black_hole || fails_by_chance(plan_, group_, job.query(), job.request().attempt);
  if (!on(What::error).empty()) {
    Random random(plan_.key, "fault error", attempt_of(job));
    for (const Fault* fault : on(What::error)) fails |= random.uniform() < fault->share;
  }
  if (fails) return std::unexpected(rpc::Failure(rpc::Failure::Kind::failed));
  return Served{};
}

bool ChangingWorker::loses_reply(const SimulatedJob& job) const {
  bool loses = false;
  if (on(What::lose).empty()) return loses;
  Random random(plan_.key, "fault lost", attempt_of(job));
  for (const Fault* fault : on(What::lose)) loses |= random.uniform() < fault->share;
  return loses;
}

Duration ChangingWorker::delay_of(const SimulatedJob& job) const {
  Duration delay{};
  if (on(What::delay).empty()) return delay;
  Random random(plan_.key, "fault late", attempt_of(job));
  for (const Fault* fault : on(What::delay)) {
    const bool late = random.uniform() < fault->share;
    if (late) delay += fault->delay.sample_duration(random);
  }
  return delay;
}

void ChangingWorker::send_late_reply() {
  std::ranges::pop_heap(late_, std::greater<>());
  LateReply reply = std::move(late_.back());
  late_.pop_back();
  reply.job.reply(std::move(reply.outcome));
}

// Whoever still waited for a lost or late reply has been told that the run is over, and so has whom
// a stop cuts off, unless nothing but an answer can reach him.
void ChangingWorker::end_faults() {
  const bool was_down = !on(What::down).empty();
  changed_ = true;
  for (auto& faults : on_) faults.clear();
  if (was_down && vanished_) vanished_->cancel();
  release_hung();
  late_.clear();
  set_pace();
  if (!plan_.hurry().cancelled()) return;
  for (const std::uint32_t slot : machine_.take_all(now_)) {
    SimulatedJob job = take(slot);
    const auto refusal = rpc::rejected(rpc::Failure::Reason::shutting_down);
    ended_.push_back(job.context().can_end() ? job.end(false)
                                             : job.answer(std::unexpected(refusal)));
  }
}

std::optional<balance::Health> ChangingWorker::new_health() {
  changed_ = false;
  balance::Health health = balance::Health::up;
  const bool is_away = comes_ && on(What::bring).empty();
  if (is_away || !on(What::drain).empty()) health = balance::Health::draining;
  if (!on(What::known).empty()) health = balance::Health::down;
  if (health == health_) return std::nullopt;
  health_ = health;
  return health;
}

std::uint32_t ChangingWorker::concurrency() const {
  const auto& scales = on(What::scale);
  return scales.empty() ? group_.concurrency : *scales.back()->concurrency;
}

std::uint32_t ChangingWorker::servers() const {
  return group_.serve == Workers::Serve::ps ? group_.servers() : concurrency();
}

std::optional<std::uint32_t> ChangingWorker::new_concurrency() {
  if (concurrency() == concurrency_) return std::nullopt;
  concurrency_ = concurrency();
  return concurrency_;
}

// What is told to the balancer goes first, so that it sends nothing to who is about to go down.
Task<> report_news(ChangingWorker& worker, const ChangingWorker::Sources& sources) {
  const auto health = worker.new_health();
  for (std::size_t i = 0; health && i < sources.size(); ++i) {
    co_await sources[i].worker().set_health(*health);
  }
  const auto slots = worker.new_concurrency();
  for (std::size_t i = 0; slots && i < sources.size(); ++i) {
    co_await sources[i].worker().set_concurrency(*slots);
  }
  const auto all_ended = worker.take_ended();
  for (const ChangingWorker::SimulatedJob::Ended& ended : all_ended) {
    const auto& source = sources[ended.balancer];
    if (!source.try_report(ended)) co_await source.report(ended);
  }
}

}  // namespace weir::sim
