// Who watches the balancers and workers of one replication, and adds up what they saw.
//
// One balancer sees all that its workers do, so one monitor of it is enough. Of several each sees a
// part: then each balancer has a watch of its own for its line and its answers, and each worker one
// for what it holds, in the hands of its own task. Nothing is shared, in real time either; report()
// comes when all of them have ended.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "weir/rpc/observer.h"
#include "weir/sim/batched_monitor.h"
#include "weir/sim/experiment.h"
#include "weir/sim/gauge.h"
#include "weir/sim/laws.h"
#include "weir/sim/monitor.h"
#include "weir/sim/occupancy.h"
#include "weir/sim/result.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

// Of a worker that several balancers share.
class WorkerWatch {
 public:
  using Sums = Monitor::Sums::Worker;

  // With the length that the window is expected to have it also keeps batches.
  WorkerWatch(std::uint32_t slots, TimePoint window_begin, TimePoint window_end,
              std::optional<Duration> batches_over);

  // See Occupancy.
  void set_brought_by(std::vector<Fault> faults, TimePoint start) {
    occupancy_.set_brought_by(std::move(faults), start);
  }

  // It now has so many slots.
  void set_slots(std::uint32_t slots, TimePoint now) {
    pass(now);
    occupancy_.set_slots(slots, now);
  }

  // It now serves and holds waiting so many.
  void set(std::size_t serving, std::size_t waiting, TimePoint now);

  // An attempt has left its line, or its slot, after so long.
  void waited(Duration time) { laws_.waited(time); }
  void served(Duration time) { laws_.was_served(time); }

  // It has refused an attempt, or dropped one from its line.
  void rejected(TimePoint now);

  void check_laws() const { laws_.check(); }

  // What it knows: not how attempts ended. Ends the window at `end`.
  WorkerFigures figures(TimePoint end);

  // See BatchedMonitor.
  Duration end_batches(TimePoint end, Duration length);
  const Sums& until(std::size_t border) const { return borders_[border]; }

 private:
  void pass(TimePoint now) {
    if (borders_.has_come(now)) note_borders(now);
  }
  void note_borders(TimePoint now);
  Sums sums_until(TimePoint now);

  const TimePoint begin_;
  const TimePoint end_;
  std::uint64_t serving_ = 0;
  std::uint64_t rejected_ = 0;
  Occupancy occupancy_;
  Laws laws_;
  BatchBorders<Sums> borders_;
};

// Of one balancer of several.
class BalancerWatch final : public rpc::Observer {
 public:
  // `pending` may be null, else it counts what is at the balancer or was sent by it. With the
  // length that the window is expected to have it also keeps batches.
  BalancerWatch(std::size_t workers, std::size_t loads, TimePoint window_begin,
                TimePoint window_end, Counter* pending, std::optional<Duration> batches_over);

  void on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t waiting,
                 TimePoint now) override;
  void on_line(std::size_t waiting, TimePoint now) override;
  void on_waited(Duration time) override { laws_.waited(time); }
  void on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success, bool late,
                 TimePoint now) override;

  void check_laws() const { laws_.check(); }

  // Adds what it saw to the figures of all. Ends the window at `end`.
  void report(TimePoint end, ReplicationRecord& record);

  // See BatchedMonitor. Adds what it saw until a border to `sums`.
  Duration end_batches(TimePoint end, Duration length);
  void add_until(std::size_t border, Monitor::Sums& sums) const;

 private:
  struct Answers {
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
  };

  struct Sums {
    std::vector<Answers> answers{};
    std::vector<std::uint64_t> replies{};
    double line = 0;
  };

  void pass(TimePoint now) {
    if (borders_.has_come(now)) note_borders(now);
  }
  void note_borders(TimePoint now);
  Sums sums_until(TimePoint now);

  const TimePoint begin_;
  const TimePoint end_;
  std::vector<Answers> answers_;        // by worker
  std::vector<std::uint32_t> sent_;     // by worker: not reported yet
  std::vector<std::uint64_t> replies_;  // by load
  Gauge line_;
  Laws laws_;
  Counter* const pending_;
  BatchBorders<Sums> borders_;
};

class Monitors {
 public:
  // `start`: of the run. `live` may be null. With the length that the window is expected to have,
  // what balancers and workers do is also kept in batches.
  Monitors(const Scenario& scenario, TimePoint window_begin, TimePoint window_end, LiveCounts* live,
           TimePoint start, std::optional<Duration> batches_over);

  rpc::Observer& of_balancer(std::size_t number);

  // Requires: there are several balancers.
  WorkerWatch& of_worker(std::size_t index) { return workers_[index]; }

  bool keeps_batches() const { return keeps_batches_; }

  // The run is over: all end what is over by then, in equal batches of `length` at least, and it is
  // said how long they are. Before report().
  Duration end_batches(TimePoint end, Duration length);

  // What the workers and the lines did in the batches [first, last), which last so long, into a
  // record that has its loads.
  void report_batch(std::size_t first, std::size_t last, double seconds,
                    ReplicationRecord& record) const;

  // In virtual time, when the run is over.
  void check_laws() const;

  // Ends the window at `end`, if it has not ended before, and writes the figures down.
  void report(TimePoint end, ReplicationRecord& record);

 private:
  Monitor::Sums until(std::size_t border) const;

  const bool keeps_batches_;
  std::unique_ptr<Monitor> alone_;     // of one balancer
  BatchedMonitor* batched_ = nullptr;  // the same, if it is one
  std::deque<BalancerWatch> balancers_;
  std::deque<WorkerWatch> workers_;
};

}  // namespace weir::sim
