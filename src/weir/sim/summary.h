// What a run came to: point figures from all its data, intervals from its replications, and what a
// reader must know before trusting them.
//
// Every figure that the data cannot support is empty; reports print a dash or null. Times are in
// seconds, rates per second, shares from 0 to 1. Intervals have a level of 95 %.
//
// Means and quantiles are pooled over all replications, rates and time averages are means over
// replications, as docs/laboratory.md defines them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/sim/hypothesis.h"
#include "weir/sim/interval.h"
#include "weir/sim/metric.h"
#include "weir/sim/result.h"

namespace weir::sim {

struct Scenario;

struct LatencySummary {
  struct Intervals {
    std::optional<Interval> mean{};  // Student's t over the means of the replications
    std::optional<Interval> p50{};   // by sectioning
    std::optional<Interval> p90{};
    std::optional<Interval> p95{};
    std::optional<Interval> p99{};
    std::optional<Interval> p999{};
  };

  std::uint64_t count = 0;
  std::optional<double> mean{};
  std::optional<double> sd{};
  std::optional<double> min{};
  std::optional<double> p50{};
  std::optional<double> p90{};
  std::optional<double> p95{};
  std::optional<double> p99{};
  std::optional<double> p999{};
  std::optional<double> max{};
  Intervals ci95{};
};

struct LoadSummary {
  std::string name{};
  LoadCounts counts{};              // sums over replications
  std::optional<Figure> success{};  // LoadCounts::success()
  std::optional<Figure> throughput_per_s{};
  std::optional<Figure> goodput_per_s{};
  LatencySummary response{};
  LatencySummary wait{};
  LatencySummary service{};
};

struct TimeAverages {
  std::optional<Figure> utilisation{};
  std::optional<Figure> mean_in_flight{};
  std::optional<Figure> sd_in_flight{};
  std::optional<Figure> mean_queue{};
};

struct WorkerSummary {
  std::string name{};           // "fast[0]"
  std::string group{};          // "fast"
  std::uint64_t completed = 0;  // attempts, sums over replications
  std::uint64_t failed = 0;
  std::uint64_t rejected = 0;
  TimeAverages averages{};
  std::uint64_t max_queue = 0;  // of all replications
};

// The mean worker of a group; the greatest queue is that of any of them.
struct GroupSummary {
  std::string name{};
  std::size_t workers = 0;
  double completed = 0;
  double failed = 0;
  double rejected = 0;
  TimeAverages averages{};
  std::uint64_t max_queue = 0;
};

// What became of one expectation. It holds when the whole interval of the figure lies within the
// bounds. Without an interval (a count, an extreme, a single replication) the point figure is
// judged; a figure that the data cannot support holds nothing.
struct Verdict {
  Metric metric{};
  std::optional<double> min{};  // as asked for
  std::optional<double> max{};
  std::optional<Figure> figure{};       // with its interval of 95 %
  std::optional<Interval> judged_by{};  // the interval at the confidence asked for
  bool pass = false;
};

// A sentence that belongs to the figures.
struct Note {
  std::string sentence{};
  bool invalidates = false;  // the figures must not be relied on: exit code 3

  bool operator==(const Note&) const = default;
};

// How late something was, in seconds.
struct DelaySummary {
  std::optional<double> p50{};
  std::optional<double> p99{};
  double most = 0;
};

// How a run in real time went on this machine.
struct RealSummary {
  std::optional<double> offered_per_s{};   // what open loads were to send
  std::optional<double> achieved_per_s{};  // and did: the same number in the time that it took
  DelaySummary behind{};                   // of their requests
  DelaySummary timer_lag{};
  double behind_p99_s = 0;      // however few there were
  double given_up_after_s = 0;  // see RealFigures
  double timer_lag_p99_s = 0;
  double work_s = 0;  // of work = "cpu"; see RealFigures
  double work_processor_s = 0;
  double work_clock_s = 0;
  std::optional<double> calibration_error{};  // 0.02: work took 2 % more of processors than asked
};

// What the intervals of a single run come from.
struct BatchSummary {
  std::size_t count = 0;
  double length_s = 0;
  double correlation = 0;  // of the mean responses of neighbours
};

struct RunSummary {
  std::string scenario{};
  std::string mode{};
  std::string policy{};
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  std::uint64_t run_hash = 0;
  double window_s = 0;  // mean length
  double warmup_s = 0;
  double virtual_s = 0;
  double wall_s = 0;
  bool interrupted = false;
  bool warmup_uncertain = false;
  bool precise = true;
  std::optional<RealSummary> real{};
  std::optional<BatchSummary> batches{};
  std::vector<LoadSummary> loads{};
  std::vector<LoadSummary> classes{};  // the loads of each taken together, under its name
  std::vector<WorkerSummary> workers{};
  std::vector<GroupSummary> groups{};  // in the order of their first worker
  std::optional<Figure> line_mean_queue{};
  std::uint64_t line_max_queue = 0;
  std::vector<Verdict> verdicts{};  // one for each expectation of the scenario
  std::vector<Note> notes{};

  // Whoever has figures of requests: first the loads, then the classes.
  std::size_t requesters() const { return loads.size() + classes.size(); }
  const LoadSummary& requester(std::size_t place) const {
    return place < loads.size() ? loads[place] : classes[place - loads.size()];
  }
  // What tables call it: "web", "class interactive".
  std::string requester_title(std::size_t place) const {
    return (place < loads.size() ? "" : "class ") + requester(place).name;
  }

  // How many values each interval is made from.
  std::size_t sections() const { return batches ? batches->count : replications; }
  // Whether every expectation holds.
  bool passes() const;
  // Whether no note says otherwise.
  bool valid() const;
};

// The figures alone: no verdicts, no notes.
RunSummary summarise(const RunRecord& record);

// With the verdicts on the scenario's expectations, and notes(). What the program reports.
RunSummary summarise(const RunRecord& record, const Scenario& scenario);

// The figure of that name; empty if the run has no such load or worker, or no support for it.
std::optional<Figure> figure(const RunSummary& summary, const Metric& metric);

// Every figure that the run has a name for: of loads, of groups of workers, of the balancer.
std::vector<Metric> all_metrics(const RunSummary& summary);

std::vector<Verdict> verdicts(const Scenario& scenario, const RunSummary& summary);

// What a reader should know: that the workers are saturated and by how much, that the run was too
// short, interrupted, or that its requests were sent too late. Saturation alone invalidates
// nothing.
std::vector<Note> notes(const Scenario& scenario, const RunSummary& summary);

}  // namespace weir::sim
