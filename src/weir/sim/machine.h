// How the work of one worker gets on: at which pace, shared or not, and what is done next.
//
// All that it serves gets on equally fast, so one number, the work attained by each since the
// machine was last idle, says how far everybody is. A job is done when that number has grown by its
// demand: a heap of such marks is all there is to keep, and a change of pace or the coming of
// another job moves none of them. (Virtual time: Zhang 1990 for fair queueing; the same trick makes
// processor sharing cost O(log n) per event instead of n timers that are armed anew.)
//
// A plain value without tasks or a clock: simulated_worker.h drives it. Times never go back.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "weir/base/time.h"

namespace weir::sim {

class Machine {
 public:
  // How fast, with a usual worker at 1. With `cores`, more jobs than those share their work.
  explicit Machine(double speed, std::optional<std::uint32_t> cores = std::nullopt)
      : speed_(speed), cores_(cores) {}

  // Takes a job on, which has a name among those that are being served. `work`: how long it takes
  // at a speed of 1, alone. Cost: O(log n).
  void begin(std::uint32_t job, double work_s, TimePoint now);

  // Multiplies the speed from now on, for what has been begun too. 0: everything stands still.
  void set_pace(double pace, TimePoint now);

  // Works `factor` times slower at once, and recovers evenly within `time`. Forgets an earlier one.
  void chill(double factor, Duration time, TimePoint now);

  // When the next job is done, time_never if none ever will be. Cost: O(1).
  TimePoint next() const;

  // Takes out a job that is done by `now`. Jobs that are done at once come in the order in which
  // they were begun. Cost: O(log n).
  std::optional<std::uint32_t> take_done(TimePoint now);

  // Takes out everything, in the order in which it was begun.
  std::vector<std::uint32_t> take_all(TimePoint now);

  std::size_t size() const { return marks_.size(); }

 private:
  struct Mark {
    double at_ns;           // done when attained_ns_ is there
    std::uint64_t ordinal;  // of the beginning
    std::uint32_t job;

    bool operator>(const Mark& other) const {
      return at_ns != other.at_ns ? at_ns > other.at_ns : ordinal > other.ordinal;
    }
  };

  double rate() const;
  double attained_after(double wall_ns) const;
  void advance(TimePoint now);

  const double speed_;
  const std::optional<std::uint32_t> cores_;
  std::vector<Mark> marks_;  // a heap, the lowest first
  std::uint64_t begun_ = 0;

  // As of `base_`. Work and wall time are counted in nanoseconds, so that whole ones are exact.
  TimePoint base_{};
  double attained_ns_ = 0;
  double pace_ = 1;
  double warmth_ = 1;          // the share of its speed that it has, while recovering
  double warming_per_ns_ = 0;  // how fast that grows
  double cold_for_ns_ = 0;     // until it is 1
};

}  // namespace weir::sim
