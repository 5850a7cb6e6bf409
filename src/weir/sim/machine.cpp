#include "weir/sim/machine.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "weir/base/check.h"

namespace weir::sim {

void Machine::begin(std::uint32_t job, double work_s, TimePoint now) {
  advance(now);
  if (marks_.empty()) attained_ns_ = 0;  // so that the numbers stay small, and exact
  marks_.push_back({.at_ns = attained_ns_ + work_s * 1e9, .ordinal = begun_++, .job = job});
  std::ranges::push_heap(marks_, std::greater<>());
}

void Machine::set_pace(double pace, TimePoint now) {
  advance(now);
  pace_ = pace;
}

void Machine::chill(double factor, Duration time, TimePoint now) {
  advance(now);
  cold_for_ns_ = static_cast<double>(time.count());
  if (cold_for_ns_ <= 0) return;
  warmth_ = 1 / factor;
  warming_per_ns_ = (1 - warmth_) / cold_for_ns_;
}

// Of each job, in work per time, when warm.
double Machine::rate() const {
  const double full = speed_ * pace_;
  if (!cores_ || marks_.size() <= *cores_) return full;
  return full * *cores_ / static_cast<double>(marks_.size());
}

double Machine::attained_after(double wall_ns) const {
  const double cold = std::min(wall_ns, cold_for_ns_);
  const double warm = wall_ns - cold;
  return attained_ns_ + rate() * (cold * (warmth_ + warming_per_ns_ * cold / 2) + warm);
}

void Machine::advance(TimePoint now) {
  if (now == base_) return;
  WEIR_CHECK(now > base_, "a machine was told of a time before the last one");
  const double wall_ns = static_cast<double>((now - base_).count());
  attained_ns_ = attained_after(wall_ns);
  const double cold = std::min(wall_ns, cold_for_ns_);
  cold_for_ns_ -= cold;
  warmth_ = cold_for_ns_ > 0 ? warmth_ + warming_per_ns_ * cold : 1;
  base_ = now;
}

// Inverts attained_after(): a quadratic while the machine recovers, a line afterwards.
TimePoint Machine::next() const {
  if (marks_.empty() || rate() <= 0) return time_never;
  const double work = std::max(0.0, marks_.front().at_ns - attained_ns_) / rate();
  const double cold_work = cold_for_ns_ * (warmth_ + warming_per_ns_ * cold_for_ns_ / 2);
  double wall_ns = cold_for_ns_ + (work - cold_work);
  if (work < cold_work) {
    wall_ns = 2 * work / (warmth_ + std::sqrt(warmth_ * warmth_ + 2 * warming_per_ns_ * work));
  }
  return saturating_add(base_, from_seconds(wall_ns * 1e-9));
}

std::optional<std::uint32_t> Machine::take_done(TimePoint now) {
  if (next() > now) return std::nullopt;
  advance(now);
  std::ranges::pop_heap(marks_, std::greater<>());
  const std::uint32_t job = marks_.back().job;
  marks_.pop_back();
  return job;
}

std::vector<std::uint32_t> Machine::take_all(TimePoint now) {
  advance(now);
  std::ranges::sort(marks_, {}, &Mark::ordinal);
  std::vector<std::uint32_t> jobs;
  for (const Mark& mark : std::exchange(marks_, {})) jobs.push_back(mark.job);
  return jobs;
}

}  // namespace weir::sim
