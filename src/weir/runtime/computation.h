// How much computing fills how much time on this machine: what work() computes by in real time.
//
// work(d) is a computation of a fixed size, as a request's is: so many rounds of arithmetic, which
// take d of a processor that does nothing else. It ends when it has been done and not when the
// clock says so: a thread that is preempted, or shares its core, takes longer by the clock, as what
// it stands for would. So two computing workers on one core slow each other down. The rounds of a
// nanosecond are measured once in a process, by the processor time of the measuring thread, so a
// busy machine does not spoil them.
//
// The road not taken: a spin until the clock says so lets any number of workers share a core as if
// each had its own; and one until the thread's processor time says so asks the kernel all the time,
// and gives a slowed-down core less to do. docs/decisions/0040 tells more.

#pragma once

#include <cstdint>
#include <functional>

#include "weir/base/time.h"

namespace weir {

// Does `rounds` rounds of arithmetic, each of which waits for the one before. What they come
// to depends on their number.
std::uint64_t compute(std::uint64_t rounds) noexcept;

struct ComputingRate {
  double rounds_per_ns = 1;
  double spread = 0;  // of the samples: from the fastest to the slowest quarter, over the median

  // That fill so much time; 0 if there is none to fill.
  std::uint64_t rounds_in(Duration duration) const noexcept;
};

// The median of some samples, each of so many rounds that a clock can tell. `computes` does that
// many rounds, `clock` tells the time that they are measured by.
ComputingRate measure_rate(const std::function<void(std::uint64_t)>& computes,
                           const std::function<Duration()>& clock);

// This machine's, measured by the first call, which takes some milliseconds. Any thread.
const ComputingRate& computing_rate();

}  // namespace weir
