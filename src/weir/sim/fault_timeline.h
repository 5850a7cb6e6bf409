// Whom faults strike, and when those on the timeline are on: plain arithmetic, for whoever has to
// look at several faults at once.

#pragma once

#include <vector>

#include "weir/base/time.h"
#include "weir/sim/scenario.h"

namespace weir::sim {

// Whether a strike is on at that time after the start of the run; it is when it begins, and is not
// when it is over. Requires of this and the next: the fault has no uptime.
bool is_on(const Fault& fault, Duration time);

// When that next changes, or may; Duration::max() for never.
Duration next_change(const Fault& fault, Duration time);

// Whether the fault may strike some of that group.
bool strikes(const Fault& fault, const Workers& group);

// Whether it gives a group another number of workers.
bool brings(const Fault& fault);

// The faults that bring a worker which is not there otherwise; none if it is.
std::vector<Fault> who_bring(const Scenario& scenario, const Workers& group, std::uint32_t number);

// How much of [from, to) lies within a strike of any of them.
Duration time_on(const std::vector<Fault>& faults, Duration from, Duration to);

}  // namespace weir::sim
