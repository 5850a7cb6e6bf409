#include "weir/sim/experiment.h"

#include <algorithm>
#include <utility>

#include "weir/runtime/processor_count.h"
#include "weir/sim/experiment_group.h"
#include "weir/sim/virtual_replication.h"
#include "weir/sync/wait_group.h"

namespace weir::sim {
namespace {

int job_count(const ExperimentOptions& options) {
  if (options.real) return 1;
  return options.jobs > 0 ? options.jobs : default_processors();
}

// Adds the steps up. Nobody may be listening, and an old figure is as good as none. What is planned
// may grow, but what was told never falls.
Task<> tell_progress(Receiver<Advance> advances, Sender<Progress> listener, Advance plan,
                     std::uint32_t points) {
  std::uint64_t parts = 0;
  Progress progress{.points = points};
  while (auto advance = co_await advances.receive()) {
    parts += advance->parts;
    plan.planned += advance->planned;
    progress.finished += advance->finished;
    progress.points_finished += advance->points;
    progress.total = std::max(static_cast<std::uint32_t>(plan.planned), progress.finished);
    if (advance->precision) progress.precision = advance->precision;
    const double all = static_cast<double>(plan.planned + plan.pilots) * parts_of_a_run;
    progress.fraction =
        std::max(progress.fraction, std::min(1.0, static_cast<double>(parts) / all));
    if (!listener.try_send(progress)) continue;
  }
}

// Measures a point, and says so when it is complete.
Task<> run_point(const Batch& batch, std::span<const Experiment> points, std::size_t point,
                 Sender<FinishedPoint> finished, Semaphore& under_way) {
  const TimePoint begin = now();
  std::vector<RunRecord> records = co_await run_group(batch, points.subspan(point, 1), false);
  under_way.release();
  if (records.front().interrupted) co_return;
  records.front().wall_s = to_seconds(now() - begin);
  FinishedPoint result{.point = point, .record = std::move(records.front())};
  co_await finished.send(moved(result));
  co_await batch.advances.send(Advance{.points = 1});
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
  const int jobs = job_count(options);
  Semaphore slots(jobs);
  const Batch batch{.options = options,
                    .stop = stop,
                    .advances = advances,
                    .jobs = static_cast<std::uint32_t>(jobs),
                    .speculation = static_cast<std::uint32_t>(jobs),
                    .slots = slots};
  WaitGroup telling;
  telling.go(tell_progress(advances, progress, plan_of(experiments, options.real), 0));
  std::vector<RunRecord> records =
      co_await run_group(batch, experiments, !options.trace_file.empty());
  advances.close();
  co_await telling.wait();
  for (RunRecord& record : records) {
    record.wall_s = to_seconds(now() - begin);
    record.interrupted |= options.real && stop.cancelled();
  }
  co_return records;
}

Task<> run_points(Context stop, std::vector<Experiment> points, ExperimentOptions options,
                  Sender<Progress> progress, Sender<FinishedPoint> finished) {
  auto advances = make_channel<Advance>(64);
  const int jobs = job_count(options);
  Semaphore slots(jobs);
  Semaphore under_way(jobs + 1);  // One more, so that no slot waits for the next point to begin.
  const Batch batch{.options = options,
                    .stop = stop,
                    .advances = advances,
                    .jobs = static_cast<std::uint32_t>(jobs),
                    .slots = slots};
  WaitGroup telling, running;
  telling.go(tell_progress(advances, progress, plan_of(points, false),
                           static_cast<std::uint32_t>(points.size())));
  for (std::size_t point = 0; point < points.size(); ++point) {
    const bool goes_on = co_await under_way.acquire(stop);
    if (!goes_on) break;
    running.go(run_point(batch, points, point, finished, under_way));
  }
  co_await running.wait();
  finished.close();
  advances.close();
  co_await telling.wait();
}

}  // namespace weir::sim
