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
  const double slots = to.occupancy.slots - from.occupancy.slots;
  const double busy = to.occupancy.busy - from.occupancy.busy;
  return {.completed = to.completed - from.completed,
          .failed = to.failed - from.failed,
          .rejected = to.dropped - from.dropped,
          .utilisation = slots > 0 ? busy / slots : 0,
          .mean_in_flight = in_flight,
          .sd_in_flight = std::sqrt(std::max(0.0, variance)),
          .mean_queue = mean(&Occupancy::Sums::waiting)};
}

}  // namespace

BatchedMonitor::BatchedMonitor(const Scenario& scenario, TimePoint window_begin,
                               TimePoint window_end, LiveCounts* live, TimePoint start,
                               Duration expected)
    : Monitor(scenario, window_begin, window_end, live, start),
      borders_(window_begin, window_end, expected) {}

void BatchedMonitor::on_worker(balance::WorkerIndex worker, std::uint32_t serving,
                               std::size_t waiting, TimePoint now) {
  pass(now);
  Monitor::on_worker(worker, serving, waiting, now);
}

void BatchedMonitor::on_slots(balance::WorkerIndex worker, std::uint32_t slots, TimePoint now) {
  pass(now);
  Monitor::on_slots(worker, slots, now);
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

void BatchedMonitor::note_borders(TimePoint now) {
  borders_.note(now, [this](TimePoint border) { return sums_until(border); });
}

Duration BatchedMonitor::end_batches(TimePoint end, Duration length) {
  borders_.end(end, length, [this](TimePoint border) { return sums_until(border); });
  return borders_.length();
}

void report_between(const Monitor::Sums& from, const Monitor::Sums& to, double seconds,
                    ReplicationRecord& record) {
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
