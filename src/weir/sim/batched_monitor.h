// A monitor that also keeps what each batch of one long run came to.
//
// It notes the sums at every border between batches; what lies between two of them is a difference.
// So a batch costs nothing while it lasts, and pairing batches is to forget every other border. It
// stands beside Monitor so that runs without batches pay nothing.

#pragma once

#include <vector>

#include "weir/sim/batch_grid.h"
#include "weir/sim/monitor.h"

namespace weir::sim {

class BatchedMonitor final : public Monitor {
 public:
  BatchedMonitor(const Scenario& scenario, TimePoint window_begin, TimePoint window_end,
                 LiveCounts* live, TimePoint start, Duration expected);

  void on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t waiting,
                 TimePoint now) override;
  void on_line(std::size_t waiting, TimePoint now) override;
  void on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success, bool late,
                 TimePoint now) override;
  void on_drop(balance::WorkerIndex worker, TimePoint now) override;

  const BatchGrid& grid() const { return grid_; }

  // The run is over: ends what is over by then, in batches of `length` at least. Before report().
  void end_batches(TimePoint end, Duration length);

  // What the workers and the line did in the batches [first, last), into a record that has its
  // loads.
  void report(std::size_t first, std::size_t last, ReplicationRecord& record) const;
  using Monitor::report;

 private:
  void pass(TimePoint now) {
    if (now >= next_) note_borders(now);
  }
  void note_borders(TimePoint now);
  void pair_up();

  BatchGrid grid_;
  const TimePoint window_end_;
  TimePoint next_;             // border
  std::vector<Sums> borders_;  // the beginning of each batch, and the end of the last
};

}  // namespace weir::sim
