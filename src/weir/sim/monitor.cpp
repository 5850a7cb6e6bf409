#include "weir/sim/monitor.h"

#include <algorithm>

namespace weir::sim {

Monitor::Monitor(const Scenario& scenario, TimePoint window_begin, TimePoint window_end,
                 LiveCounts* live)
    : begin_(window_begin), end_(window_end), replies_(scenario.loads.size()), live_(live) {
  line_.set_window(begin_, end_);
  for (const Workers& group : scenario.workers) {
    for (std::uint32_t i = 0; i < group.count; ++i) {
      Worker& worker = workers_.emplace_back();
      worker.shares = group.serve == Workers::Serve::ps;
      worker.slots = worker.shares ? group.cores : group.concurrency;
      worker.occupancy.set_window(begin_, end_);
      worker.busy.set_window(begin_, end_);
    }
  }
}

void Monitor::on_worker(balance::WorkerIndex index, std::uint32_t serving, std::size_t waiting,
                        TimePoint now) {
  Occupancy& occupancy = workers_[index].occupancy;
  note_pending(occupancy.in_flight(), serving + waiting);
  occupancy.set(serving, waiting, now);
  Worker& worker = workers_[index];
  if (worker.shares) worker.busy.set(std::min(serving, worker.slots), now);
}

void Monitor::on_line(std::size_t waiting, TimePoint now) {
  note_pending(line_.value(), waiting);
  line_.set(waiting, now);
}

void Monitor::on_answer(balance::WorkerIndex index, std::uint32_t account, bool success, bool,
                        TimePoint now) {
  if (!in_window(now)) return;
  Worker& worker = workers_[index];
  ++(success ? worker.completed : worker.failed);
  if (success) ++replies_[account];
}

void Monitor::on_drop(balance::WorkerIndex index, TimePoint now) {
  if (in_window(now)) ++workers_[index].dropped;
}

void Monitor::report(TimePoint end, ReplicationRecord& record) {
  for (Worker& worker : workers_) {
    Occupancy& occupancy = worker.occupancy;
    occupancy.close(end);
    worker.busy.close(end);
    const double busy = worker.shares ? worker.busy.mean() : occupancy.mean_serving();
    record.workers.push_back({.completed = worker.completed,
                              .failed = worker.failed,
                              .rejected = worker.dropped,
                              .utilisation = busy / worker.slots,
                              .mean_in_flight = occupancy.mean_in_flight(),
                              .sd_in_flight = occupancy.sd_in_flight(),
                              .mean_queue = occupancy.mean_waiting(),
                              .max_queue = occupancy.max_waiting()});
  }
  line_.close(end);
  record.line = {.mean_queue = line_.mean(), .max_queue = line_.max()};
  for (std::size_t i = 0; i < replies_.size(); ++i) record.loads[i].counts.replies = replies_[i];
}

}  // namespace weir::sim
