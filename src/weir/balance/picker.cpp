#include "weir/balance/picker.h"

#include <algorithm>
#include <utility>

#include "weir/base/check.h"

namespace weir::balance {

namespace {

// Shows hidden workers again, also when a user's policy throws.
class ShowAgain {
 public:
  explicit ShowAgain(WorkerTable& table) : table_(table) {}
  ~ShowAgain() { table_.show(); }
  ShowAgain(const ShowAgain&) = delete;
  ShowAgain& operator=(const ShowAgain&) = delete;

 private:
  WorkerTable& table_;
};

}  // namespace

Picker::Picker(const PolicySpec& policy, Random random, FilterOptions options)
    : table_(options), policy_(policy.make()), random_(random) {
  WEIR_CHECK(policy_ != nullptr, "the factory of a policy made none");
}

WorkerId Picker::add(WorkerOptions options, TimePoint now) {
  table_.advance(now);
  const bool panicked = table_.panicking();
  const WorkerId worker = table_.add(std::move(options));
  tell_change(worker, Membership::added, panicked);
  return worker;
}

void Picker::remove(WorkerId worker, TimePoint now) {
  table_.advance(now);
  if (!table_.find(worker)) return;
  const bool panicked = table_.panicking();
  table_.remove(worker.index);
  tell_change(worker, Membership::removed, panicked);
}

void Picker::set_health(WorkerId worker, Health health, TimePoint now) {
  table_.advance(now);
  if (!table_.find(worker)) return;
  const bool panicked = table_.panicking();
  table_.set_health(worker.index, health);
  tell_change(worker, Membership::changed, panicked);
}

void Picker::set_weight(WorkerId worker, double weight, TimePoint now) {
  table_.advance(now);
  if (!table_.find(worker)) return;
  table_.set_weight(worker.index, weight);
  tell(Event::member(worker, Membership::changed));
}

void Picker::set_concurrency(WorkerId worker, std::uint32_t concurrency, TimePoint now) {
  table_.advance(now);
  if (!table_.find(worker)) return;
  table_.set_concurrency(worker.index, concurrency);
  tell(Event::member(worker, Membership::changed));
}

Decision Picker::pick(const Request& request, TimePoint now) {
  table_.advance(now);
  if (is_stale()) show_news(now);
  if (table_.eligible().empty()) return Decision::reject(why_none(table_));
  table_.hide(request.tried);
  const ShowAgain afterwards(table_);
  Decision decision = policy_->pick(request, table_, random_);
  for (const WorkerIndex worker : decision.workers()) {
    WEIR_CHECK(table_.is_eligible(worker), "a policy picked a worker that is not eligible");
  }
  return decision;
}

void Picker::note(const Event& event, TimePoint now) {
  table_.advance(now);
  if (is_stale()) show_news(now);
  if (event.kind == Event::Kind::tick) {
    if (policy_->next_tick() <= now || !is_stale()) tell(event);
    return;
  }
  WEIR_CHECK(event.kind != Event::Kind::membership,
             "membership is changed by add, remove, set_health and set_weight");
  if (is_stale()) {
    unseen_.push_back(event);
  } else {
    apply(event);
  }
}

void Picker::set_stale(Duration period, TimePoint now) {
  WEIR_CHECK(period >= Duration::zero(), "a view cannot be younger than now");
  table_.advance(now);
  stale_ = period;
  shown_ = now;
  for (const Event& event : std::exchange(unseen_, {})) apply(event);
}

TimePoint Picker::next_tick() const {
  const TimePoint wanted = policy_->next_tick();
  return unseen_.empty() ? wanted : std::min(wanted, saturating_add(shown_, stale_));
}

// Whatever is unseen happened before the last time at which the view was to be brought up to date.
void Picker::show_news(TimePoint now) {
  if (now - shown_ < stale_) return;
  shown_ += (now - shown_) / stale_ * stale_;
  for (const Event& event : std::exchange(unseen_, {})) apply(event);
}

void Picker::apply(const Event& event) {
  if (!table_.find(event.worker)) return;
  if (event.kind == Event::Kind::sent) {
    table_.sent(event.worker.index, event.cost);
  } else if (event.kind != Event::Kind::started) {
    table_.done(event.worker.index, event.cost);
  }
  tell(event);
}

void Picker::tell(const Event& event) {
  policy_->on_event(event, table_, random_);
}

// The start and the end of panic change whether ejected workers are eligible, and theirs alone.
void Picker::tell_change(WorkerId worker, Membership membership, bool panicked) {
  tell(Event::member(worker, membership));
  if (panicked == table_.panicking()) return;
  for (WorkerIndex other = 0; other < table_.slots(); ++other) {
    if (!table_.contains(other) || table_[other].health != Health::ejected) continue;
    if (other != worker.index) tell(Event::member(table_[other].id, Membership::changed));
  }
}

}  // namespace weir::balance
