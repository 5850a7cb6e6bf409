// Watches the balancer of one replication: what each worker has before it and answers, over time.
//
// Belongs to the balancer's task until that has ended, then to whoever reads it.

#pragma once

#include <cstdint>
#include <vector>

#include "weir/rpc/observer.h"
#include "weir/sim/experiment.h"
#include "weir/sim/gauge.h"
#include "weir/sim/laws.h"
#include "weir/sim/occupancy.h"
#include "weir/sim/result.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

class Monitor : public rpc::Observer {
 public:
  // `start`: of the run. `live` may be null, else its count of pending requests is kept up to date.
  Monitor(const Scenario& scenario, TimePoint window_begin, TimePoint window_end, LiveCounts* live,
          TimePoint start);

  void on_worker(balance::WorkerIndex worker, std::uint32_t serving, std::size_t waiting,
                 TimePoint now) override;
  void on_slots(balance::WorkerIndex worker, std::uint32_t slots, TimePoint now) override;
  void on_line(std::size_t waiting, TimePoint now) override;
  void on_waited(Duration time) override { laws_.waited(time); }
  void on_served(Duration time) override { laws_.was_served(time); }
  void on_answer(balance::WorkerIndex worker, std::uint32_t account, bool success, bool late,
                 TimePoint now) override;
  void on_drop(balance::WorkerIndex worker, TimePoint now) override;

  // In virtual time, when the run is over.
  void check_laws() const { laws_.check(); }

  // Ends the window at `end`, if it has not ended before, and writes the figures down.
  void report(TimePoint end, ReplicationRecord& record);

  // What has come together inside the window.
  struct Sums {
    struct Worker {
      std::uint64_t completed = 0;
      std::uint64_t failed = 0;
      std::uint64_t dropped = 0;
      Occupancy::Sums occupancy{};
    };
    std::vector<Worker> workers{};
    std::vector<std::uint64_t> replies{};  // by load
    double line = 0;
  };

  // Adds up what has passed until `now`, and goes on.
  Sums sums_until(TimePoint now);

 private:
  struct Worker {
    bool shares_cores = false;  // among what is in its slots: they say nothing of its speed
    Occupancy occupancy;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t dropped = 0;
  };

  void note_pending(std::uint64_t before, std::uint64_t after) {
    if (live_ != nullptr) live_->pending[0].add(after - before);
  }

  bool in_window(TimePoint now) const { return begin_ <= now && now < end_; }

  const TimePoint begin_;
  const TimePoint end_;
  std::vector<Worker> workers_;         // in the order in which they join
  std::vector<std::uint64_t> replies_;  // by account: the number of the load
  Gauge line_;
  Laws laws_;
  LiveCounts* const live_;
};

}  // namespace weir::sim
