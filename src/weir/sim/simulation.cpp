#include "weir/sim/simulation.h"

#include <algorithm>
#include <chrono>

#include "weir/sim/balancers.h"
#include "weir/sim/batch_means.h"
#include "weir/sim/fault_driver.h"
#include "weir/sim/monitors.h"
#include "weir/sim/real_watch.h"
#include "weir/sim/replication.h"
#include "weir/sim/request_log.h"
#include "weir/sim/requester.h"
#include "weir/sim/server.h"
#include "weir/sync/sleep.h"

namespace weir::sim {
namespace {

constexpr int progress_steps = 256;
constexpr std::size_t outcomes_max = 1024;                     // that wait for the recorder
constexpr Duration deaf_max = std::chrono::milliseconds(100);  // to a stop, in real time

rpc::RetryOptions retry_options(const Retry& retry) {
  rpc::RetryOptions options;
  options.max = retry.max;
  options.attempt_timeout = retry.attempt_timeout;
  options.backoff = {.base = retry.backoff.base,
                     .factor = retry.backoff.factor,
                     .cap = retry.backoff.cap,
                     .full_jitter = retry.backoff.jitter == Backoff::Jitter::full};
  options.on_timeout = retry.on_timeout;
  options.on_failure = retry.on_error;
  options.on_rejected = retry.on_refused;
  return options;
}

// Requires: called in a task.
std::optional<rpc::HedgeOptions> hedge_options(const std::optional<Hedge>& hedge) {
  if (!hedge) return std::nullopt;
  rpc::HedgeOptions options;
  options.after = hedge->after;
  if (hedge->quantile) options.seen = rpc::SharedQuantile::make(*hedge->quantile);
  options.max = hedge->max;
  return options;
}

// Whether an attempt, once sent, is answered or refused by the balancer whatever happens, and soon:
// then in virtual time nobody needs to listen for the end of the run.
bool answers_are_sure(const Scenario& scenario) {
  if (scenario.network || scenario.shutdown || scenario.balancer.admission) return false;
  if (has_faults(scenario)) return false;
  return std::ranges::none_of(scenario.loads,
                              [](const Load& load) { return load.upload || load.hedge; });
}

// Records what is there whenever it is woken, and at the end. If requests are counted, they also
// tell how far the run is.
Task<> record_outcomes(const Plan& plan, Receiver<Wake> wakes, Receiver<RequestOutcome> outcomes,
                       Recorder& recorder) {
  const std::uint64_t total = plan.scenario.horizon.requests.value_or(UINT64_MAX);
  const std::uint64_t stride = std::max<std::uint64_t>(1, total / progress_steps);
  std::uint64_t recorded = 0;
  bool goes_on = true;
  while (goes_on) {
    const auto woken = co_await wakes.receive();
    goes_on = woken.has_value();
    while (const auto outcome = outcomes.try_receive()) {
      recorder.add(*outcome);
      if (outcome->never_sent) continue;
      if (RequestLog* log = plan.options.log) {
        log->add(*outcome, plan.start, recorder.counts(*outcome));
      }
      if (plan.options.live != nullptr) plan.options.live->done.add();
      if (++recorded % stride != 0) continue;
      plan.tell_progress(static_cast<double>(recorded) / static_cast<double>(total));
    }
  }
}

// In virtual time a stop comes from outside and can only be asked for.
Task<> wait_until(const Plan& plan, TimePoint time) {
  if (plan.options.real) {
    co_await sleep(plan.horizon, time - now());
  } else {
    co_await sleep_until(time);
  }
}

// Waits for the horizon in small steps, so that it hears of a stop and tells how far it is.
Task<> wait_for_horizon(const Plan& plan) {
  for (int step = 1; step <= progress_steps && !plan.stopped(); ++step) {
    co_await wait_until(plan, plan.start + plan.step * step);
    plan.tell_progress(static_cast<double>(step) / progress_steps);
  }
  if (!plan.stopped()) co_await wait_until(plan, plan.end);
  plan.end_horizon();
}

// How long the run will take: exactly, or from the rate if requests are counted.
Duration expected_length(const Scenario& scenario) {
  if (scenario.horizon.time) return *scenario.horizon.time;
  double rate = 0;
  for (const Load& load : scenario.loads) {
    const double cycle = load.think.mean() + load.service.mean();
    rate += load.model == Load::Model::open ? load.arrival.mean_rate()
                                            : load.clients / std::max(cycle, 1e-9);
  }
  return from_seconds(static_cast<double>(*scenario.horizon.requests) / std::max(rate, 1e-9));
}

// Lets the balancers drain when the time has come, and gives up what has not ended in time: also
// callers whose replies are lost, of whom no balancer knows. `answered` ends when all have one.
Task<> shut_down(const Plan& plan, Balancers& balancers, Context answered) {
  const Shutdown& shutdown = *plan.scenario.shutdown;
  const TimePoint at = shutdown.at ? plan.start + *shutdown.at : time_never;
  co_await sleep_until(plan.horizon, at);
  WaitGroup draining;
  draining.go([](Balancers& drains) -> Task<> { co_await drains.drain(); }, std::ref(balancers));
  const bool late = co_await sleep(answered, shutdown.drain);
  if (late) plan.give_up();
  co_await draining.wait();
}

// From the first request to the last worker's last. Afterwards plan.end is when it was over.
// `watch` may be null.
Task<> serve_all(Plan& plan, const Experiment& experiment, Monitors& monitors, RealWatch* watch) {
  Balancers balancers(plan, experiment, monitors);
  WaitGroup faults;
  auto controls = add_workers(plan, balancers);
  if (has_faults(plan.scenario)) faults.go(run_faults(plan, balancers, std::move(controls)));
  WaitGroup watching;
  if (watch != nullptr) watching.go(watch->probe_timers(plan.horizon));
  WaitGroup requests;
  const std::vector<std::uint64_t> quota = quotas(plan.scenario);
  for (std::uint32_t i = 0; i < quota.size(); ++i) {
    start_load(plan, balancers, requests, i, quota[i]);
  }
  WaitGroup closing;
  const CancelScope answered = with_cancel(background());
  if (plan.scenario.shutdown) closing.go(shut_down(plan, balancers, answered.context));
  if (plan.end != time_never) {
    co_await wait_for_horizon(plan);
    if (!plan.scenario.shutdown) balancers.stop();
  }
  co_await requests.wait();
  answered.cancel();
  plan.end = std::min(plan.end, now());
  plan.end_horizon();
  co_await watching.wait();
  co_await faults.wait();
  co_await closing.wait();
  co_await balancers.drain();
  co_await balancers.dismiss_workers();
}

// `watch` is null if the run is not in real time.
SimulationResult result_of(const Plan& plan, Recorder& recorder, Monitors& monitors,
                           const RealWatch* watch) {
  SimulationResult result;
  ReplicationRecord& record = result.record;
  if (!plan.options.real) monitors.check_laws();
  if (watch != nullptr) {
    recorder.report(record.real.emplace());
    watch->report(*record.real);
  }
  if (monitors.keeps_batches()) cut_into_batches(recorder, monitors, plan.end, record);
  recorder.report(record);
  monitors.report(plan.end, record);
  record.number = plan.options.number;
  // A run of so many requests may be over before the warm-up is.
  record.window_s = std::max(0.0, to_seconds(plan.end - plan.window_begin()));
  record.virtual_s = to_seconds(plan.end - plan.start);
  record.hash = recorder.hash();
  result.series = recorder.series();
  // What was measured for real until a stop has cost real time, and is like a run that was to end
  // then. Beside whole replications it would weigh too much.
  const bool is_drained = plan.options.real && plan.scenario.shutdown;
  const bool is_part = plan.options.real && record.number == 0 && record.window_s > 0;
  result.complete = is_drained || is_part || !plan.options.stop.cancelled();
  return result;
}

RecorderOptions recorder_options(const SimulationOptions& options, Duration length,
                                 Duration window) {
  RecorderOptions keeps;
  if (options.keeps_series) keeps.series_over = length;
  if (options.cuts_batches) keeps.batches_over = window;
  return keeps;
}

}  // namespace

Task<SimulationResult> simulate(const Experiment& experiment, SimulationOptions options) {
  const Scenario& scenario = experiment.scenario;
  auto [horizon, end_horizon] = with_cancel(options.real ? options.stop : background());
  const bool may_leave = options.real || !answers_are_sure(scenario);
  auto [requests, give_up] = scenario.shutdown ? with_cancel(background())
                             : may_leave       ? CancelScope(horizon, end_horizon)
                                               : CancelScope(Context(), Cancel());
  auto outcomes = make_channel<RequestOutcome>(outcomes_max);
  auto batch_is_full = make_channel<Wake>(1);
  const TimePoint start = now();
  const Duration length = expected_length(scenario);
  Plan plan{.scenario = scenario,
            .key = {scenario.seed, options.number},
            .start = start,
            .end = scenario.horizon.time ? start + *scenario.horizon.time : time_never,
            .warmup = options.warmup,
            .step = length / progress_steps,
            .nap_max = length / progress_steps,
            .horizon = horizon,
            .end_horizon = end_horizon,
            .requests = requests,
            .give_up = give_up,
            .outcomes = outcomes,
            .batch_is_full = batch_is_full,
            .batch = options.real ? 1 : outcomes_max / 2,
            .options = options};
  if (options.real) plan.nap_max = std::min(plan.nap_max, deaf_max);
  plan.crashes = random_crashes(scenario);
  for (const Load& load : scenario.loads) {
    plan.retries.push_back(retry_options(load.retry));
    plan.hedges.push_back(hedge_options(load.hedge));
  }
  const Duration window = std::max(Duration::zero(), length - options.warmup);
  Recorder recorder(scenario.loads.size(), start, plan.window_begin(), plan.end,
                    recorder_options(options, length, window));
  Monitors monitors(scenario, plan.window_begin(), plan.end, options.live, start,
                    options.cuts_batches ? std::optional(window) : std::nullopt);
  std::optional<RealWatch> real;
  if (options.real) real.emplace(plan.window_begin());
  RealWatch* watch = real ? &*real : nullptr;
  WaitGroup recording;
  recording.go(record_outcomes(plan, batch_is_full, outcomes, recorder));
  co_await serve_all(plan, experiment, monitors, watch);
  batch_is_full.close();
  co_await recording.wait();
  co_return result_of(plan, recorder, monitors, watch);
}

}  // namespace weir::sim
