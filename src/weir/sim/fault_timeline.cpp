#include "weir/sim/fault_timeline.h"

#include <algorithm>

namespace weir::sim {
namespace {

// When the latest strike began. Requires: one has.
Duration latest_begin(const Fault& fault, Duration time) {
  return fault.every ? fault.at + (time - fault.at) / *fault.every * *fault.every : fault.at;
}

Duration end_of(const Fault& fault, Duration begin) {
  if (!fault.time || *fault.time > Duration::max() - begin) return Duration::max();
  return begin + *fault.time;
}

}  // namespace

bool is_on(const Fault& fault, Duration time) {
  return time >= fault.at && time < end_of(fault, latest_begin(fault, time));
}

Duration next_change(const Fault& fault, Duration time) {
  if (time < fault.at) return fault.at;
  const Duration begin = latest_begin(fault, time);
  Duration next = Duration::max();
  if (fault.every && *fault.every < Duration::max() - begin) next = begin + *fault.every;
  const Duration end = end_of(fault, begin);
  return end > time ? std::min(next, end) : next;
}

bool strikes(const Fault& fault, const Workers& group) {
  return fault.kind != Fault::Kind::stale && (fault.group.empty() || fault.group == group.name);
}

bool brings(const Fault& fault) {
  return fault.kind == Fault::Kind::scale && fault.count;
}

std::vector<Fault> who_bring(const Scenario& scenario, const Workers& group, std::uint32_t number) {
  std::vector<Fault> faults;
  if (number < group.count) return faults;
  for (const Fault& fault : scenario.faults) {
    if (strikes(fault, group) && brings(fault) && number < *fault.count) faults.push_back(fault);
  }
  return faults;
}

Duration time_on(const std::vector<Fault>& faults, Duration from, Duration to) {
  Duration sum{};
  while (from < to) {
    Duration next = to;
    bool on = false;
    for (const Fault& fault : faults) {
      on |= is_on(fault, from);
      next = std::min(next, next_change(fault, from));
    }
    if (on) sum += next - from;
    from = next;
  }
  return sum;
}

}  // namespace weir::sim
