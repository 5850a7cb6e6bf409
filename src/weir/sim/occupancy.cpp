#include "weir/sim/occupancy.h"

#include <algorithm>
#include <cmath>

namespace weir::sim {

void Occupancy::set(std::uint64_t serving, std::uint64_t waiting, TimePoint now) {
  const TimePoint from = std::max(since_, begin_);
  const TimePoint to = std::min(now, end_);
  if (from < to) {
    const auto passed = static_cast<std::uint64_t>((to - from).count());
    length_ += passed;
    serving_sum_ += Wide{serving_} * passed;
    waiting_sum_ += Wide{waiting_} * passed;
    squares_ += Wide{in_flight()} * in_flight() * passed;
    max_waiting_ = std::max(max_waiting_, waiting_);
  }
  if (begin_ <= now && now < end_) max_waiting_ = std::max(max_waiting_, waiting);
  serving_ = serving;
  waiting_ = waiting;
  since_ = now;
}

void Occupancy::close(TimePoint now) {
  set(serving_, waiting_, now);
  end_ = std::min(end_, now);
}

double Occupancy::over_time(Wide sum) const {
  return length_ == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(length_);
}

double Occupancy::sd_in_flight() const {
  const double average = mean_in_flight();
  return std::sqrt(std::max(0.0, over_time(squares_) - average * average));
}

}  // namespace weir::sim
