// A schedule in one word that can be printed, kept and given back: how to make each choice again.
//
//   random.s0.r17.h5c1f03e2          run 17 of seed 0
//   pct.s0.r17.d3.k120.h5c1f03e2     and the numbers that PCT drew from
//   path.s0.cEBAC.h5c1f03e2          the choices themselves, without the plain ones
//
// The last part is a hash of what happened. If a replay comes to another one, the program has
// changed since, and the token says nothing about it any more.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/runtime/explore.h"
#include "weir/runtime/strategy.h"

namespace weir {

struct ScheduleToken {
  Explore strategy = Explore::random;
  std::uint64_t seed = 0;
  std::uint32_t run = 0;    // of random and pct
  int depth = 0;            // of pct
  std::uint64_t steps = 0;  // of pct
  int processors = 1;
  Path path = {};  // of exhaustive
  std::uint32_t hash = 0;

  std::string spell() const;

  // Empty if `text` is no token.
  static std::optional<ScheduleToken> parse(std::string_view text);

  std::unique_ptr<Strategy> make_strategy(const PathStrategy::Bounds& bounds) const;
};

}  // namespace weir
