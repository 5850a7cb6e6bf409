#include "weir/cli/measure.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

#include "weir/cli/monitor_line.h"
#include "weir/cli/progress_line.h"
#include "weir/runtime/processor_count.h"
#include "weir/runtime/run.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/sim/real_watch.h"
#include "weir/sync/channel.h"
#include "weir/sync/select.h"
#include "weir/sync/signal_context.h"
#include "weir/sync/ticker.h"
#include "weir/sync/wait_group.h"

namespace weir::cli {
namespace {

constexpr double announced_min_s = 10;

void show(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

sim::Progress nothing_yet(const std::vector<sim::Experiment>& experiments) {
  sim::Progress progress;
  for (const auto& experiment : experiments) {
    progress.total += experiment.scenario.horizon.replications;
  }
  return progress;
}

Requests requests_of(const sim::LiveCounts& live) {
  Requests requests{.done = live.done.value(), .pending = 0};
  for (const Counter& pending : live.pending) requests.pending += pending.value();
  return requests;
}

// With what was done before this program began.
sim::Progress counted(sim::Progress progress, std::size_t points_before) {
  if (progress.points == 0) return progress;
  progress.points_finished += static_cast<std::uint32_t>(points_before);
  progress.points += static_cast<std::uint32_t>(points_before);
  return progress;
}

// Until the channel is closed. After a signal nothing is left to be said.
Task<> show_progress(Context stop, Receiver<sim::Progress> progress, sim::Progress first,
                     std::size_t points_before) {
  ProgressLine line(::isatty(STDERR_FILENO) == 1, now());
  show(line.update(counted(first, points_before), now()));
  auto update = receive_from(progress);
  auto stopped = done(stop);
  int chosen = co_await select(update, stopped);
  while (chosen == 0 && update) {
    show(line.update(counted(*update, points_before), now()));
    chosen = co_await select(update, stopped);
  }
  if (stopped) show(line.stopping());
  while (const auto ignored = co_await progress.receive()) continue;
  show(line.finish());
}

// The same for --monitor. In real time, where `live` is given, this runtime is the one that serves.
Task<> show_monitor(Context stop, Receiver<sim::Progress> progress, sim::Progress latest,
                    const sim::LiveCounts* live) {
  const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
  const ProgressLine line(on_terminal, now());
  MonitorLine monitor(on_terminal);
  Ticker second(std::chrono::seconds(1));
  auto update = receive_from(progress);
  auto beat = second.tick();
  auto stopped = done(stop);
  for (;;) {
    const int chosen = co_await select(update, beat, stopped);
    if (chosen == 0 && update) {
      latest = *update;
    } else if (chosen == 1) {
      show(live == nullptr ? monitor.update(latest)
                           : monitor.update(latest, requests_of(*live), runtime_stats()));
    } else {
      break;
    }
  }
  if (stopped) show(line.stopping());
  while (const auto ignored = co_await progress.receive()) continue;
  show(line.finish());
}

Task<Measured> measure_in_task(std::vector<sim::Experiment> experiments,
                               sim::ExperimentOptions options, Shown what) {
  auto stop = signal_context({SIGINT, SIGTERM});
  auto progress = make_channel<sim::Progress>(1);
  WaitGroup shown;
  const sim::Progress first = nothing_yet(experiments);
  if (what == Shown::progress) shown.go(show_progress(stop, progress, first, 0));
  if (what == Shown::monitor) shown.go(show_monitor(stop, progress, first, options.live));
  Measured measured;
  measured.records = co_await sim::run_experiments(stop, std::move(experiments), options, progress);
  progress.close();
  co_await shown.wait();
  measured.signal = stop.signal();
  co_return measured;
}

using KeepPoint = std::function<bool(const sim::FinishedPoint&)>;

Task<> keep_points(Receiver<sim::FinishedPoint> finished, const KeepPoint& keep, Cancel give_up) {
  bool writable = true;
  while (auto point = co_await finished.receive()) {
    if (writable) writable = keep(*point);
    if (!writable) give_up();
  }
}

Task<int> measure_points_in_task(std::vector<sim::Experiment> points, sim::ExperimentOptions how,
                                 const MeasureOptions& options, const KeepPoint& keep) {
  auto signalled = signal_context({SIGINT, SIGTERM});
  auto [stop, give_up] = with_cancel(signalled);
  auto progress = make_channel<sim::Progress>(1);
  auto finished = make_channel<sim::FinishedPoint>();
  WaitGroup beside;
  sim::Progress first = nothing_yet(points);
  first.points = static_cast<std::uint32_t>(points.size());
  if (options.shown == Shown::progress) {
    beside.go(show_progress(signalled, progress, first, options.points_before));
  }
  beside.go(keep_points(finished, keep, give_up));
  co_await sim::run_points(stop, std::move(points), how, progress, finished);
  progress.close();
  co_await beside.wait();
  co_return signalled.signal();
}

// Threads that would have nothing to do are not started. Real mode serves on all processors.
int job_count(const std::vector<sim::Experiment>& experiments, const MeasureOptions& options) {
  const int jobs = options.jobs > 0 ? options.jobs : default_processors();
  if (options.real) return jobs;
  return static_cast<int>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(jobs), nothing_yet(experiments).total));
}

}  // namespace

Shown shown(const Arguments& arguments) {
  if (arguments.monitor) return Shown::monitor;
  return arguments.quiet ? Shown::nothing : Shown::progress;
}

void announce_real_time(double seconds, Shown shown) {
  if (shown == Shown::nothing || seconds < announced_min_s) return;
  const std::string time = about(from_seconds(seconds));
  show("weir: in real time this takes " + time + "; Ctrl-C ends it with a report\n");
}

Measured measure(std::vector<sim::Experiment> experiments, const MeasureOptions& options) {
  const int jobs = job_count(experiments, options);
  // One processor more, for progress and signals while the others are busy with replications.
  // A replication in virtual time keeps its processor for as long as it takes: no stall.
  RuntimeOptions runtime_options{.processors = jobs + 1, .stall_report_after = Duration(0)};
  std::uint32_t balancers = 1;
  for (const auto& experiment : experiments) {
    balancers = std::max(balancers, experiment.scenario.balancer.count);
  }
  sim::LiveCounts live(balancers);
  sim::ExperimentOptions how{.jobs = jobs, .real = options.real, .trace_file = options.trace_file};
  how.logs = options.logs;
  how.batches = options.batches;
  if (options.real) {
    sim::calibrate_work();
    runtime_options.trace_file = options.trace_file;
    how.live = &live;
  }
  Runtime runtime(runtime_options);
  return runtime.run(measure_in_task(std::move(experiments), how, options.shown));
}

int measure_points(std::vector<sim::Experiment> points, const MeasureOptions& options,
                   const KeepPoint& keep) {
  if (points.empty()) return 0;
  const int jobs = job_count(points, options);
  Runtime runtime({.processors = jobs + 1, .stall_report_after = Duration(0)});
  const sim::ExperimentOptions how{.jobs = jobs};
  return runtime.run(measure_points_in_task(std::move(points), how, options, keep));
}

}  // namespace weir::cli
