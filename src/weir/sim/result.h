// What runs of a scenario measured: plain records, made by experiment.h and read by reports.
//
// One replication gives a ReplicationRecord. A RunRecord collects those of one policy in the order
// of their numbers: counts and histograms are summed, and of each replication only the few figures
// stay that intervals are made from, so that memory does not grow with the number of requests, and
// little with that of replications.
//
// All counts and figures are of the window [warm-up, end), as the JSON defines them: see
// docs/laboratory.md.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/histogram.h"

namespace weir::sim {

struct Scenario;

// Requests of one load by what became of them, and their attempts.
// offered = completed + failed + timed_out + rejected + cancelled + in_flight, exactly.
struct LoadCounts {
  std::uint64_t offered = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t rejected = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t in_flight = 0;  // without an outcome at the end
  std::uint64_t attempts = 0;
  std::uint64_t retries = 0;
  std::uint64_t hedges = 0;
  std::uint64_t replies = 0;  // replies inside the window, late ones too: throughput
  std::uint64_t good = 0;     // requests that completed inside the window: goodput

  LoadCounts& operator+=(const LoadCounts& other);

  // offered = completed + failed + timed_out + rejected + cancelled + in_flight.
  bool adds_up() const {
    return offered == completed + failed + timed_out + rejected + cancelled + in_flight;
  }

  // completed / (offered - in_flight): of the requests whose fate is known, those that went well.
  std::optional<double> success() const;

  bool operator==(const LoadCounts&) const = default;
};

// The three latencies of completed requests, in nanoseconds.
struct LoadHistograms {
  Histogram response{};  // from the intended sending to the reply
  Histogram wait{};      // accepted to started, of the attempt that won
  Histogram service{};   // started to finished, of the attempt that won
};

struct WorkerFigures {
  std::uint64_t completed = 0;  // attempts
  std::uint64_t failed = 0;
  std::uint64_t rejected = 0;
  double present = 1;      // the part of the window in which it was there; averages are over that
  double utilisation = 0;  // time average of busy slots over all slots
  double mean_in_flight = 0;  // time average; waiting ones included
  double sd_in_flight = 0;    // its standard deviation over time
  double mean_queue = 0;      // time average of those that wait
  std::uint64_t max_queue = 0;

  bool operator==(const WorkerFigures&) const = default;
};

// The balancer's own line.
struct LineFigures {
  double mean_queue = 0;
  std::uint64_t max_queue = 0;

  bool operator==(const LineFigures&) const = default;
};

// How a run in real time went on this machine, which is no part of the model. Times in seconds, in
// histograms nanoseconds.
struct RealFigures {
  Histogram behind{};           // how much later than intended requests of open loads were sent
  Histogram timer_lag{};        // how much later than asked for a task that only slept woke up
  double given_up_after_s = 0;  // how late the first was that was not sent any more; 0: none
  std::uint64_t sent = 0;       // requests of open loads, from the start
  double due_s = 0;             // the time over which they were to be sent
  double took_s = 0;            // and over which they were
  double work_s = 0;            // of work = "cpu", without what is too short to be looked at
  double work_processor_s = 0;  // what that took of processors
  double work_clock_s = 0;      // and by the clock

  RealFigures& operator+=(const RealFigures& other);
};

struct ReplicationRecord {
  struct Load {
    LoadCounts counts{};
    LoadHistograms latencies{};

    Load& operator+=(const Load& other);
  };

  std::uint32_t number = 0;
  std::vector<Load> loads{};             // as in the scenario
  std::vector<WorkerFigures> workers{};  // group by group
  LineFigures line{};
  double window_s = 0;     // length of the window
  double virtual_s = 0;    // length of the whole replication
  std::uint64_t hash = 0;  // of all steps and outcomes
  std::optional<RealFigures> real{};

  // Stretches of equal length of a run that is to be cut up, at least two, or none. They have no
  // hash and no longest queues.
  std::vector<ReplicationRecord> batches{};
  double batch_correlation = 0;  // of the mean responses of neighbours
};

// One latency of one replication: what intervals are made from. In seconds; negative where the
// replication's data cannot support the figure.
struct LatencyPoints {
  std::uint64_t count = 0;
  double mean = -1;
  double sd = -1;
  double p50 = -1;
  double p90 = -1;
  double p95 = -1;
  double p99 = -1;
  double p999 = -1;

  // The figures of one replication's nanoseconds: a mean where there is a value, a quantile where
  // Histogram::supports() it.
  static LatencyPoints of(const Histogram& nanoseconds);

  bool operator==(const LatencyPoints&) const = default;
};

struct LatencyRecord {
  Histogram pooled{};
  std::vector<LatencyPoints> replications{};

  void add(const Histogram& replication);
};

struct LoadRecord {
  std::string name{};
  LoadCounts counts{};                     // sum over replications
  std::vector<LoadCounts> replications{};  // each
  LatencyRecord response{};
  LatencyRecord wait{};
  LatencyRecord service{};
};

// The loads of one class, taken together.
struct ClassRecord {
  LoadRecord figures{};              // with the name of the class
  std::vector<std::size_t> loads{};  // their places among those of the run
};

struct WorkerRecord {
  std::string name{};   // "fast[0]"
  std::string group{};  // "fast"
  std::vector<WorkerFigures> replications{};
};

// Everything that one policy did in one scenario.
struct RunRecord {
  // Known before the first replication, but for the last five.
  std::string scenario{};
  std::string mode{};    // "virtual" or "real"
  std::string policy{};  // as written
  std::uint64_t seed = 0;
  double warmup_s = 0;  // what was cut off
  double wall_s = 0;
  bool interrupted = false;       // fewer replications than asked for
  bool warmup_uncertain = false;  // the run never settled, as far as the data tell
  bool precise = true;            // false: its stop rule was not met

  // What add() keeps.
  std::uint32_t replications = 0;  // finished ones
  std::uint64_t run_hash = 0;      // of the replications' hashes, in order
  double virtual_s = 0;            // of all replications together
  std::optional<RealFigures> real{};
  std::vector<double> windows_s{};  // of each replication
  std::vector<LoadRecord> loads{};
  std::vector<ClassRecord> classes{};  // in the order of their first loads
  std::vector<WorkerRecord> workers{};
  std::vector<LineFigures> line{};  // of each replication

  // The batches of a single replication as if each were one; intervals are made from them. One
  // record or none.
  std::vector<RunRecord> batches{};
  double batch_correlation = 0;  // of the mean responses of neighbours

  // The same of loads and classes, with three batches in each: for quantiles far out. A short
  // stretch seldom sees the tail, so its p99 is too low, and in most runs all are alike.
  std::vector<RunRecord> tail_batches{};

  // The figures of that load or class; null if there is none.
  const LoadRecord* load_named(std::string_view name) const;

  // Without a replication yet: the scenario's name, policy and seed, its loads and workers.
  // The rest of what is known before is left to the caller.
  static RunRecord of(const Scenario& scenario);

  // Takes in the next replication. Requires: calls come in the order of the numbers, and the
  // replication has the loads and workers of the record.
  void add(const ReplicationRecord& replication);

 private:
  void add_batches(const ReplicationRecord& replication);
  RunRecord pieces() const;
  void centre_on_run(RunRecord& cut_up) const;
};

}  // namespace weir::sim
