// A number that changes in steps, and its exact average over a window of time.
//
// The sum of value times nanoseconds is an integer of 128 bits, so the average does not depend on
// rounding or on how often the number was set to what it was.

#pragma once

#include <cstdint>

#include "weir/base/time.h"

namespace weir::sim {

class Gauge {
 public:
  // Counts what lies in [begin, end).
  void set_window(TimePoint begin, TimePoint end) {
    begin_ = begin;
    end_ = end;
  }

  // From `now` on the number is `value`. Time never goes back.
  void set(std::uint64_t value, TimePoint now);

  std::uint64_t value() const { return value_; }

  // Adds up what has passed until `now`; later calls of set() count no more.
  void close(TimePoint now);

  // The value times seconds inside the window until `now`; it goes on.
  double sum_until(TimePoint now);

  // Over the window so far closed; 0 if it is empty.
  double mean() const;
  std::uint64_t max() const { return max_; }

 private:
  __extension__ using Wide = unsigned __int128;

  TimePoint begin_{};
  TimePoint end_ = time_never;
  TimePoint since_{};
  std::uint64_t value_ = 0;
  std::uint64_t max_ = 0;  // inside the window
  std::uint64_t length_ = 0;
  Wide sum_ = 0;
};

}  // namespace weir::sim
