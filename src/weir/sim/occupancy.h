// How busy one worker is and what it holds, and the exact averages over a window of time.
//
// Three gauges in one, since the numbers change together and the clock is looked at once. Sums are
// integers of 128 bits, as in gauge.h.

#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "weir/base/time.h"
#include "weir/sim/fault.h"

namespace weir::sim {

class Occupancy {
 public:
  // Counts what lies in [begin, end).
  void set_window(TimePoint begin, TimePoint end) {
    begin_ = begin;
    end_ = end;
  }

  // While nothing is in flight, only the time in which one of these faults has brought the worker
  // counts. None: it is always there.
  void set_brought_by(std::vector<Fault> faults, TimePoint start) {
    brought_by_ = std::move(faults);
    start_ = start;
  }

  // So many requests can be served side by side, from `now` on.
  void set_slots(std::uint64_t slots, TimePoint now);
  std::uint64_t slots() const { return slots_; }

  // From `now` on so many slots are busy, so many requests wait, and so many are in flight, waiting
  // or served. Time never goes back.
  void set(std::uint64_t busy, std::uint64_t waiting, std::uint64_t in_flight, TimePoint now);

  std::uint64_t waiting() const { return waiting_; }
  std::uint64_t in_flight() const { return in_flight_; }

  // Adds up what has passed until `now`; later calls of set() count no more.
  void close(TimePoint now);

  // What there has been inside the window: values times seconds.
  struct Sums {
    double slots = 0;
    double busy = 0;
    double waiting = 0;
    double in_flight = 0;
    double squares = 0;  // of what is in flight
  };

  // Adds up what has passed until `now`, and goes on.
  Sums sums_until(TimePoint now);

  // Over the window so far closed; 0 if it is empty.
  double utilisation() const;  // the share of the slots that were busy
  double mean_waiting() const { return over_time(waiting_sum_); }
  double mean_in_flight() const { return over_time(in_flight_sum_); }
  double sd_in_flight() const;
  std::uint64_t max_waiting() const { return max_waiting_; }

  // The part of the window so far closed in which there was something to look at.
  double present() const;

 private:
  __extension__ using Wide = unsigned __int128;

  double over_time(Wide sum) const;
  Wide slot_time() const;
  std::uint64_t counted(TimePoint from, TimePoint to) const;

  TimePoint begin_{};
  TimePoint end_ = time_never;
  TimePoint since_{};
  std::uint64_t slots_ = 1;
  std::uint64_t busy_ = 0;
  std::uint64_t waiting_ = 0;
  std::uint64_t in_flight_ = 0;
  std::uint64_t max_waiting_ = 0;  // inside the window
  std::uint64_t length_ = 0;
  std::vector<Fault> brought_by_;
  TimePoint start_{};
  std::uint64_t slots_since_ = 0;  // what length_ was when slots_ changed
  Wide former_slots_ = 0;          // summed up over the time before
  Wide busy_sum_ = 0;
  Wide waiting_sum_ = 0;
  Wide in_flight_sum_ = 0;
  Wide squares_ = 0;  // of what is in flight
};

// Here, and always inlined: it runs for every change of every worker.
[[gnu::always_inline]] inline void Occupancy::set(std::uint64_t busy, std::uint64_t waiting,
                                                  std::uint64_t in_flight, TimePoint now) {
  const TimePoint from = std::max(since_, begin_);
  const TimePoint to = std::min(now, end_);
  if (from < to) {
    const auto passed = static_cast<std::uint64_t>((to - from).count());
    length_ += brought_by_.empty() ? passed : counted(from, to);
    busy_sum_ += Wide{busy_} * passed;
    waiting_sum_ += Wide{waiting_} * passed;
    in_flight_sum_ += Wide{in_flight_} * passed;
    squares_ += Wide{in_flight_} * in_flight_ * passed;
    max_waiting_ = std::max(max_waiting_, waiting_);
  }
  if (begin_ <= now && now < end_) max_waiting_ = std::max(max_waiting_, waiting);
  busy_ = busy;
  waiting_ = waiting;
  in_flight_ = in_flight;
  since_ = now;
}

}  // namespace weir::sim
