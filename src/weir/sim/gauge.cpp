#include "weir/sim/gauge.h"

#include <algorithm>

namespace weir::sim {

void Gauge::set(std::uint64_t value, TimePoint now) {
  const TimePoint from = std::max(since_, begin_);
  const TimePoint to = std::min(now, end_);
  if (from < to) {
    const auto passed = static_cast<std::uint64_t>((to - from).count());
    length_ += passed;
    sum_ += Wide{value_} * passed;
    max_ = std::max(max_, value_);
  }
  if (begin_ <= now && now < end_) max_ = std::max(max_, value);
  value_ = value;
  since_ = now;
}

void Gauge::close(TimePoint now) {
  set(value_, now);
  end_ = std::min(end_, now);
}

double Gauge::sum_until(TimePoint now) {
  set(value_, now);
  return static_cast<double>(sum_) / 1e9;
}

double Gauge::mean() const {
  return length_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(length_);
}

}  // namespace weir::sim
