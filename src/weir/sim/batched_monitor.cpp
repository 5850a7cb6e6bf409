#include "weir/sim/batched_monitor.h"

#include <algorithm>
#include <cmath>

namespace weir::sim {
namespace {

WorkerFigures between(const Monitor::Sums::Worker& from, const Monitor::Sums::Worker& to,
                      double seconds) {
  const auto mean = [&](double Occupancy::Sums::* sum) {
    return (to.occupancy.*sum - from.occupancy.*sum) / seconds;
  };
  const double in_flight = mean(&Occupancy::Sums::in_flight);
  const double variance = mean(&Occupancy::Sums::squares) - in_flight * in_flight;
  return {.completed = to.completed - from.completed,
          .failed = to.failed - from.failed,
          .rejected = to.dropped - from.dropped,
          .utilisation = mean(&Occupancy::Sums::busy) / to.slots,
          .mean_in_flight = in_flight,
          .sd_in_flight = std::sqrt(std::max(0.0, variance)),
          .mean_queue = mean(&Occupancy::Sums::waiting)};
}

}  // namespace

BatchedMonitor::BatchedMonitor(const Scenario& scenario, TimePoint window_begin,
                               TimePoint window_end, LiveCounts* live, TimePoint start,
                               Duration expected)
    : Monitor(scenario, window_begin, window_end, live, start),
      grid_(window_begin, expected),
      window_end_(window_end),
      next_(window_begin) {}

void BatchedMonitor::on_worker(balance::WorkerIndex worker, std::uint32_t serving,
                               std::size_t waiting, TimePoint now) {
  pass(now);
  Monitor::on_worker(worker, serving, waiting, now);
}

void BatchedMonitor::on_line(std::size_t waiting, TimePoint now) {
  pass(now);
  Monitor::on_line(waiting, now);
}

void BatchedMonitor::on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success,
                               bool late, TimePoint now) {
  pass(now);
  Monitor::on_answer(worker, account, success, late, now);
}

void BatchedMonitor::on_drop(balance::WorkerIndex worker, TimePoint now) {
  pass(now);
  Monitor::on_drop(worker, now);
}

// Events come in the order of their times, so nothing that lies behind a border has been counted.
void BatchedMonitor::note_borders(TimePoint now) {
  const TimePoint last = std::min(now, window_end_);
  while (next_ <= last) {
    if (borders_.size() > BatchGrid::most) {
      pair_up();
    } else {
      borders_.push_back(sums_until(next_));
    }
    next_ = grid_.start_of(borders_.size());
  }
  if (next_ > window_end_) next_ = time_never;
}

void BatchedMonitor::pair_up() {
  grid_.widen();
  for (std::size_t i = 1; 2 * i < borders_.size(); ++i) borders_[i] = std::move(borders_[2 * i]);
  borders_.resize((borders_.size() + 1) / 2);
}

void BatchedMonitor::end_batches(TimePoint end, Duration length) {
  if (next_ != time_never) note_borders(end);
  while (grid_.length() < length) pair_up();
}

void BatchedMonitor::report(std::size_t first, std::size_t last, ReplicationRecord& record) const {
  const Sums& from = borders_[first];
  const Sums& to = borders_[last];
  const double seconds = to_seconds(grid_.length()) * static_cast<double>(last - first);
  record.window_s = seconds;
  record.line.mean_queue = (to.line - from.line) / seconds;
  for (std::size_t i = 0; i < to.workers.size(); ++i) {
    record.workers.push_back(between(from.workers[i], to.workers[i], seconds));
  }
  for (std::size_t i = 0; i < to.replies.size(); ++i) {
    record.loads[i].counts.replies = to.replies[i] - from.replies[i];
  }
}

}  // namespace weir::sim
