// What tests of explore() share: the three strategies, and a fault that a body throws.

#pragma once

#include <array>
#include <stdexcept>
#include <string>

#include "weir/runtime/explore.h"

namespace weir::model {

inline constexpr std::array strategies = {Explore::random, Explore::pct, Explore::exhaustive};

inline const char* name_of(Explore strategy) {
  constexpr std::array names = {"random", "pct", "exhaustive"};
  return names[static_cast<std::size_t>(strategy)];
}

inline void require(bool holds, const char* otherwise) {
  if (!holds) throw std::runtime_error(otherwise);
}

}  // namespace weir::model
