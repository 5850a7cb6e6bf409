#include "weir/sim/experiment_group.h"

#include <algorithm>
#include <map>
#include <utility>

#include "weir/sim/precision.h"
#include "weir/sim/request_log.h"
#include "weir/sim/statistics.h"
#include "weir/sim/virtual_replication.h"
#include "weir/sync/select.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

// Runs from an empty start whose mean response, averaged over them, shows where the warm-up ends.
// Those of a run in real time are in virtual time, too: that is where the model settles, and takes
// no time.
constexpr std::uint32_t pilots_max = 5;

struct Job {
  std::size_t experiment = 0;
  std::uint32_t replication = 0;
  bool is_traced = false;
  bool is_pilot = false;
};

struct Done {
  Job job{};
  SimulationResult result{};
};

std::uint32_t replications_max(const Experiment& experiment) {
  return experiment.scenario.horizon.most_replications();
}

std::uint32_t pilots_of(const Experiment& experiment, bool real) {
  const Horizon& horizon = experiment.scenario.horizon;
  if (horizon.warmup != Horizon::WarmUp::automatic) return 0;
  return real ? pilots_max : std::min(pilots_max, horizon.replications);
}

// A single run of a system that settles can be cut up.
bool cuts_batches(const Experiment& experiment, const ExperimentOptions& how) {
  const Horizon& horizon = experiment.scenario.horizon;
  return how.batches && horizon.kind == Horizon::Kind::steady && horizon.most_replications() == 1;
}

// What every replication of a group needs.
struct Group {
  const Batch& batch;
  std::span<const Experiment> experiments;
  Context stop;                    // of the batch, or because there is enough
  std::vector<Duration> warmup{};  // by experiment
};

// Runs one replication, here, and tells how far it is. `log` may be null.
Task<SimulationResult> run_one(const Group& group, Job job, RequestLog* log) {
  std::uint32_t told = 0;
  const ExperimentOptions& how = group.batch.options;
  SimulationOptions options;
  options.number = job.replication;
  options.warmup = group.warmup[job.experiment];
  options.stop = group.stop;
  options.real = how.real && !job.is_pilot;
  options.live = options.real ? how.live : nullptr;
  options.log = log;
  options.keeps_series = job.is_pilot;
  const bool is_told = !how.real || !job.is_pilot;
  options.on_progress = [&, is_told](double fraction) {
    const auto parts = static_cast<std::uint32_t>(fraction * parts_of_a_run);
    if (!is_told || parts <= told) return;
    // A step that finds no room is told with the next one.
    if (group.batch.advances.try_send(Advance{.parts = parts - told})) told = parts;
  };
  const Experiment& experiment = group.experiments[job.experiment];
  options.cuts_batches = !job.is_pilot && cuts_batches(experiment, how);
  options.names_tasks = !how.trace_file.empty() && (job.is_traced || options.real);
  SimulationResult result;
  if (options.real) {
    result = co_await simulate(experiment, std::move(options));
  } else {
    const auto trace_file = job.is_traced ? how.trace_file : std::string_view();
    result = simulate_virtually(experiment, std::move(options), trace_file);
  }
  if (is_told) co_await group.batch.advances.send(Advance{.parts = parts_of_a_run - told});
  co_return result;
}

// Has a slot, and gives it back.
Task<> run_job(const Group& group, Job job, Sender<Done> done) {
  Done finished{.job = job};
  std::optional<RequestLog> log;
  if (RequestLogs* logs = group.batch.options.logs) {
    log.emplace(group.experiments[job.experiment].scenario, *logs, job.replication);
  }
  finished.result = co_await run_one(group, job, log ? &*log : nullptr);
  log.reset();
  group.batch.slots.release();
  co_await done.send(moved(finished));
}

// Takes results in as they come, and into the records round by round: all experiments of
// replication r before any of r + 1, so that the records of a run that was interrupted can still be
// compared, and a stop rule sees them in their order.
class Collector {
 public:
  Collector(std::span<const Experiment> experiments, std::vector<RunRecord>& records)
      : experiments_(experiments), records_(records) {}

  // True if a round has become complete.
  bool add(Done done) {
    const std::uint32_t before = next_;
    if (!done.result.complete || settled_) return false;
    Round& round = rounds_[done.job.replication];
    round.resize(records_.size());
    round[done.job.experiment] = std::move(done.result);
    while (!settled_ && !rounds_.empty() && rounds_.begin()->first == next_ &&
           complete(rounds_.begin()->second)) {
      take(rounds_.begin()->second);
      rounds_.erase(rounds_.begin());
      ++next_;
      settled_ = is_settled();
    }
    return next_ > before;
  }

  // Whether the stop rule of every experiment that has one is met.
  bool settled() const { return settled_; }
  std::uint32_t next() const { return next_; }

 private:
  using Round = std::vector<std::optional<SimulationResult>>;

  // Experiments that have had their replications already take no part.
  bool complete(const Round& round) const {
    for (std::size_t i = 0; i < round.size(); ++i) {
      if (next_ < replications_max(experiments_[i]) && !round[i]) return false;
    }
    return true;
  }

  void take(const Round& round) {
    for (std::size_t i = 0; i < round.size(); ++i) {
      if (round[i]) records_[i].add(round[i]->record);
    }
  }

  bool is_settled() const {
    bool has_rule = false;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const Horizon& horizon = experiments_[i].scenario.horizon;
      if (!horizon.stop) continue;
      has_rule = true;
      if (!is_precise(records_[i], *horizon.stop, horizon.replications)) return false;
    }
    return has_rule;
  }

  std::span<const Experiment> experiments_;
  std::vector<RunRecord>& records_;
  std::map<std::uint32_t, Round> rounds_;
  std::uint32_t next_ = 0;  // round
  bool settled_ = false;
};

// Which replications are to be started, in order.
class Schedule {
 public:
  Schedule(std::span<const Experiment> experiments, bool traced)
      : experiments_(experiments), traced_(traced) {
    skip();
  }

  bool empty() const { return round_ >= rounds(); }
  std::uint32_t round() const { return round_; }

  Job take() {
    const Job job{.experiment = experiment_,
                  .replication = round_,
                  .is_traced = traced_ && round_ == 0 && experiment_ == 0};
    ++experiment_;
    skip();
    return job;
  }

 private:
  std::uint32_t rounds() const {
    std::uint32_t most = 0;
    for (const Experiment& each : experiments_) most = std::max(most, replications_max(each));
    return most;
  }

  // To the next experiment that still has this replication to come.
  void skip() {
    while (!empty()) {
      for (; experiment_ < experiments_.size(); ++experiment_) {
        if (round_ < replications_max(experiments_[experiment_])) return;
      }
      experiment_ = 0;
      ++round_;
    }
  }

  std::span<const Experiment> experiments_;
  bool traced_;
  std::uint32_t round_ = 0;
  std::size_t experiment_ = 0;
};

// The first replications are needed for sure, those after them perhaps.
bool is_due(const Group& group, const Schedule& schedule, const Collector& collector) {
  if (schedule.empty() || group.stop.cancelled()) return false;
  for (const Experiment& each : group.experiments) {
    const Horizon& horizon = each.scenario.horizon;
    if (!horizon.stop) continue;
    const std::uint32_t sure = std::max(horizon.replications, replications_to_judge);
    if (schedule.round() >= std::max(sure, collector.next() + group.batch.speculation))
      return false;
  }
  return true;
}

// What the stop rule makes of the records: the widest of them.
Task<> tell_precision(const Group& group, const std::vector<RunRecord>& records,
                      std::int64_t& planned) {
  Advance advance;
  std::int64_t needed = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Horizon& horizon = group.experiments[i].scenario.horizon;
    if (!horizon.stop) co_return;
    const auto reached = relative_half_width(records[i], horizon.stop->of);
    if (!reached) co_return;
    if (!advance.precision || *reached > advance.precision->reached) {
      advance.precision = Precision{*reached, horizon.stop->relative};
    }
    needed = std::max<std::int64_t>(
        needed, replications_needed(records[i], *horizon.stop, horizon.replications));
  }
  needed *= static_cast<std::int64_t>(records.size());
  advance.planned = needed - planned;
  planned = needed;
  co_await group.batch.advances.send(advance);
}

// Runs replications until all have been run or there are enough.
Task<> run_replications(Group& group, std::vector<RunRecord>& records, bool traced) {
  auto [enough, end] = with_cancel(group.stop);
  group.stop = enough;
  auto done = make_channel<Done>(1);
  Schedule schedule(group.experiments, traced);
  Collector collector(group.experiments, records);
  WaitGroup running;
  std::uint64_t under_way = 0;
  std::int64_t planned = plan_of(group.experiments, group.batch.options.real).planned;
  auto finished = receive_from(done);
  auto slot = acquire_from(group.batch.slots);
  for (;;) {
    const bool due = is_due(group, schedule, collector);
    if (!due && under_way == 0) break;
    int chosen = 0;
    if (due) {
      chosen = co_await select(finished, slot);
    } else {
      chosen = co_await select(finished);
    }
    if (chosen == 1) {
      running.go(run_job(group, schedule.take(), done));
      ++under_way;
      continue;
    }
    --under_way;
    co_await group.batch.advances.send(Advance{.finished = finished->result.complete ? 1U : 0U});
    const bool grown = collector.add(std::move(*finished));
    if (grown) co_await tell_precision(group, records, planned);
    if (collector.settled()) end();
  }
  co_await running.wait();
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].interrupted =
        !collector.settled() && records[i].replications < replications_max(group.experiments[i]);
    records[i].precise = collector.settled() || !group.experiments[i].scenario.horizon.stop;
  }
}

// Where the runs settle, by MSER-5 over the mean response from an empty start.
struct FoundWarmUp {
  Duration time{};
  bool uncertain = false;
};

FoundWarmUp find_warmup(const std::vector<ResponseSeries>& pilots) {
  std::vector<double> means(pilots.front().means.size());
  for (const ResponseSeries& pilot : pilots) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += pilot.means[i];
  }
  for (double& mean : means) mean /= static_cast<double>(pilots.size());
  const auto found = mser(means);
  if (!found || found->observations == 0) return {.time = Duration::zero(), .uncertain = !found};
  return {.time = pilots.front().ends[found->observations - 1], .uncertain = found->too_short};
}

Task<> run_pilot(const Group& group, Job job, std::optional<SimulationResult>& result) {
  co_await group.batch.slots.acquire();
  SimulationResult pilot = co_await run_one(group, job, nullptr);
  group.batch.slots.release();
  result = std::move(pilot);
}

// The series of an experiment's pilots; none if it was stopped.
Task<std::vector<ResponseSeries>> run_pilots(const Group& group, std::size_t experiment) {
  const std::uint32_t count = pilots_of(group.experiments[experiment], group.batch.options.real);
  std::vector<std::optional<SimulationResult>> results(count);
  WaitGroup running;
  for (std::uint32_t i = 0; i < count; ++i) {
    running.go(run_pilot(group, Job{.experiment = experiment, .replication = i, .is_pilot = true},
                         results[i]));
  }
  co_await running.wait();
  std::vector<ResponseSeries> series;
  for (std::optional<SimulationResult>& result : results) {
    if (!result->complete) co_return std::vector<ResponseSeries>();
    series.push_back(std::move(result->series));
  }
  co_return series;
}

// Fixes the warm-up of every experiment; all of a group cut the same.
Task<> settle_warmup(Group& group, std::vector<RunRecord>& records) {
  FoundWarmUp widest;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (group.batch.stop.cancelled()) break;
    const std::vector<ResponseSeries> pilots = co_await run_pilots(group, i);
    if (pilots.empty()) continue;
    const FoundWarmUp found = find_warmup(pilots);
    widest.time = std::max(widest.time, found.time);
    widest.uncertain |= found.uncertain;
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Horizon& horizon = group.experiments[i].scenario.horizon;
    if (horizon.warmup == Horizon::WarmUp::fixed) group.warmup[i] = horizon.warmup_time;
    if (horizon.warmup == Horizon::WarmUp::automatic) group.warmup[i] = widest.time;
    records[i].warmup_s = to_seconds(group.warmup[i]);
    records[i].warmup_uncertain = widest.uncertain;
  }
}

}  // namespace

Advance plan_of(std::span<const Experiment> experiments, bool real) {
  Advance advance;
  for (const Experiment& each : experiments) {
    const Horizon& horizon = each.scenario.horizon;
    advance.planned +=
        horizon.stop ? std::max(horizon.replications, replications_to_judge) : horizon.replications;
    if (!real) advance.pilots += pilots_of(each, real);
  }
  return advance;
}

Task<std::vector<RunRecord>> run_group(const Batch& batch, std::span<const Experiment> experiments,
                                       bool traced) {
  Group group{.batch = batch, .experiments = experiments, .stop = batch.stop};
  group.warmup.resize(experiments.size());
  std::vector<RunRecord> records;
  for (const Experiment& each : experiments) {
    RunRecord& record = records.emplace_back(RunRecord::of(each.scenario));
    record.mode = batch.options.real ? "real" : "virtual";
  }
  co_await settle_warmup(group, records);
  co_await run_replications(group, records, traced);
  co_return records;
}

}  // namespace weir::sim
