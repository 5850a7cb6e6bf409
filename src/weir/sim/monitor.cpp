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
      worker.slots = group.serve == Workers::Serve::ps ? group.cores : group.concurrency;
      worker.shares = group.serve == Workers::Serve::ps;
      worker.serving.set_window(begin_, end_);
      worker.waiting.set_window(begin_, end_);
      worker.in_flight.set_window(begin_, end_);
    }
  }
}

void Monitor::on_worker(balance::WorkerIndex index, std::uint32_t serving, std::size_t waiting,
                        TimePoint now) {
  Worker& worker = workers_[index];
  worker.serving.set(worker.shares ? std::min(serving, worker.slots) : serving, now);
  worker.waiting.set(waiting, now);
  note_pending(worker.in_flight.value(), serving + waiting);
  worker.in_flight.set(serving + waiting, now);
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
    worker.serving.close(end);
    worker.waiting.close(end);
    worker.in_flight.close(end);
    record.workers.push_back({.completed = worker.completed,
                              .failed = worker.failed,
                              .rejected = worker.dropped,
                              .utilisation = worker.serving.mean() / worker.slots,
                              .mean_in_flight = worker.in_flight.mean(),
                              .sd_in_flight = worker.in_flight.standard_deviation(),
                              .mean_queue = worker.waiting.mean(),
                              .max_queue = worker.waiting.max()});
  }
  line_.close(end);
  record.line = {.mean_queue = line_.mean(), .max_queue = line_.max()};
  for (std::size_t i = 0; i < replies_.size(); ++i) record.loads[i].counts.replies = replies_[i];
}

}  // namespace weir::sim
