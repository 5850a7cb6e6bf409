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
  Duration late{-1};          // how much later it was sent; negative in virtual time
  TimePoint ended{};
  // Of the attempt that won, or of the last one as far as the caller has heard of it; time_never
  // where it has not.
  TimePoint accepted = time_never;
  TimePoint started = time_never;
  TimePoint finished = time_never;
  std::uint32_t worker = UINT32_MAX;  // its number, over all groups
  rpc::Failure::Reason reason = rpc::Failure::Reason::none;
};

// Mean response over short stretches of the run, from which the warm-up is found.
struct ResponseSeries {
  static constexpr std::size_t length = 1000;

  std::vector<double> means;   // seconds; a stretch without requests repeats the one before
  std::vector<Duration> ends;  // of each stretch, from the start of the run
};

class Recorder {
 public:
  // The window of intended times. A series is kept if it is said how long the run is expected to
  // be.
  Recorder(std::size_t loads, TimePoint start, TimePoint window_begin, TimePoint window_end,
           std::optional<Duration> series_over = std::nullopt);

  void add(const RequestOutcome& outcome);

  // Whether the request was to be sent inside the window.
  bool counts(const RequestOutcome& outcome) const {
    return begin_ <= outcome.intended && outcome.intended < end_;
  }

  const Histogram& lateness() const { return lateness_; }
  std::uint64_t hash() const { return hash_.value(); }
  TimePoint last_end() const { return last_end_; }

  // Moves what was recorded into `record`, whose loads it makes.
  void report(ReplicationRecord& record);

  ResponseSeries series() const;

 private:
  struct Stretch {
    double sum = 0;
    std::uint64_t count = 0;
  };

  const TimePoint start_;
  const TimePoint begin_;
  const TimePoint end_;
  const Duration stretch_length_;
  std::vector<ReplicationRecord::Load> loads_;
  std::vector<Stretch> stretches_;
  Histogram lateness_;
  TimePoint last_end_{};
  SequenceHash hash_;
};

}  // namespace weir::sim
