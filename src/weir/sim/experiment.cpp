#include "weir/sim/experiment.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "weir/base/sequence_hash.h"
#include "weir/runtime/processor_count.h"
#include "weir/runtime/run.h"
#include "weir/sim/simulation.h"
#include "weir/sim/statistics.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

// The processors that a replication needs: one for each slot that computes, and one for all the
// others.
int virtual_processors(const Scenario& scenario) {
  std::uint64_t slots = 1;
  for (const Workers& group : scenario.workers) {
    if (group.work == Workers::Work::cpu) slots += std::uint64_t{group.count} * group.concurrency;
  }
  return static_cast<int>(slots);
}

// Kept in memory by a trace until the end, of all processors.
std::size_t traced_slices(int processors) {
  constexpr std::size_t all = std::size_t{1} << 22;
  return std::clamp<std::size_t>(all / static_cast<std::size_t>(processors), 1 << 10, 1 << 17);
}

SimulationResult simulate_virtually(const Experiment& experiment, SimulationOptions options,
                                    std::string_view trace_file = {}) {
  VirtualOptions virtual_options;
  virtual_options.seed = experiment.scenario.seed;
  virtual_options.replication = options.number;
  virtual_options.processors = virtual_processors(experiment.scenario);
  virtual_options.trace_file = trace_file;
  virtual_options.trace_slices_max = traced_slices(virtual_options.processors);
  virtual_options.on_leak = OnLeak::fail;  // Every task of a replication ends, or weir has a bug.
  std::uint64_t steps = 0;
  SimulationResult result =
      run_virtual(simulate(experiment, std::move(options)), virtual_options, &steps);
  SequenceHash with_steps(result.record.hash);
  with_steps.add(steps);
  result.record.hash = with_steps.value();
  return result;
}

// One replication to be done.
struct Job {
  std::size_t experiment = 0;
  std::uint32_t replication = 0;
  bool is_traced = false;
};

struct Done {
  Job job{};
  SimulationResult result{};
};

// A step forward of one replication.
struct Advance {
  std::uint32_t parts = 0;     // of parts_of_a_run, since its last step
  std::uint32_t finished = 0;  // 1 at the end
};

constexpr std::uint32_t parts_of_a_run = 256;

// What all tasks of a batch read.
struct Batch {
  const std::vector<Experiment>& experiments;
  const ExperimentOptions& options;
  Context stop;
  Sender<Advance> advances;
  std::uint32_t total = 0;         // replications
  std::uint32_t pilots = 0;        // runs besides, to find the warm-up
  std::vector<Duration> warmup{};  // by experiment
};

// Runs one replication, here, and tells how far it is.
Task<SimulationResult> run_one(const Batch& batch, Job job) {
  std::uint32_t told = 0;
  SimulationOptions options;
  options.number = job.replication;
  options.warmup = batch.warmup[job.experiment];
  options.stop = batch.stop;
  options.real = batch.options.real;
  options.live = batch.options.live;
  options.on_progress = [&](double fraction) {
    const auto parts = static_cast<std::uint32_t>(fraction * parts_of_a_run);
    // A step that finds no room is told with the next one.
    if (parts > told && batch.advances.try_send(Advance{.parts = parts - told})) told = parts;
  };
  const Experiment& experiment = batch.experiments[job.experiment];
  const bool has_trace = !batch.options.trace_file.empty();
  options.names_tasks = has_trace && (job.is_traced || batch.options.real);
  SimulationResult result;
  if (batch.options.real) {
    result = co_await simulate(experiment, std::move(options));
  } else {
    const auto trace_file = job.is_traced ? batch.options.trace_file : std::string_view();
    result = simulate_virtually(experiment, std::move(options), trace_file);
  }
  co_await batch.advances.send(Advance{.parts = parts_of_a_run - told});
  co_return result;
}

Task<> run_jobs(const Batch& batch, Receiver<Job> jobs, Sender<Done> done) {
  while (auto job = co_await jobs.receive()) {
    if (batch.stop.cancelled()) continue;
    Done finished{.job = *job};
    finished.result = co_await run_one(batch, *job);
    if (!finished.result.complete) continue;
    co_await done.send(moved(finished));
    co_await batch.advances.send(Advance{.finished = 1});
  }
}

// Adds the steps up. Nobody may be listening, and an old figure is as good as none.
Task<> tell_progress(const Batch& batch, Receiver<Advance> advances, Sender<Progress> listener) {
  const double all = static_cast<double>(batch.total + batch.pilots) * parts_of_a_run;
  std::uint64_t parts = 0;
  Progress progress{.total = batch.total};
  while (auto advance = co_await advances.receive()) {
    parts += advance->parts;
    progress.finished += advance->finished;
    progress.fraction = static_cast<double>(parts) / all;
    if (!listener.try_send(progress)) continue;
  }
}

// Takes results in as they come, and into the records round by round: all experiments of
// replication r before any of r + 1, so that the records of a run that was interrupted can still be
// compared.
class Collector {
 public:
  Collector(const Batch& batch, std::vector<RunRecord>& records)
      : batch_(batch), records_(records) {}

  void add(Done done) {
    Round& round = rounds_[done.job.replication];
    round.resize(records_.size());
    round[done.job.experiment] = std::move(done.result);
    while (!rounds_.empty() && rounds_.begin()->first == next_ &&
           complete(rounds_.begin()->second)) {
      take(rounds_.begin()->second);
      rounds_.erase(rounds_.begin());
      ++next_;
    }
  }

 private:
  using Round = std::vector<std::optional<SimulationResult>>;

  // Experiments that have had their replications already take no part.
  bool complete(const Round& round) const {
    for (std::size_t i = 0; i < round.size(); ++i) {
      const bool due = next_ < batch_.experiments[i].scenario.horizon.replications;
      if (due && !round[i]) return false;
    }
    return true;
  }

  void take(const Round& round) {
    for (std::size_t i = 0; i < round.size(); ++i) {
      if (round[i]) records_[i].add(round[i]->record);
    }
  }

  const Batch& batch_;
  std::vector<RunRecord>& records_;
  std::map<std::uint32_t, Round> rounds_;
  std::uint32_t next_ = 0;  // round
};

Task<> send_jobs(const Batch& batch, Sender<Job> jobs) {
  std::uint32_t rounds = 0;
  for (const Experiment& each : batch.experiments) {
    rounds = std::max(rounds, each.scenario.horizon.replications);
  }
  for (std::uint32_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < batch.experiments.size(); ++i) {
      if (round >= batch.experiments[i].scenario.horizon.replications) continue;
      co_await jobs.send(
          Job{.experiment = i, .replication = round, .is_traced = round == 0 && i == 0});
    }
  }
  jobs.close();
}

Task<> close_when_done(WaitGroup& workers, Sender<Done> done) {
  co_await workers.wait();
  done.close();
}

int job_count(const ExperimentOptions& options) {
  if (options.real) return 1;
  return options.jobs > 0 ? options.jobs : default_processors();
}

// Where the run settles, by MSER-5 over the mean response of replication 0 from an empty start.
struct FoundWarmUp {
  Duration time{};
  bool uncertain = false;
};

FoundWarmUp find_warmup(const SimulationResult& pilot) {
  const auto found = mser(pilot.series.means);
  if (!found || found->observations == 0) return {.time = Duration::zero(), .uncertain = !found};
  return {.time = pilot.series.ends[found->observations - 1], .uncertain = found->too_short};
}

bool finds_warmup(const Experiment& experiment) {
  return experiment.scenario.horizon.warmup == Horizon::WarmUp::automatic;
}

// Fixes the warm-up of every experiment; all that are compared cut the same.
Task<> settle_warmup(Batch& batch, std::vector<RunRecord>& records) {
  FoundWarmUp widest;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!finds_warmup(batch.experiments[i]) || batch.stop.cancelled()) continue;
    const SimulationResult pilot = co_await run_one(batch, Job{.experiment = i});
    const FoundWarmUp found = find_warmup(pilot);
    widest.time = std::max(widest.time, found.time);
    widest.uncertain |= found.uncertain;
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Horizon& horizon = batch.experiments[i].scenario.horizon;
    if (horizon.warmup == Horizon::WarmUp::fixed) batch.warmup[i] = horizon.warmup_time;
    if (finds_warmup(batch.experiments[i])) batch.warmup[i] = widest.time;
    records[i].warmup_s = to_seconds(batch.warmup[i]);
    records[i].warmup_uncertain = widest.uncertain;
  }
}

// Runs all replications, as many side by side as the options say.
Task<> run_replications(const Batch& batch, std::vector<RunRecord>& records) {
  auto jobs = make_channel<Job>();
  auto done = make_channel<Done>(1);
  WaitGroup workers;
  for (int i = 0; i < job_count(batch.options); ++i) workers.go(run_jobs(batch, jobs, done));
  workers.go(send_jobs(batch, jobs));
  WaitGroup closing;
  closing.go(close_when_done(workers, done));
  Collector collector(batch, records);
  while (auto finished = co_await done.receive()) collector.add(std::move(*finished));
  co_await closing.wait();
}

}  // namespace

ReplicationRecord run_replication(const Experiment& experiment, std::uint32_t number,
                                  Duration warmup, const Context& stop) {
  SimulationOptions options;
  options.number = number;
  options.warmup = warmup;
  options.stop = stop;
  return simulate_virtually(experiment, std::move(options)).record;
}

Task<std::vector<RunRecord>> run_experiments(Context stop, std::vector<Experiment> experiments,
                                             ExperimentOptions options, Sender<Progress> progress) {
  const TimePoint begin = now();
  auto advances = make_channel<Advance>(64);
  Batch batch{.experiments = experiments, .options = options, .stop = stop, .advances = advances};
  batch.warmup.resize(experiments.size());
  std::vector<RunRecord> records;
  for (const Experiment& each : experiments) {
    RunRecord& record = records.emplace_back(RunRecord::of(each.scenario));
    record.mode = options.real ? "real" : "virtual";
    batch.total += each.scenario.horizon.replications;
    batch.pilots += finds_warmup(each) ? 1 : 0;
  }
  WaitGroup telling;
  telling.go(tell_progress(batch, advances, progress));
  co_await settle_warmup(batch, records);
  co_await run_replications(batch, records);
  advances.close();
  co_await telling.wait();

  for (std::size_t i = 0; i < records.size(); ++i) {
    const bool is_short = records[i].replications < experiments[i].scenario.horizon.replications;
    records[i].interrupted = is_short || (options.real && stop.cancelled());
    records[i].wall_s = to_seconds(now() - begin);
  }
  co_return records;
}

}  // namespace weir::sim
