#include "weir/sim/occupancy.h"

#include <algorithm>
#include <cmath>

#include "weir/sim/fault_timeline.h"

namespace weir::sim {

std::uint64_t Occupancy::counted(TimePoint from, TimePoint to) const {
  const bool there = in_flight_ > 0;
  const Duration time = there ? to - from : time_on(brought_by_, from - start_, to - start_);
  return static_cast<std::uint64_t>(time.count());
}

double Occupancy::present() const {
  const Duration window = std::max(Duration::zero(), end_ - begin_);
  if (brought_by_.empty() || window == Duration::zero()) return 1;
  return static_cast<double>(length_) / static_cast<double>(window.count());
}

void Occupancy::set_slots(std::uint64_t slots, TimePoint now) {
  if (slots == slots_) return;
  set(busy_, waiting_, in_flight_, now);
  former_slots_ = slot_time();
  slots_since_ = length_;
  slots_ = slots;
}

// Slots times the time that they were there.
Occupancy::Wide Occupancy::slot_time() const {
  return former_slots_ + Wide{slots_} * (length_ - slots_since_);
}

double Occupancy::utilisation() const {
  if (former_slots_ == 0) return over_time(busy_sum_) / static_cast<double>(slots_);
  return static_cast<double>(busy_sum_) / static_cast<double>(slot_time());
}

void Occupancy::close(TimePoint now) {
  set(busy_, waiting_, in_flight_, now);
  end_ = std::min(end_, now);
}

Occupancy::Sums Occupancy::sums_until(TimePoint now) {
  set(busy_, waiting_, in_flight_, now);
  const auto seconds = [](Wide nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; };
  return {.slots = seconds(slot_time()),
          .busy = seconds(busy_sum_),
          .waiting = seconds(waiting_sum_),
          .in_flight = seconds(in_flight_sum_),
          .squares = seconds(squares_)};
}

double Occupancy::over_time(Wide sum) const {
  return length_ == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(length_);
}

double Occupancy::sd_in_flight() const {
  const double average = mean_in_flight();
  return std::sqrt(std::max(0.0, over_time(squares_) - average * average));
}

}  // namespace weir::sim
