#include "weir/sim/fault_driver.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "weir/sim/fault_timeline.h"
#include "weir/sync/select.h"
#include "weir/sync/sleep.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

using What = WorkerChange::What;
using Targets = std::vector<const WorkerControl*>;

// Workers listen until the horizon comes.
Task<> tell(const Plan& plan, const Targets& targets, What what, bool on, const Fault& fault) {
  auto over = done(plan.horizon);
  for (const WorkerControl* target : targets) {
    const What told = target->comes && brings(fault) ? What::bring : what;
    auto sent = send_to(target->changes, WorkerChange{.what = told, .on = on, .fault = &fault});
    co_await select_first(over, sent);
    if (over) co_return;
  }
}

What effect_of(const Fault& fault) {
  switch (fault.kind) {
    case Fault::Kind::crash:
    case Fault::Kind::restart:
      return What::down;
    case Fault::Kind::drain:
      return What::drain;
    case Fault::Kind::slow:
      return What::slow;
    case Fault::Kind::freeze:
      return What::freeze;
    case Fault::Kind::hang:
      return What::hang;
    case Fault::Kind::black_hole:
      return What::black_hole;
    case Fault::Kind::error:
      return What::error;
    case Fault::Kind::lost_reply:
      return What::lose;
    case Fault::Kind::late_reply:
      return What::delay;
    case Fault::Kind::cold_start:
      return What::chill;
    case Fault::Kind::scale:
      return fault.count ? What::drain : What::scale;
    case Fault::Kind::stale:
      break;
  }
  check_failed("effect", "a fault of the balancer was told to workers");
}

// The end of a time that may have none.
TimePoint end_of(TimePoint begin, std::optional<Duration> time) {
  return time ? saturating_add(begin, *time) : time_never;
}

// Down; the balancer notices after a while, and notices that it is up again after as long.
Task<> crash(const Plan& plan, const Fault& fault, const Targets& targets,
             std::optional<Duration> time) {
  const TimePoint begin = now();
  const TimePoint end = end_of(begin, time);
  const TimePoint noticed = saturating_add(begin, fault.detect);
  if (fault.detect == Duration::zero()) co_await tell(plan, targets, What::known, true, fault);
  co_await tell(plan, targets, What::down, true, fault);
  if (fault.detect > Duration::zero() && noticed < end) {
    const bool waited = co_await sleep_until(plan.horizon, noticed);
    if (!waited) co_return;
    co_await tell(plan, targets, What::known, true, fault);
  }
  const bool over = co_await sleep_until(plan.horizon, end);
  if (!over) co_return;
  co_await tell(plan, targets, What::down, false, fault);
  if (noticed >= end) co_return;
  const bool noticed_again = co_await sleep_until(plan.horizon, saturating_add(end, fault.detect));
  if (!noticed_again) co_return;
  co_await tell(plan, targets, What::known, false, fault);
}

// Drained for as long as it is given, then down. What is still there then is lost.
Task<> restart_one(const Plan& plan, const Fault& fault, const WorkerControl* target,
                   Duration time) {
  const Targets alone(1, target);
  co_await tell(plan, alone, What::drain, true, fault);
  if (fault.grace > Duration::zero()) {
    auto grace = with_timeout(plan.horizon, fault.grace);
    WaitGroup draining;
    for (std::size_t i = 1; i < target->handles.size(); ++i) {
      draining.go([](rpc::WorkerHandle handle,
                     Context given_up) -> Task<> { co_await handle.drain(given_up); },
                  target->handles[i], grace.context);
    }
    co_await target->handles.front().drain(grace.context);
    co_await draining.wait();
    grace.cancel();
  }
  if (plan.horizon.cancelled()) co_return;
  co_await tell(plan, alone, What::known, true, fault);
  co_await tell(plan, alone, What::down, true, fault);
  const bool over = co_await sleep(plan.horizon, time);
  if (!over) co_return;
  co_await tell(plan, alone, What::down, false, fault);
  co_await tell(plan, alone, What::drain, false, fault);
  co_await tell(plan, alone, What::known, false, fault);
}

Task<> restart(const Plan& plan, const Fault& fault, const Targets& targets, Duration time) {
  const std::size_t batch = fault.batch == 0 ? targets.size() : fault.batch;
  for (std::size_t first = 0; first < targets.size() && !plan.horizon.cancelled(); first += batch) {
    WaitGroup group;
    const std::size_t last = std::min(targets.size(), first + batch);
    for (std::size_t i = first; i < last; ++i) {
      group.go(restart_one(plan, fault, targets[i], time));
    }
    co_await group.wait();
  }
}

// Once, on all targets, for that long.
Task<> strike(const Plan& plan, const Fault& fault, Targets targets, std::optional<Duration> time) {
  if (fault.kind == Fault::Kind::crash) co_return co_await crash(plan, fault, targets, time);
  if (fault.kind == Fault::Kind::restart) {
    co_return co_await restart(plan, fault, targets, time.value_or(Duration::zero()));
  }
  co_await tell(plan, targets, effect_of(fault), true, fault);
  const bool over = co_await sleep_until(plan.horizon, end_of(now(), time));
  if (over) co_await tell(plan, targets, effect_of(fault), false, fault);
}

// Every strike is a task of its own, since the next may begin before it is over.
Task<> follow_timeline(const Plan& plan, const Fault& fault, Targets targets) {
  WaitGroup strikes;
  for (TimePoint at = saturating_add(plan.start, fault.at);;
       at = saturating_add(at, *fault.every)) {
    const bool waited = co_await sleep_until(plan.horizon, at);
    if (!waited) break;
    strikes.go(strike(plan, fault, targets, fault.time));
    if (!fault.every) break;
  }
  co_await strikes.wait();
}

Task<> come_and_go(const Plan& plan, const Fault& fault, const WorkerControl* target,
                   Random uptimes, Random downtimes) {
  while (true) {
    const Duration uptime = fault.uptime->sample_duration(uptimes);
    const bool waited = co_await sleep(plan.horizon, uptime);
    if (!waited) break;
    const Duration downtime = fault.downtime->sample_duration(downtimes);
    Targets alone(1, target);
    co_await strike(plan, fault, std::move(alone), downtime);
  }
}

// How old loads are to policies at that time: of several faults the oldest.
Duration age_at(const Scenario& scenario, Duration time) {
  std::optional<Duration> age;
  for (const Fault& fault : scenario.faults) {
    if (fault.kind != Fault::Kind::stale || !is_on(fault, time)) continue;
    age = std::max(age.value_or(fault.age), fault.age);
  }
  return age.value_or(scenario.balancer.stale);
}

// One task for all such faults, since they may lie over each other.
Task<> change_staleness(const Plan& plan, Balancers& balancers) {
  const Scenario& scenario = plan.scenario;
  Duration age = scenario.balancer.stale;
  for (Duration time{};;) {
    const Duration now_due = age_at(scenario, time);
    if (now_due != age) co_await balancers.set_stale(now_due);
    age = now_due;
    Duration next = Duration::max();
    for (const Fault& fault : scenario.faults) {
      if (fault.kind == Fault::Kind::stale) next = std::min(next, next_change(fault, time));
    }
    const bool begun = co_await sleep_until(plan.horizon, saturating_add(plan.start, next));
    if (!begun) break;
    time = next;
  }
}

bool strikes_worker(const Plan& plan, const Fault& fault, const WorkerControl& worker) {
  if (!strikes(fault, plan.scenario.workers[worker.group])) return false;
  if (fault.number && *fault.number != worker.number) return false;
  if (!fault.count) return true;
  return worker.comes ? worker.number < *fault.count : worker.number >= *fault.count;
}

// Keeps a share of them, drawn without regard to order.
Targets draw_targets(const Plan& plan, const Fault& fault, std::uint64_t number,
                     const std::vector<WorkerControl>& workers) {
  Targets all;
  for (const WorkerControl& worker : workers) {
    if (strikes_worker(plan, fault, worker)) all.push_back(&worker);
  }
  if (fault.fraction >= 1) return all;
  const auto kept =
      static_cast<std::size_t>(std::ceil(fault.fraction * static_cast<double>(all.size())));
  Random random(plan.key, "fault targets", number);
  for (std::size_t i = 0; i < kept; ++i) std::swap(all[i], all[i + random.below(all.size() - i)]);
  all.resize(kept);
  std::ranges::sort(all, {}, &WorkerControl::index);
  return all;
}

}  // namespace

std::vector<Fault> random_crashes(const Scenario& scenario) {
  std::vector<Fault> crashes;
  for (const Workers& group : scenario.workers) {
    crashes.push_back({.kind = Fault::Kind::crash,
                       .group = group.name,
                       .uptime = group.uptime,
                       .downtime = group.downtime});
  }
  return crashes;
}

bool has_faults(const Scenario& scenario) {
  const auto fails = [](const Workers& group) { return group.uptime.has_value(); };
  return !scenario.faults.empty() || std::ranges::any_of(scenario.workers, fails);
}

Task<> run_faults(const Plan& plan, Balancers& balancers, std::vector<WorkerControl> workers) {
  const Scenario& scenario = plan.scenario;
  WaitGroup drivers;
  if (std::ranges::count(scenario.faults, Fault::Kind::stale, &Fault::kind) > 0) {
    drivers.go(change_staleness(plan, balancers));
  }
  for (std::uint64_t i = 0; i < scenario.faults.size(); ++i) {
    const Fault& fault = scenario.faults[i];
    if (fault.kind == Fault::Kind::stale) continue;
    Targets targets = draw_targets(plan, fault, i, workers);
    if (!fault.uptime) {
      drivers.go(follow_timeline(plan, fault, std::move(targets)));
      continue;
    }
    for (const WorkerControl* target : targets) {
      const std::uint64_t entity = i << 32 | target->index;
      drivers.go(come_and_go(plan, fault, target, Random(plan.key, "fault uptime", entity),
                             Random(plan.key, "fault downtime", entity)));
    }
  }
  for (const WorkerControl& worker : workers) {
    const Fault& fault = plan.crashes[worker.group];
    if (!fault.uptime) continue;
    drivers.go(come_and_go(plan, fault, &worker, Random(plan.key, "uptime", worker.index),
                           Random(plan.key, "downtime", worker.index)));
  }
  co_await drivers.wait();
}

}  // namespace weir::sim
