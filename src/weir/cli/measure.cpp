#include "weir/cli/measure.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include "weir/cli/monitor_line.h"
#include "weir/cli/progress_line.h"
#include "weir/runtime/processor_count.h"
#include "weir/runtime/run.h"
#include "weir/runtime/runtime_stats.h"
#include "weir/sync/channel.h"
#include "weir/sync/select.h"
#include "weir/sync/signal_context.h"
#include "weir/sync/ticker.h"
#include "weir/sync/wait_group.h"

namespace weir::cli {
namespace {

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
  return {.done = live.done.value(), .pending = live.pending.value()};
}

// Until the channel is closed. After a signal nothing is left to be said.
Task<> show_progress(Context stop, Receiver<sim::Progress> progress, sim::Progress first) {
  ProgressLine line(::isatty(STDERR_FILENO) == 1, now());
  show(line.update(first, now()));
  auto update = receive_from(progress);
  auto stopped = done(stop);
  int chosen = co_await select(update, stopped);
  while (chosen == 0 && update) {
    show(line.update(*update, now()));
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
  if (what == Shown::progress) shown.go(show_progress(stop, progress, first));
  if (what == Shown::monitor) shown.go(show_monitor(stop, progress, first, options.live));
  Measured measured;
  measured.records = co_await sim::run_experiments(stop, std::move(experiments), options, progress);
  progress.close();
  co_await shown.wait();
  measured.signal = stop.signal();
  co_return measured;
}

// Threads that would have nothing to do are not started. Real mode serves on all processors.
int job_count(const std::vector<sim::Experiment>& experiments, const MeasureOptions& options) {
  const int jobs = options.jobs > 0 ? options.jobs : default_processors();
  if (options.real) return jobs;
  return static_cast<int>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(jobs), nothing_yet(experiments).total));
}

}  // namespace

Measured measure(std::vector<sim::Experiment> experiments, const MeasureOptions& options) {
  const int jobs = job_count(experiments, options);
  // One processor more, for progress and signals while the others are busy with replications.
  // A replication in virtual time keeps its processor for as long as it takes: no stall.
  RuntimeOptions runtime_options{.processors = jobs + 1, .stall_report_after = Duration(0)};
  sim::LiveCounts live;
  sim::ExperimentOptions how{.jobs = jobs, .real = options.real, .trace_file = options.trace_file};
  if (options.real) {
    runtime_options.trace_file = options.trace_file;
    how.live = &live;
  }
  Runtime runtime(runtime_options);
  return runtime.run(measure_in_task(std::move(experiments), how, options.shown));
}

}  // namespace weir::cli
