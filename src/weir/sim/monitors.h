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
  WorkerWatch(std::uint32_t slots, TimePoint window_begin, TimePoint window_end);

  // See Occupancy.
  void set_brought_by(std::vector<Fault> faults, TimePoint start) {
    occupancy_.set_brought_by(std::move(faults), start);
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

 private:
  const std::uint32_t slots_;
  const TimePoint begin_;
  const TimePoint end_;
  std::uint64_t serving_ = 0;
  std::uint64_t rejected_ = 0;
  Occupancy occupancy_;
  Laws laws_;
};

// Of one balancer of several.
class BalancerWatch final : public rpc::Observer {
 public:
  // `pending` may be null, else it counts what is at the balancer or was sent by it.
  BalancerWatch(std::size_t workers, std::size_t loads, TimePoint window_begin,
                TimePoint window_end, Counter* pending);

  void on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t waiting,
                 TimePoint now) override;
  void on_line(std::size_t waiting, TimePoint now) override;
  void on_waited(Duration time) override { laws_.waited(time); }
  void on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success, bool late,
                 TimePoint now) override;

  void check_laws() const { laws_.check(); }

  // Adds what it saw to the figures of all. Ends the window at `end`.
  void report(TimePoint end, ReplicationRecord& record);

 private:
  struct Answers {
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
  };

  const TimePoint begin_;
  const TimePoint end_;
  std::vector<Answers> answers_;        // by worker
  std::vector<std::uint32_t> sent_;     // by worker: not reported yet
  std::vector<std::uint64_t> replies_;  // by load
  Gauge line_;
  Laws laws_;
  Counter* const pending_;
};

class Monitors {
 public:
  // `start`: of the run. `live` may be null. With the length that the window is expected to have,
  // what one balancer and its workers do is also kept in batches; of several it is not.
  Monitors(const Scenario& scenario, TimePoint window_begin, TimePoint window_end, LiveCounts* live,
           TimePoint start, std::optional<Duration> batches_over);

  rpc::Observer& of_balancer(std::size_t number);

  // Requires: there are several balancers.
  WorkerWatch& of_worker(std::size_t index) { return workers_[index]; }

  // Null if no batches are kept.
  BatchedMonitor* batched() { return batched_; }

  // In virtual time, when the run is over.
  void check_laws() const;

  // Ends the window at `end`, if it has not ended before, and writes the figures down.
  void report(TimePoint end, ReplicationRecord& record);

 private:
  std::unique_ptr<Monitor> alone_;     // of one balancer
  BatchedMonitor* batched_ = nullptr;  // the same, if it is one
  std::deque<BalancerWatch> balancers_;
  std::deque<WorkerWatch> workers_;
};

}  // namespace weir::sim
