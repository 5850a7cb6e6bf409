// A monitor that also keeps what each batch of one long run came to.
//
// It stands beside Monitor so that runs without batches pay nothing.

#pragma once

#include "weir/sim/batch_borders.h"
#include "weir/sim/monitor.h"

namespace weir::sim {

class BatchedMonitor final : public Monitor {
 public:
  BatchedMonitor(const Scenario& scenario, TimePoint window_begin, TimePoint window_end,
                 LiveCounts* live, TimePoint start, Duration expected);

  void on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t waiting,
                 TimePoint now) override;
  void on_slots(balance::WorkerIndex worker, std::uint32_t slots, TimePoint now) override;
  void on_line(std::size_t waiting, TimePoint now) override;
  void on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success, bool late,
                 TimePoint now) override;
  void on_drop(balance::WorkerIndex worker, TimePoint now) override;

  // The run is over: ends what is over by then, in batches of `length` at least. Before report().
  // Returns how long they are.
  Duration end_batches(TimePoint end, Duration length);

  const Sums& until(std::size_t border) const { return borders_[border]; }

 private:
  void pass(TimePoint now) {
    if (borders_.has_come(now)) note_borders(now);
  }
  void note_borders(TimePoint now);

  BatchBorders<Sums> borders_;
};

// What the workers and the line did between two borders, into a record that has its loads.
void report_between(const Monitor::Sums& from, const Monitor::Sums& to, double seconds,
                    ReplicationRecord& record);

}  // namespace weir::sim
