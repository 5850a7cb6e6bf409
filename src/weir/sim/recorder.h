// Takes the outcome of every request of one replication and adds it up, in fixed memory.
//
// Requesters send their outcomes over a channel to the one task that owns the recorder: they share
// nothing, in virtual time and in real time alike.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "weir/base/sequence_hash.h"
#include "weir/base/time.h"
#include "weir/rpc/failure.h"
#include "weir/sim/batch_grid.h"
#include "weir/sim/result.h"

namespace weir::sim {

enum class Fate : std::uint8_t { completed, failed, timed_out, rejected, cancelled, in_flight };

// What became of one request.
struct RequestOutcome {
  std::uint32_t load = 0;
  Fate fate = Fate::in_flight;
  std::uint32_t attempts = 0;
  std::uint32_t hedges = 0;   // of the attempts
  std::uint64_t request = 0;  // its number within the replication's load
  TimePoint intended{};       // when it was to be sent
  Duration late{-1};          // of an open load in real time: how much later it was sent
  bool never_sent = false;    // or would have been: with it and all after it the load gave up
  TimePoint ended{};
  // Of the attempt that won, or of the last one as far as the caller has heard of it; time_never
  // where it has not.
  TimePoint accepted = time_never;
  TimePoint started = time_never;
  TimePoint finished = time_never;
  std::uint32_t worker = UINT32_MAX;  // its number, over all groups
  rpc::Failure::Reason reason = rpc::Failure::Reason::none;
};

// Adds the second to the first, load by load.
void add_loads(std::vector<ReplicationRecord::Load>& sum,
               const std::vector<ReplicationRecord::Load>& more);

// Mean response over short stretches of the run, from which the warm-up is found.
struct ResponseSeries {
  static constexpr std::size_t length = 1000;

  std::vector<double> means;   // seconds; a stretch without requests repeats the one before
  std::vector<Duration> ends;  // of each stretch, from the start of the run
};

// What a recorder keeps besides the whole, for which it has to be told how long the run is expected
// to be.
struct RecorderOptions {
  std::optional<Duration> series_over{};   // Recorder::series()
  std::optional<Duration> batches_over{};  // Recorder::take_batches(); of the window
};

class Recorder {
 public:
  using Loads = std::vector<ReplicationRecord::Load>;

  // The window of intended times.
  Recorder(std::size_t loads, TimePoint start, TimePoint window_begin, TimePoint window_end,
           RecorderOptions options = {});

  void add(const RequestOutcome& outcome);

  // Whether the request was to be sent inside the window.
  bool counts(const RequestOutcome& outcome) const {
    return begin_ <= outcome.intended && outcome.intended < end_;
  }

  // How late requests of open loads were sent, and over what time.
  void report(RealFigures& figures) const;

  std::uint64_t hash() const { return hash_.value(); }

  // Moves what was recorded into `record`, whose loads it makes.
  void report(ReplicationRecord& record);

  ResponseSeries series() const;

  // The loads of each batch that is over at `end`, and what makes the batches so long.
  const BatchGrid& grid() const { return *grid_; }
  std::vector<Loads> take_batches(TimePoint end, Duration length);

 private:
  struct Stretch {
    double sum = 0;
    std::uint64_t count = 0;
  };

  ReplicationRecord::Load& batch(TimePoint time, std::uint32_t load);
  void pair_up();

  const TimePoint start_;
  const TimePoint begin_;
  const TimePoint end_;
  const Duration stretch_length_;
  Loads loads_;
  std::optional<BatchGrid> grid_;
  std::vector<Loads> batches_;
  std::uint64_t sent_ = 0;  // of those whose lateness is known, from the start
  Duration given_up_after_{};
  std::vector<Stretch> stretches_;
  Histogram lateness_;
  TimePoint last_intended_{};  // of those whose lateness is known
  TimePoint last_sent_{};
  SequenceHash hash_;
};

}  // namespace weir::sim
