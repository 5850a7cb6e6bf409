// What something has come to at every border between the batches of one long run.
//
// What lies between two borders is a difference. So a batch costs nothing while it lasts, and to
// pair batches is to forget every other border. Whoever is watched calls has_come() before each
// change, so nothing that lies behind a border has been counted when it is noted.

#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "weir/sim/batch_grid.h"

namespace weir::sim {

template <class Sums>
class BatchBorders {
 public:
  // Keeps nothing: no border ever comes.
  BatchBorders() : grid_(TimePoint(), Duration()) {}

  BatchBorders(TimePoint window_begin, TimePoint window_end, Duration expected)
      : grid_(window_begin, expected), window_end_(window_end), next_(window_begin) {}

  Duration length() const { return grid_.length(); }

  bool has_come(TimePoint now) const { return now >= next_; }

  // Notes all that have come; `sums_until` is asked for each.
  template <class Ask>
  void note(TimePoint now, const Ask& sums_until) {
    const TimePoint last = std::min(now, window_end_);
    while (next_ <= last) {
      if (noted_.size() > BatchGrid::most) {
        pair_up();
      } else {
        noted_.push_back(sums_until(next_));
      }
      next_ = grid_.start_of(noted_.size());
    }
    if (next_ > window_end_) next_ = time_never;
  }

  // The run is over: notes what has come by then, and makes batches of `length` at least.
  template <class Ask>
  void end(TimePoint end, Duration length, const Ask& sums_until) {
    if (next_ != time_never) note(end, sums_until);
    while (grid_.length() < length) pair_up();
  }

  // The beginning of a batch, which is the end of the one before.
  const Sums& operator[](std::size_t border) const { return noted_[border]; }

 private:
  void pair_up() {
    grid_.widen();
    for (std::size_t i = 1; 2 * i < noted_.size(); ++i) noted_[i] = std::move(noted_[2 * i]);
    noted_.resize((noted_.size() + 1) / 2);
  }

  BatchGrid grid_;
  TimePoint window_end_{};
  TimePoint next_ = time_never;
  std::vector<Sums> noted_;
};

}  // namespace weir::sim
