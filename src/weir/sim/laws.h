// What holds exactly in every run that begins and ends empty, whatever was simulated: checked at
// the end of each replication in virtual time, at a few additions for every event.
//
// Little's law on the sample path: the time that all attempts together have spent waiting is the
// integral over time of how many were waiting, to the nanosecond; and so for those being served.
// One side is summed from the times that the envelopes bear, the other from the lengths of the
// lines as they change: two ledgers that nobody keeps together. Sums are taken modulo 2^64, which
// equality survives.
//
// A violation is a bug in weir and stops the program. (Work conservation, that no worker idles
// while a request waits for it, the balancer checks itself, at every change.)
//
// Source: J. D. C. Little, "Little's law as viewed on its 50th anniversary", 2011.

#pragma once

#include <cstdint>

#include "weir/base/check.h"
#include "weir/base/time.h"

namespace weir::sim {

class Laws {
 public:
  // From `now` on so many more wait and are served than before; modulo 2^64.
  void change(std::uint64_t more_waiting, std::uint64_t more_served, TimePoint now) {
    const auto passed = static_cast<std::uint64_t>((now - since_).count());
    since_ = now;
    waiting_area_ += waiting_ * passed;
    served_area_ += served_ * passed;
    waiting_ += more_waiting;
    served_ += more_served;
  }

  // An attempt has left a line, or a worker.
  void waited(Duration time) { waited_ += static_cast<std::uint64_t>(time.count()); }
  void was_served(Duration time) { was_served_ += static_cast<std::uint64_t>(time.count()); }

  // Requires: the run is over, and nobody waits or is served.
  void check() const {
    WEIR_CHECK(waiting_ == 0 && served_ == 0, "a run ended while attempts waited or were served");
    WEIR_CHECK(waiting_area_ == waited_, "Little's law does not hold for those that waited");
    WEIR_CHECK(served_area_ == was_served_,
               "Little's law does not hold for those that were served");
  }

 private:
  TimePoint since_{};
  std::uint64_t waiting_ = 0;
  std::uint64_t served_ = 0;
  std::uint64_t waiting_area_ = 0;
  std::uint64_t served_area_ = 0;
  std::uint64_t waited_ = 0;
  std::uint64_t was_served_ = 0;
};

}  // namespace weir::sim
