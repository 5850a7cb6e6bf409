#include "weir/sim/simulated_worker.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "weir/runtime/go.h"
#include "weir/runtime/task_dump.h"
#include "weir/sim/machine.h"
#include "weir/sync/select.h"

namespace weir::sim {
namespace {

using Jobs = rpc::JobSource<Query, Served>;
using SimulatedJob = rpc::Job<Query, Served>;
using Outcome = std::expected<Served, rpc::Failure>;
using What = WorkerChange::What;

// Names the random numbers of one attempt.
std::uint64_t attempt_of(const SimulatedJob& job) {
  return job.query().entity + job.request().attempt;
}

// A job of a worker whose machine has vanished: the slot is taken until the caller has left or
// somebody answers at that address again.
Task<> wait_in_vain(SimulatedJob job, Jobs jobs, Context reachable) {
  auto left = done(job.context());
  auto again = done(reachable);
  co_await select_first(left, again);
  const auto ended = job.end(false);
  if (!jobs.try_report(ended)) co_await jobs.report(ended);
}

class SimulatedWorker {
 public:
  SimulatedWorker(const Plan& plan, const Workers& group, const Jobs& jobs)
      : plan_(plan),
        group_(group),
        jobs_(jobs),
        machine_(group.speed,
                 group.serve == Workers::Serve::ps ? std::optional(group.cores) : std::nullopt),
        health_(balance::Health::up),
        concurrency_(group.concurrency) {}

  TimePoint next() const {
    const TimePoint reply = late_.empty() ? time_never : late_.front().at;
    return std::min(machine_.next(), reply);
  }

  void begin(SimulatedJob job);
  void change(const WorkerChange& change);
  void finish_due();
  void end_faults();

  // Ends of which the balancer has not heard.
  std::vector<SimulatedJob::Ended> take_ended() { return std::exchange(ended_, {}); }

  // What the balancer is to hear, if it has changed since the last call.
  bool has_news() const { return !ended_.empty() || changed_; }
  std::optional<balance::Health> new_health();
  std::optional<std::uint32_t> new_concurrency();

  void set_time(TimePoint time) { now_ = time; }

 private:
  struct Slot {
    std::optional<SimulatedJob> job;
    bool in_black_hole = false;
  };
  struct LateReply {
    TimePoint at;
    std::uint64_t ordinal;
    SimulatedJob job;
    Outcome outcome;

    bool operator>(const LateReply& other) const {
      return at != other.at ? at > other.at : ordinal > other.ordinal;
    }
  };

  void go_down(const Fault& fault);
  void come_up(const Fault& fault);
  void end_badly(SimulatedJob job);
  void finish(std::uint32_t slot);
  Outcome outcome_of(const Slot& slot) const;
  bool loses_reply(const SimulatedJob& job) const;
  Duration delay_of(const SimulatedJob& job) const;
  void send_late_reply();
  void release_hung();
  void set_pace();
  SimulatedJob take(std::uint32_t slot);

  const std::vector<const Fault*>& on(What what) const {
    return on_[static_cast<std::size_t>(what)];
  }

  const Plan& plan_;
  const Workers& group_;
  const Jobs& jobs_;
  TimePoint now_{};
  Machine machine_;
  std::vector<Slot> slots_;  // by the machine's number of the job
  std::vector<std::uint32_t> free_;
  std::vector<const Fault*> on_[static_cast<std::size_t>(What::scale) + 1];
  std::vector<SimulatedJob> hung_;
  std::vector<LateReply> late_;  // a heap, the earliest first
  std::vector<SimulatedJob::Ended> ended_;
  std::uint64_t late_replies_ = 0;
  bool changed_ = false;  // since the last news
  bool silent_ = false;   // while down: nobody hears anything
  std::optional<CancelScope> vanished_;
  balance::Health health_;     // as the balancer knows it
  std::uint32_t concurrency_;  // as the balancer knows it
};

void SimulatedWorker::begin(SimulatedJob job) {
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

SimulatedJob SimulatedWorker::take(std::uint32_t slot) {
  SimulatedJob job = *std::move(slots_[slot].job);
  slots_[slot].job.reset();
  free_.push_back(slot);
  return job;
}

void SimulatedWorker::change(const WorkerChange& change) {
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
  if (change.what == What::chill && change.on) {
    machine_.chill(change.fault->factor, change.fault->time.value_or(Duration::zero()), now_);
  }
}

void SimulatedWorker::set_pace() {
  double pace = on(What::freeze).empty() ? 1 : 0;
  for (const Fault* fault : on(What::slow)) pace /= fault->factor;
  machine_.set_pace(pace, now_);
}

void SimulatedWorker::go_down(const Fault& fault) {
  silent_ = fault.replies == Fault::Replies::lost;
  if (silent_ && !vanished_) vanished_.emplace(with_cancel(plan_.horizon));
  for (const std::uint32_t slot : machine_.take_all(now_)) end_badly(take(slot));
  for (SimulatedJob& job : std::exchange(hung_, {})) end_badly(std::move(job));
  late_.clear();
}

void SimulatedWorker::come_up(const Fault& fault) {
  if (vanished_) vanished_->cancel();
  vanished_.reset();
  if (fault.cold) machine_.chill(fault.cold->factor, fault.cold->time, now_);
}

void SimulatedWorker::end_badly(SimulatedJob job) {
  if (silent_) {
    go(wait_in_vain(std::move(job), jobs_, vanished_->context));
  } else {
    ended_.push_back(job.answer(std::unexpected(rpc::Failure::down())));
  }
}

void SimulatedWorker::release_hung() {
  for (SimulatedJob& job : std::exchange(hung_, {})) {
    ended_.push_back(job.end(false));
  }
}

void SimulatedWorker::finish_due() {
  while (const auto slot = machine_.take_done(now_)) finish(*slot);
  while (!late_.empty() && late_.front().at <= now_) send_late_reply();
}

void SimulatedWorker::finish(std::uint32_t slot) {
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
Outcome SimulatedWorker::outcome_of(const Slot& slot) const {
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

bool SimulatedWorker::loses_reply(const SimulatedJob& job) const {
  bool loses = false;
  if (on(What::lose).empty()) return loses;
  Random random(plan_.key, "fault lost", attempt_of(job));
  for (const Fault* fault : on(What::lose)) loses |= random.uniform() < fault->share;
  return loses;
}

Duration SimulatedWorker::delay_of(const SimulatedJob& job) const {
  Duration delay{};
  if (on(What::delay).empty()) return delay;
  Random random(plan_.key, "fault late", attempt_of(job));
  for (const Fault* fault : on(What::delay)) {
    const bool late = random.uniform() < fault->share;
    if (late) delay += fault->delay.sample_duration(random);
  }
  return delay;
}

void SimulatedWorker::send_late_reply() {
  std::ranges::pop_heap(late_, std::greater<>());
  LateReply reply = std::move(late_.back());
  late_.pop_back();
  reply.job.reply(std::move(reply.outcome));
}

// Whoever still waited for a lost or late reply has been told that the run is over.
void SimulatedWorker::end_faults() {
  const bool was_down = !on(What::down).empty();
  changed_ = true;
  for (auto& faults : on_) faults.clear();
  if (was_down && vanished_) vanished_->cancel();
  release_hung();
  late_.clear();
  set_pace();
  if (!plan_.options.stop.cancelled()) return;
  for (const std::uint32_t slot : machine_.take_all(now_)) ended_.push_back(take(slot).end(false));
}

std::optional<balance::Health> SimulatedWorker::new_health() {
  changed_ = false;
  balance::Health health = balance::Health::up;
  if (!on(What::drain).empty()) health = balance::Health::draining;
  if (!on(What::known).empty()) health = balance::Health::down;
  if (health == health_) return std::nullopt;
  health_ = health;
  return health;
}

std::optional<std::uint32_t> SimulatedWorker::new_concurrency() {
  const auto& scales = on(What::scale);
  const std::uint32_t concurrency =
      scales.empty() ? group_.concurrency : *scales.back()->concurrency;
  if (concurrency == concurrency_) return std::nullopt;
  concurrency_ = concurrency;
  return concurrency;
}

// What is told to the balancer goes first, so that it sends nothing to who is about to go down.
Task<> report(SimulatedWorker& worker, const Jobs& jobs) {
  if (const auto health = worker.new_health()) co_await jobs.worker().set_health(*health);
  if (const auto slots = worker.new_concurrency()) co_await jobs.worker().set_concurrency(*slots);
  const auto all_ended = worker.take_ended();
  for (const SimulatedJob::Ended& ended : all_ended) {
    if (!jobs.try_report(ended)) co_await jobs.report(ended);
  }
}

}  // namespace

Task<> run_simulated_worker(const Plan& plan, const Workers& group, std::uint32_t number, Jobs jobs,
                            Receiver<WorkerChange> changes) {
  if (plan.options.names_tasks) set_task_name(name_of(group, number));
  SimulatedWorker worker(plan, group, jobs);
  auto over = done(plan.horizon);
  auto change = receive_from(changes);
  auto job = jobs.next();
  while (true) {
    auto due = until(worker.next());
    co_await select_first(over, change, job, due);
    if (job.chosen() && !job) break;
    worker.set_time(now());
    worker.finish_due();
    if (over.chosen()) {
      worker.end_faults();
      over.disable();
      change.disable();
    }
    if (change) worker.change(*change);
    if (job) worker.begin(jobs.take(job));
    worker.finish_due();
    if (worker.has_news()) {
      auto reported = report(worker, jobs);
      co_await reported;
    }
  }
}

}  // namespace weir::sim
