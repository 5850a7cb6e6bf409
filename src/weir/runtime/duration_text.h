// Durations in words, for reports: "350 ms", "2.1 s", "3 min".

#pragma once

#include <string>

#include "weir/base/time.h"

namespace weir {

// Two digits or more, in the largest unit that leaves one before the point; rounded down.
std::string spell_duration(Duration duration);

}  // namespace weir
