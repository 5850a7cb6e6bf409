// Time cut into batches of equal length, and never more than some dozens of them.
//
// Nobody has to know how long a run will be: when it outgrows the batches, neighbours are put
// together and all are twice as long. So there are 20 to 40 of them whenever it ends, also when it
// is interrupted. Law and Carson (1979) keep 400 and pair them so; fewer are enough here, since
// batches are not made smaller again.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "weir/base/time.h"

namespace weir::sim {

class BatchGrid {
 public:
  static constexpr std::size_t most = 40;

  // For a run that is thought to last for `expected`; it may well end before.
  BatchGrid(TimePoint begin, Duration expected)
      : begin_(begin),
        length_(
            std::max(Duration(1'000'000), expected / (finer * static_cast<std::int64_t>(most)))) {}

  Duration length() const { return length_; }
  TimePoint start_of(std::size_t batch) const {
    return begin_ + length_ * static_cast<std::int64_t>(batch);
  }

  // Whether one of the first `most` holds `time`, which is not before the first.
  bool covers(TimePoint time) const { return time < start_of(most); }
  std::size_t holding(TimePoint time) const {
    return static_cast<std::size_t>((time - begin_) / length_);
  }
  // How many are over by `time`.
  std::size_t full_at(TimePoint time) const { return time <= begin_ ? 0 : holding(time); }

  // Whoever keeps something for each batch pairs them up then.
  void widen() { length_ *= 2; }

 private:
  static constexpr std::int64_t finer = 64;

  TimePoint begin_;
  Duration length_;
};

}  // namespace weir::sim
