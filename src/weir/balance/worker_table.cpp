#include "weir/balance/worker_table.h"

#include <cmath>
#include <utility>

#include "weir/base/check.h"

namespace weir::balance {

WorkerTable::WorkerTable(FilterOptions options) : options_(options) {}

void WorkerTable::advance(TimePoint now) {
  WEIR_CHECK(now >= now_, "time went back: the view was given an older time than before");
  now_ = now;
}

WorkerId WorkerTable::add(WorkerOptions options) {
  WEIR_CHECK(std::isfinite(options.weight) && options.weight >= 0, "a weight is 0 or more");
  WEIR_CHECK(options.concurrency > 0, "a worker serves at least one request at once");
  if (free_.empty()) {
    free_.push_back(slots());
    slots_.emplace_back().worker.id = {.index = free_.back(), .generation = 0};
  }
  const WorkerIndex place = free_.back();
  free_.pop_back();
  Slot& slot = slots_[place];
  const WorkerId id{.index = place, .generation = slot.worker.id.generation + 1};
  slot.worker = {.id = id,
                 .since = now_,
                 .weight = options.weight,
                 .speed = options.speed,
                 .concurrency = options.concurrency,
                 .limit = options.limit,
                 .name = std::move(options.name)};
  slot.taken = true;
  ++size_;
  count(Health::up, +1);
  settle(place);
  settle_panic();
  return id;
}

void WorkerTable::remove(WorkerIndex worker) {
  WEIR_CHECK(contains(worker), "a worker was removed that the table does not hold");
  Slot& slot = slots_[worker];
  slot.taken = false;
  --size_;
  count(slot.worker.health, -1);
  settle(worker);
  settle_panic();
  free_.push_back(worker);
}

void WorkerTable::set_health(WorkerIndex worker, Health health) {
  WEIR_CHECK(contains(worker), "a worker's health was set that the table does not hold");
  WorkerView& changed = slots_[worker].worker;
  if (changed.health == health) return;
  count(changed.health, -1);
  count(health, +1);
  changed.health = health;
  changed.since = now_;
  settle(worker);
  settle_panic();
}

void WorkerTable::set_weight(WorkerIndex worker, double weight) {
  WEIR_CHECK(contains(worker), "a worker's weight was set that the table does not hold");
  WEIR_CHECK(std::isfinite(weight) && weight >= 0, "a weight is 0 or more");
  slots_[worker].worker.weight = weight;
  settle(worker);
}

void WorkerTable::set_concurrency(WorkerIndex worker, std::uint32_t concurrency) {
  WEIR_CHECK(contains(worker), "a worker's slots were set that the table does not hold");
  WEIR_CHECK(concurrency > 0, "a worker serves at least one request at once");
  slots_[worker].worker.concurrency = concurrency;
  settle(worker);
}

void WorkerTable::sent(WorkerIndex worker, double cost) {
  WEIR_CHECK(contains(worker), "a request was sent to a worker that the table does not hold");
  WorkerView& target = slots_[worker].worker;
  ++target.in_flight;
  target.work += cost;
  settle(worker);
}

void WorkerTable::done(WorkerIndex worker, double cost) {
  WEIR_CHECK(contains(worker), "a request ended at a worker that the table does not hold");
  WorkerView& source = slots_[worker].worker;
  WEIR_CHECK(source.in_flight > 0, "more requests ended at a worker than were sent to it");
  --source.in_flight;
  source.work = source.in_flight == 0 ? 0 : source.work - cost;  // an idle worker holds no residue
  settle(worker);
}

void WorkerTable::hide(std::span<const WorkerId> tried) {
  WEIR_CHECK(hidden_.empty(), "workers were hidden twice without being shown in between");
  for (const WorkerId id : tried) {
    const std::optional<WorkerIndex> worker = find(id);
    if (!worker || !eligible_.contains(*worker)) continue;
    if (eligible_.members().size() == 1) return show();
    hidden_.push_back({.worker = *worker, .place = eligible_.erase(*worker)});
  }
}

void WorkerTable::show() {
  for (; !hidden_.empty(); hidden_.pop_back()) {
    eligible_.restore(hidden_.back().worker, hidden_.back().place);
  }
}

void WorkerTable::count(Health health, int by) {
  const auto step = static_cast<std::size_t>(by);  // -1 wraps around, as unsigned sums do
  if (health == Health::up) up_ += step;
  if (health != Health::draining) members_ += step;
}

// Brings the worker's place in the sets up to date with what the table says of it.
void WorkerTable::settle(WorkerIndex worker) {
  Slot& slot = slots_[worker];
  const bool fit = slot.taken && is_fit(slot.worker, panicking_);
  if (fit != slot.fit) fit_ += static_cast<std::size_t>(fit ? 1 : -1);
  slot.fit = fit;
  const bool eligible = fit && slot.worker.has_room();
  if (eligible == eligible_.contains(worker)) return;
  if (eligible) {
    eligible_.insert(worker);
  } else {
    eligible_.erase(worker);
  }
}

void WorkerTable::settle_panic() {
  const bool panicking = panics(up_, members_, options_);
  if (panicking == panicking_) return;
  panicking_ = panicking;
  for (WorkerIndex worker = 0; worker < slots(); ++worker) settle(worker);
}

}  // namespace weir::balance
