#include "weir/sim/monitor.h"

#include <algorithm>

#include "weir/sim/fault_timeline.h"

namespace weir::sim {

Monitor::Monitor(const Scenario& scenario, TimePoint window_begin, TimePoint window_end,
                 LiveCounts* live, TimePoint start)
    : begin_(window_begin), end_(window_end), replies_(scenario.loads.size()), live_(live) {
  line_.set_window(begin_, end_);
  for (const Workers& group : scenario.workers) {
    for (std::uint32_t i = 0; i < group.places(); ++i) {
      Worker& worker = workers_.emplace_back();
      worker.shares_cores = group.serve == Workers::Serve::ps;
      worker.occupancy.set_window(begin_, end_);
      worker.occupancy.set_slots(group.servers(), start);
      worker.occupancy.set_brought_by(who_bring(scenario, group, i), start);
    }
  }
}

void Monitor::on_worker(balance::WorkerIndex index, std::uint32_t serving, std::size_t waiting,
                        TimePoint now) {
  Worker& worker = workers_[index];
  const std::uint64_t before = worker.occupancy.in_flight();
  const std::uint64_t waited = worker.occupancy.waiting();
  laws_.change(waiting - waited, serving - (before - waited), now);
  const std::uint64_t busy = std::min<std::uint64_t>(serving, worker.occupancy.slots());
  worker.occupancy.set(busy, waiting, serving + waiting, now);
  note_pending(before, serving + waiting);
}

void Monitor::on_slots(balance::WorkerIndex index, std::uint32_t slots, TimePoint now) {
  Worker& worker = workers_[index];
  if (!worker.shares_cores) worker.occupancy.set_slots(slots, now);
}

void Monitor::on_line(std::size_t waiting, TimePoint now) {
  note_pending(line_.value(), waiting);
  laws_.change(waiting - line_.value(), 0, now);
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

Monitor::Sums Monitor::sums_until(TimePoint now) {
  Sums sums{.replies = replies_, .line = line_.sum_until(now)};
  for (Worker& worker : workers_) {
    sums.workers.push_back({.completed = worker.completed,
                            .failed = worker.failed,
                            .dropped = worker.dropped,
                            .occupancy = worker.occupancy.sums_until(now)});
  }
  return sums;
}

void Monitor::report(TimePoint end, ReplicationRecord& record) {
  for (Worker& worker : workers_) {
    Occupancy& occupancy = worker.occupancy;
    occupancy.close(end);
    record.workers.push_back({.completed = worker.completed,
                              .failed = worker.failed,
                              .rejected = worker.dropped,
                              .present = occupancy.present(),
                              .utilisation = occupancy.utilisation(),
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
